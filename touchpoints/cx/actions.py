"""Actions on two boards, tactics of service and strategies of CX; one for no promise and no cause is flagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from touchpoints.configuration import Configuration
from touchpoints.cx.entry import Action
from touchpoints.cx.ledger import Book, Entry
from touchpoints.vocabulary import AREAS


def listed(book: Book, configuration: Configuration) -> dict[str, list[dict[str, Any]]]:
    """The two boards, the next to be measured again first."""
    rows = [_row(entry, book, configuration) for entry in book.of("action")]
    rows.sort(key=lambda row: (row["measure_again_on"], row["id"]))
    return {level: [row for row in rows if row["level"] == level] for level in ("cx_strategy", "service_tactic")}


def without_purpose(action: Action, promises: Mapping[str, Any], configuration: Configuration) -> bool:
    """Whether it names neither a promise on record nor a known cause (rule R9)."""
    cause = action.cause in configuration.reasons or action.cause in set(AREAS) - {"unknown"}
    return not cause and action.promise_id not in promises


def _row(entry: Entry, book: Book, configuration: Configuration) -> dict[str, Any]:
    action: Action = entry.value
    return {
        **{name: value for name, value in entry.plain().items() if name != "withdrawn"},
        "without_purpose": without_purpose(action, book.promises, configuration),
        "due": action.done_on is not None and action.measure_again_on <= book.day,
    }
