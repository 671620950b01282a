"""What contacts recorded beyond the metrics and a pillar can use: calls back, waits stated, what customers said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from touchpoints.columns.layout import NONE
from touchpoints.columns.table import Array
from touchpoints.cx.figure import Figure
from touchpoints.cx.service import Service
from touchpoints.measure import proportion
from touchpoints.population import Population

_SHARES: Final[dict[str, Callable[[Population], tuple[Array, Array]]]] = {
    # item: those for whom it went well, among those who have it
    "commitments_met": lambda p: (p.number("commitment") == 2, p.number("commitment") > 0),
    "expectation_match": lambda p: (p.number("expectation") >= 2, p.number("expectation") > 0),
    "stated_wait": lambda p: (p.number("wait_wall") <= p.number("stated_wait"), p.number("stated_wait") != NONE),
    "felt_understood": lambda p: (p.number("felt_understood") >= 4, p.number("felt_understood") > 0),
    "used_context": lambda p: (
        p.number("used_context"),
        p.eligible if p.number("used_context").any() else ~p.everybody,
    ),
    "alternatives_offered": lambda p: (p.number("alternatives") > 0, p.number("alternatives") >= 0),
}


def items(service: Service) -> dict[str, Figure | None]:
    """Each item as a share of the eligible contacts that have it; None where none has."""
    return {name: _share(name, service) for name in _SHARES}


def _share(name: str, service: Service) -> Figure | None:
    population = service.population
    good, among = _SHARES[name](population)
    values = proportion(population, good, population.eligible & among).values
    if not values["denominator"]:
        return None
    return Figure(
        metric=name,
        kind="proportion",
        unit="%",
        n=values["denominator"],
        value=100 * values["value"],
        low=100 * values["low"],
        high=100 * values["high"],
        scope=service.document["scope"],
        population=service.document["population"],
        period=service.days,
        version=service.metrics["contacts"]["version"],
        source="service record",
        numerator=values["numerator"],
        denominator=values["denominator"],
    )
