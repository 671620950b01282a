"""Where contacts come from upstream, who answers for it, and what to do with each kind of contact.

Quadrants are Price and Jaffe's, the lead's dated judgement. What the assistant settled in "eliminate" is mitigated, not
eliminated: the cause is still there.
"""

from __future__ import annotations

from typing import Any, Final

from touchpoints.configuration import Configuration
from touchpoints.cx.ledger import Book
from touchpoints.cx.service import Cell, Service

_SHARES: Final = ("failure_demand", "promise_broken", "repeat_7d", "revocation", "high_friction")
QUADRANTS: Final = ("eliminate", "simplify", "automate", "leverage", "unknown")


def causes(book: Book, service: Service, configuration: Configuration) -> dict[str, Any]:
    """Contacts and issues by area, origin, reason, promise and demand; the most contacts first, hidden rows last."""
    areas = _rows(service, "cause_area")
    for row in areas:
        row |= {"owner": book.owner(row["value"]), "outside_service": row["value"] not in ("service", "unknown")}
    reasons = _rows(service, "contact_reason")
    for row in reasons:
        area = area_of(row["value"], configuration)
        row |= {"area": area, "owner": book.owner(area), "quadrant": quadrant_of(row["value"], configuration)}
    counts = service.metrics["causes"]["counts"]
    return {
        "outside_service": {
            "numerator": sum(n for area, n in counts.items() if area not in ("service", "unknown")),
            "denominator": service.contacts,
            "n": service.contacts,
        },
        "by_area": areas,
        "by_origin": _rows(service, "cause_stage"),
        "by_reason": reasons,
        "by_promise": [row for row in _rows(service, "promise_id") if row["value"] != "unknown"],
        "by_demand": _rows(service, "demand_type"),
        "owners_outside_service": sorted({row["owner"] for row in areas if row["outside_service"] and row["owner"]}),
    }


def quadrants(service: Service, configuration: Configuration) -> dict[str, Any]:
    """Contacts by quadrant, each with its reasons as configured and what the assistant alone settled."""
    rows = {row["value"]: row for row in _rows(service, "irritant_quadrant")}
    seen = {value for value, _ in service.groups("contact_reason")}
    found = []
    for quadrant in QUADRANTS:
        row = rows.get(quadrant, {"value": quadrant, "hidden": False, "n": 0, "contacts": 0, "issues": 0})
        reasons = [name for name in sorted(seen) if quadrant_of(name, configuration) == quadrant]
        found.append({**row, "reasons": reasons})
    cell = service.by["irritant_quadrant"].get("eliminate", {}).get("resolved_by_bot")
    mitigated = None
    if cell and not cell.get("hidden"):
        mitigated = {name: cell[name] for name in ("n", "numerator", "denominator", "display", "version")}
    return {
        "quadrants": found,
        "mitigated_not_eliminated": mitigated,
        "judged_by": {"config_version": configuration.version},
    }


def area_of(reason: str, configuration: Configuration) -> str:
    """The upstream area a reason points to by configuration."""
    known = configuration.reasons.get(reason)
    return known.cause_area if known else "unknown"


def quadrant_of(reason: str, configuration: Configuration) -> str:
    known = configuration.reasons.get(reason)
    return known.quadrant if known else "unknown"


def _rows(service: Service, field: str) -> list[dict[str, Any]]:
    rows = [_row(value, metrics) for value, metrics in service.groups(field) if metrics["contacts"]["n"] != 0]
    return sorted(rows, key=lambda row: (row["hidden"], -(row["contacts"] or 0), row["value"]))


def _row(value: str, metrics: Cell) -> dict[str, Any]:
    hidden = bool(metrics["contacts"].get("hidden"))
    shares = {name: None if metrics[name].get("hidden") else _share(metrics[name]) for name in _SHARES}
    issues = metrics["issues"]
    return {
        "value": value,
        "hidden": hidden,
        "n": metrics["contacts"]["n"],
        "contacts": metrics["contacts"]["n"],
        "issues": None if issues.get("hidden") else issues["n"],
        **shares,
    }


def _share(cell: Cell) -> dict[str, Any]:
    return {name: cell[name] for name in ("n", "numerator", "denominator", "value", "low", "high", "display")}
