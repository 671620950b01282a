"""What the figures say when read together, as codes: the interface words them. None is a mark, and none adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from touchpoints.cx.figure import Figure
from touchpoints.cx.ledger import Book
from touchpoints.cx.promises import Judged
from touchpoints.cx.service import Service
from touchpoints.cx.status import status

Strength = Literal["strong", "weak", "mixed", "not_measured"]
_OF_STATUS: dict[str, Strength] = {
    "kept": "strong",
    "not_kept": "weak",
    "uncertain": "mixed",
    "not_measured": "not_measured",
}


def strength(book: Book, service: Service) -> dict[str, Any]:
    """How service does against the lead's dated marks, measure by measure; the word for all of them never averages.

    Strong when some are strong and none weak, weak when some are weak and none strong, else mixed.
    """
    measures = []
    for mark in book.thresholds.values():
        figure: Figure | None = service.figure(mark.id)
        told = _OF_STATUS[status(figure, mark.target, mark.direction)]
        measures.append(
            {
                "metric": mark.id,
                "target": mark.target,
                "direction": mark.direction,
                "strength": told,
                "figure": figure.plain() if figure else None,
            }
        )
    return {"strength": _together({str(one["strength"]) for one in measures} - {"not_measured"}), "measures": measures}


def _together(told: set[str]) -> Strength:
    if not told:
        return "not_measured"
    if "weak" in told and "strong" not in told:
        return "weak"
    return "strong" if "strong" in told and "weak" not in told else "mixed"


def readings(
    own: Strength,
    judged: Sequence[Judged],
    frictions: Sequence[Mapping[str, Any]],
    service: Service,
    actions: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Codes of what stands beside what. The first says how service and promises compare, when both are known."""
    statuses = {one.status for one in judged}
    found = []
    if (beside := _beside(own, judged)) is not None:
        found.append(beside)
    if "uncertain" in statuses:
        found.append("some_promises_uncertain")
    if judged and statuses == {"not_measured"}:
        found.append("no_promise_measured")
    if any(friction["stands"] for friction in frictions):
        found.append("designed_friction_against_fluidity")
    found += [code for code in ("undeclared_friction",) if any(friction["undeclared"] for friction in frictions)]
    found += ["suspended_friction"] if any(friction["suspended"] for friction in frictions) else []
    if _contained_in_vain(service):
        found.append("contained_not_resolved")
    found += ["actions_without_purpose"] if any(action["without_purpose"] for action in actions) else []
    return found


def _beside(own: Strength, judged: Sequence[Judged]) -> str | None:
    """Service beside the promises that aren't about it: neither lifts nor sinks the other (rule R6)."""
    others = {one.status for one in judged if not one.promise.includes_service} - {"not_measured"}
    if not others or own == "not_measured":
        return None
    promises = "not_kept" if "not_kept" in others else "kept" if others == {"kept"} else "uncertain"
    return f"service_{own}_promise_{promises}"


def _contained_in_vain(service: Service) -> bool:
    cell = service.metrics["empty_containment"]
    return bool(cell["n"] >= 10 and cell["low"] is not None and cell["low"] > 0.3)
