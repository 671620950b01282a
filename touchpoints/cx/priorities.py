"""What to look at first (rule R9): promises not kept, then causes whose contacts are broken promises, then returns,
then failure demand by volume, then effort.

Owners are those of the cause; nothing here proposes more service.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from touchpoints.configuration import Configuration
from touchpoints.cx.causes import area_of
from touchpoints.cx.ledger import Book
from touchpoints.cx.promises import Judged
from touchpoints.cx.service import Cell, Service

TIERS: Final = ("promise_not_kept", "broken_contacts", "returns", "failure_demand", "effort")
_METRICS: Final = (
    ("broken_contacts", ("promise_broken",)),
    ("returns", ("repeat_7d", "revocation")),
    ("failure_demand", ("failure_demand",)),
    ("effort", ("high_friction",)),
)


def priorities(
    book: Book, judged: Sequence[Judged], service: Service, configuration: Configuration, covered: set[str]
) -> dict[str, Any]:
    """The list to fix, each cause once, at its highest tier. What a designed friction covers is in `designed` instead.

    `hidden` counts the reasons with fewer than 5 customers, which can't be ranked.
    """
    broken = [one for one in judged if one.status == "not_kept"]
    listed = [_promise(one, book) for one in sorted(broken, key=lambda one: (-one.gap, one.promise.id))]
    ranked: list[dict[str, Any]] = []
    designed: list[dict[str, Any]] = []
    hidden = 0
    for reason, metrics in service.groups("contact_reason"):
        if reason == "unknown":
            continue
        if metrics["contacts"].get("hidden"):
            hidden += 1
            continue
        if found := _cause(reason, metrics, book, configuration):
            (designed if reason in covered else ranked).append(found)
    ranked.sort(key=lambda one: (TIERS.index(one["tier"]), -one["contacts"], one["cause"]))
    fix = [*listed, *ranked]
    return {
        "to_fix": [{"rank": rank, **one} for rank, one in enumerate(fix, 1)],
        "designed": designed,
        "hidden": hidden,
    }


def _promise(one: Judged, book: Book) -> dict[str, Any]:
    return {
        "tier": "promise_not_kept",
        "promise_id": one.promise.id,
        "cause": None,
        "area": one.promise.areas[0],
        "owner": one.promise.owner or book.owner(one.promise.areas[0]),
        "evidence": [one.figures[0].plain()],
    }


def _cause(reason: str, metrics: Cell, book: Book, configuration: Configuration) -> dict[str, Any] | None:
    """The highest tier a reason's contacts put it in; None for one that is nothing to fix."""
    for tier, names in _METRICS:
        cells = [(name, metrics[name]) for name in names]
        count = max((cell["numerator"] or 0 for _, cell in cells if not cell.get("hidden")), default=0)
        if count:
            area = area_of(reason, configuration)
            return {
                "tier": tier,
                "promise_id": None,
                "cause": reason,
                "area": area,
                "owner": book.owner(area),
                "contacts": count,
                "n": metrics["contacts"]["n"],
                "evidence": [
                    {"metric": name, **{part: cell[part] for part in ("n", "numerator", "denominator", "display")}}
                    for name, cell in cells
                    if not cell.get("hidden")
                ],
            }
    return None
