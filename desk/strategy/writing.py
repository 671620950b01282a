"""Writing an entry down, unless somebody else was faster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from touchpoints.cx import ledger
from touchpoints.cx.errors import EntryError
from touchpoints.cx.ledger import Entry

NEW = -1
"""The revision of what nobody has written yet."""


class Overtaken(Exception):
    """Somebody wrote another revision since this one was read."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry.recorded_by} wrote revision {entry.revision}")
        self.entry = entry


@dataclass(frozen=True)
class Change:
    """What a lead sends: the entry, the revision they were looking at, and the day it holds from."""

    kind: str
    name: str
    revision: int
    at: datetime
    by: str
    valid_from: date | None = None


def write(connection: Connection, change: Change, document: dict[str, Any]) -> Entry:
    """A new revision. Raises EntryError naming the field, Overtaken when `revision` is not the latest any more."""
    known = ledger.history(connection, change.kind, change.name)
    if change.revision == NEW and known and not known[-1].withdrawn:
        raise EntryError("id", "taken")
    if change.revision != NEW:
        _check(known, change)
    return ledger.record(connection, change.kind, document, change.at, change.by, change.valid_from)


def free_name(connection: Connection, kind: str, name: str) -> str:
    """The name, or the first of name_2, name_3 … that nothing has."""
    tried, number = name, 1
    while ledger.history(connection, kind, tried):
        number += 1
        tried = f"{name}_{number}"
    return tried


def withdraw(connection: Connection, change: Change) -> Entry:
    """Takes it out of force. Raises as `write` does."""
    _check(ledger.history(connection, change.kind, change.name), change)
    return ledger.withdraw(connection, change.kind, change.name, change.at, change.by, change.valid_from)


def _check(known: list[Entry], change: Change) -> None:
    if known and known[-1].revision != change.revision:
        raise Overtaken(known[-1])
