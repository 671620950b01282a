"""The book of dated entries: each change is a new revision with author and time, and none is ever overwritten.

On a day the latest revision dated by then is in force. One dated later stands in where there is no earlier, and says so
(`later`): a promise written down today can be held against last month's evidence, but not silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final, cast

import msgspec
import yaml
from sqlalchemy import Connection, select

from touchpoints import configuration as configurations
from touchpoints.cx import entry as entries
from touchpoints.cx.entry import Action, Area, ContextEvent, DesignedFriction, Promise, Threshold, Touchpoint, Value
from touchpoints.cx.errors import EntryError
from touchpoints.cx.schema import dated_entry as table
from touchpoints.instant import from_datetime, to_datetime

BEGINNING: Final = date(1, 1, 1)
DEFAULT: Final = "default"


@dataclass(frozen=True)
class Entry:
    """A revision. `later` says that it was dated after the day it is read for."""

    kind: str
    id: str
    revision: int
    valid_from: date
    recorded_at: datetime | None
    recorded_by: str
    withdrawn: bool
    value: Any
    later: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON: the entry with its dates and author."""
        return {
            **cast(dict[str, Any], msgspec.to_builtins(self.value)),
            "revision": self.revision,
            "valid_from": None if self.valid_from == BEGINNING else self.valid_from.isoformat(),
            "recorded_at": self.recorded_at.isoformat().replace("+00:00", "Z") if self.recorded_at else None,
            "recorded_by": self.recorded_by,
            "withdrawn": self.withdrawn,
        }


@dataclass(frozen=True)
class Book:
    """What is in force on a day, by kind and id."""

    day: date
    entries: dict[str, dict[str, Entry]]

    def of(self, kind: str) -> list[Entry]:
        return list(self.entries.get(kind, {}).values())

    @property
    def promises(self) -> dict[str, Promise]:
        return {one.id: one.value for one in self.of("promise")}

    @property
    def frictions(self) -> dict[str, DesignedFriction]:
        return {one.id: one.value for one in self.of("friction")}

    @property
    def context_events(self) -> dict[str, ContextEvent]:
        return {one.id: one.value for one in self.of("context_event")}

    @property
    def actions(self) -> dict[str, Action]:
        return {one.id: one.value for one in self.of("action")}

    @property
    def touchpoints(self) -> dict[str, Touchpoint]:
        return {one.id: one.value for one in self.of("touchpoint")}

    @property
    def areas(self) -> dict[str, Area]:
        return {one.id: one.value for one in self.of("area")}

    @property
    def thresholds(self) -> dict[str, Threshold]:
        return {one.id: one.value for one in self.of("threshold")}

    def owner(self, area: str) -> str | None:
        """Who answers for an area; None while nobody does, never customer care by default."""
        found = self.areas.get(area)
        return found.owner if found else None


def record(
    connection: Connection, kind: str, document: Any, at: datetime, by: str, valid_from: date | None = None
) -> Entry:
    """Writes an entry down as a new revision and returns it; the same content and date again is no new one.

    `valid_from` is the brand's day of `at` when not given. Raises EntryError naming the field.
    """
    value = document if isinstance(document, msgspec.Struct) else entries.parse(kind, document)
    configuration = configurations.load(connection)
    if isinstance(value, DesignedFriction):
        _refuse_broken(value, configuration)
    day = valid_from or configuration.local(from_datetime(at)).date()
    return _write(connection, kind, cast(Value, value), at, by, day, withdrawn=False)


def withdraw(
    connection: Connection, kind: str, name: str, at: datetime, by: str, valid_from: date | None = None
) -> Entry:
    """Takes an entry out of force from a day on; what it said stays in the history. Raises EntryError for none such."""
    known = history(connection, kind, name)
    if not known or known[-1].withdrawn:
        raise EntryError("id", f"no {kind.replace('_', ' ')} {name!r} is in force")
    day = valid_from or configurations.load(connection).local(from_datetime(at)).date()
    return _write(connection, kind, known[-1].value, at, by, day, withdrawn=True)


