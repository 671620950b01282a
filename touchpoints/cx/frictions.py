"""Designed frictions: what they cover leaves "to fix", and stays in every metric (rule R8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from touchpoints.configuration import Configuration
from touchpoints.cx.entry import DesignedFriction
from touchpoints.cx.ledger import Book, Entry
from touchpoints.cx.promises import Judged


def suspended(friction: DesignedFriction, day: date, judged: Mapping[str, Judged], broken: set[str]) -> str | None:
    """Why a friction shields nothing on a day; None while it does.

    It ends with its date, and rests while the promise it serves is not kept: effort for nothing in return is a fault.
    """
    if friction.expires_on < day:
        return "expired"
    served = judged.get(friction.promise_id)
    if served is None:
        return "promise_unknown"
    if served.status == "not_kept":
        return "promise_not_kept"
    return "broken_promise" if broken.intersection(friction.covers) else None


def listed(book: Book, judged: Sequence[Judged], configuration: Configuration) -> list[dict[str, Any]]:
    """Every friction on record with whether it stands."""
    by_id = {one.promise.id: one for one in judged}
    broken = {name for name, reason in configuration.reasons.items() if reason.promise_effect == "broken"}
    return [_row(entry, book.day, by_id, broken) for entry in sorted(book.of("friction"), key=lambda e: e.id)]


def covered(frictions: Sequence[Mapping[str, Any]]) -> set[str]:
    """Contact reasons, metrics and touchpoints that standing frictions take out of "to fix"."""
    return {name for friction in frictions if friction["stands"] for name in friction["covers"]}


def _row(entry: Entry, day: date, judged: Mapping[str, Judged], broken: set[str]) -> dict[str, Any]:
    friction: DesignedFriction = entry.value
    why = suspended(friction, day, judged, broken)
    return {
        **{name: value for name, value in entry.plain().items() if name != "withdrawn"},
        "stands": why is None,
        "suspended": why,
        "undeclared": not friction.declared_to_customer,
        "dated_after_period": entry.later,
    }
