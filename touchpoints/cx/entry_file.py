"""Dated entries written in one file: lists by kind, `promises:`, `frictions:` and so on, in YAML or JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import yaml
from sqlalchemy import Connection

from touchpoints.cx import ledger
from touchpoints.cx.errors import EntryError

SECTIONS: Final = {
    "promises": "promise",
    "frictions": "friction",
    "context_events": "context_event",
    "actions": "action",
    "touchpoints": "touchpoint",
    "areas": "area",
    "thresholds": "threshold",
    "reasons": "reason",
}


def record_all(connection: Connection, document: bytes, at: datetime, by: str) -> dict[str, int]:
    """Records every entry, from its own `valid_from` or the file's, and returns how many by section.

    Raises EntryError naming section, place and field: nothing may be committed then.
    """
    table = _table(document)
    given = table.pop("valid_from", None)
    counts = {}
    for section, entries in table.items():
        if section not in SECTIONS:
            raise EntryError(section, f"no such section; these are: {', '.join(SECTIONS)}")
        if not isinstance(entries, list):
            raise EntryError(section, "must be a list")
        for number, entry in enumerate(entries, 1):
            _record(connection, section, number, entry, at, by, given)
        counts[section] = len(entries)
    return counts


def _record(connection: Connection, section: str, number: int, entry: Any, at: datetime, by: str, given: Any) -> None:
    place = f"{section}[{number}]"
    if not isinstance(entry, dict):
        raise EntryError(place, "must be a table")
    described = {name: value for name, value in entry.items() if name != "valid_from"}
    try:
        day = _day(entry.get("valid_from", given))
        ledger.record(connection, SECTIONS[section], described, at, by, day)
    except EntryError as error:
        raise EntryError(f"{place}.{error.field}" if error.field else place, error.why) from error


def _table(document: bytes) -> dict[str, Any]:
    try:
        table = yaml.safe_load(document.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise EntryError("", f"not YAML or JSON in UTF-8: {error}") from error
    if not isinstance(table, dict):
        raise EntryError("", "must be a table of sections")
    return table


def _day(given: Any) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise EntryError("valid_from", f"{given!r} is no day; write 2026-03-02") from error