def book(connection: Connection, day: date) -> Book:
    """What is in force on a day; what nobody has written comes from the defaults (cx.yaml). One query."""
    found = {kind: dict(known) for kind, known in _defaults().items()}
    revisions: dict[tuple[str, str], list[Entry]] = {}
    for one in _read(connection.execute(select(table).order_by(table.c.kind, table.c.id, table.c.revision))):
        revisions.setdefault((one.kind, one.id), []).append(one)
    for (kind, name), known in revisions.items():
        default = found.setdefault(kind, {}).pop(name, None)
        chosen = _in_force([default, *known] if default else known, day)
        if not chosen.withdrawn:
            found[kind][name] = chosen
    return Book(day, found)


def history(connection: Connection, kind: str, name: str) -> list[Entry]:
    """Every revision of an entry, the earliest first."""
    query = select(table).where(table.c.kind == kind, table.c.id == name).order_by(table.c.revision)
    default = _defaults().get(kind, {}).get(name)
    return [*([default] if default else []), *_read(connection.execute(query))]


def changes(connection: Connection, limit: int) -> list[Entry]:
    """The latest revisions of anything, the newest first: who decided what, and when."""
    order = (table.c.recorded_at.desc(), table.c.kind, table.c.id, table.c.revision.desc())
    return list(_read(connection.execute(select(table).order_by(*order).limit(limit))))


def relationship_metrics() -> frozenset[str]:
    """Metrics of imports that are about the relationship with the brand."""
    return frozenset(_document()["relationship"])


def _refuse_broken(friction: DesignedFriction, configuration: configurations.Configuration) -> None:
    for name in friction.covers:
        if name in configuration.reasons and configuration.reasons[name].promise_effect == "broken":
            raise EntryError("covers", f"{name!r} is a broken promise, which no friction can be designed into")


def _write(
    connection: Connection, kind: str, value: Value, at: datetime, by: str, day: date, *, withdrawn: bool
) -> Entry:
    document = msgspec.json.encode(value, order="deterministic").decode()
    latest = select(table).where(table.c.kind == kind, table.c.id == value.id)
    last = connection.execute(latest.order_by(table.c.revision.desc()).limit(1)).first()
    if last is not None and (last.document, last.valid_from, last.withdrawn) == (document, day.isoformat(), withdrawn):
        return next(_read([last]))
    revision = 1 if last is None else int(last.revision) + 1
    row = {
        "kind": kind,
        "id": value.id,
        "revision": revision,
        "valid_from": day.isoformat(),
        "recorded_at": from_datetime(at),
        "recorded_by": by,
        "withdrawn": withdrawn,
        "document": document,
    }
    connection.execute(table.insert(), row)
    return Entry(kind, value.id, revision, day, at, by, withdrawn, value)


def _in_force(revisions: list[Entry], day: date) -> Entry:
    dated = [one for one in revisions if one.valid_from <= day]
    if dated:
        return max(dated, key=lambda one: (one.valid_from, one.revision))
    first = min(revisions, key=lambda one: (one.valid_from, -one.revision))
    return replace(first, later=True)


def _read(rows: Any) -> Iterator[Entry]:
    for row in rows:
        value = msgspec.json.decode(row.document, type=entries.KINDS[row.kind])
        day, at = date.fromisoformat(row.valid_from), to_datetime(row.recorded_at)
        yield Entry(row.kind, row.id, row.revision, day, at, row.recorded_by, row.withdrawn, value)


@cache
def _document() -> dict[str, Any]:
    text = resources.files("touchpoints").joinpath("cx.yaml").read_text(encoding="utf-8")
    return cast(dict[str, Any], yaml.safe_load(text))


@cache
def _defaults() -> dict[str, dict[str, Entry]]:
    sections = {"touchpoint": "touchpoints", "area": "areas", "threshold": "thresholds"}
    return {
        kind: {
            name: Entry(kind, name, 0, BEGINNING, None, DEFAULT, False, entries.parse(kind, {"id": name, **described}))
            for name, described in _document()[section].items()
        }
        for kind, section in sections.items()
    }
