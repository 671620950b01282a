"""A number as the CX side shows it, from an import or from service: with all it needs to be read (rule R2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Final, Literal

from touchpoints.cx.observation import Observation
from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT, HIDDEN
from touchpoints.interval import Z, wilson

VERSION: Final = "cx 1"
"""Raised when what any figure of an import computes changes."""
IMPORT_SCOPE: Final = "imported_observation"
METHODS: Final = {
    "proportion": "share of what was counted, Wilson 95% interval",
    "mean": "mean ± 1.96·sd/√n",
    "nps": "promoters less detractors, 95% interval from p + d − (p − d)²",
    "value": "as reported by the source, without interval",
    "median": "median, exact order-statistic 95% interval",
    "range": "confirmed or presumed, and not revoked; Wilson 95% interval; what is only presumed is in it",
}
Kind = Literal["proportion", "mean", "nps", "value", "median", "range"]


@dataclass(frozen=True)
class Figure:
    """`value`, `low` and `high` are in `unit`: shares in percent, NPS in points, durations in seconds."""

    metric: str
    kind: Kind
    unit: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    scope: str
    population: str
    period: tuple[date, date]
    version: str
    source: str
    numerator: int | None = None
    denominator: int | None = None
    method: str = ""
    response_rate: float | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {
            "metric": self.metric,
            "scope": self.scope,
            "population": self.population,
            "period": {"from": self.period[0].isoformat(), "to": self.period[1].isoformat()},
            "n": self.n,
            "method": self.method or METHODS[self.kind],
            "version": self.version,
            "source": self.source,
            "kind": self.kind,
            "unit": self.unit,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "display": self.display,
        }
        if self.numerator is not None:
            found |= {"numerator": self.numerator, "denominator": self.denominator}
        if self.response_rate is not None:
            found["response_rate"] = self.response_rate
        return found

    @property
    def display(self) -> str:
        """One line of what may be shown: under 5 nothing, from 5 to 9 counts only."""
        if self.n < FEWEST:
            return HIDDEN
        fraction = f"{self.numerator}/{self.denominator}" if self.numerator is not None else f"n={self.n}"
        if self.n < FEWEST_FOR_PERCENT or self.value is None:
            return fraction
        unit = {"%": "%", "s": " s"}.get(self.unit, "")
        shown = f"{self.value:+.0f}" if self.kind == "nps" else _plain(self.value, self.unit)
        interval = "" if self.low is None or self.high is None else f" ({_plain(self.low)}–{_plain(self.high)})"
        return f"{shown}{unit}{interval}, {fraction}"


def _plain(number: float, unit: str = "") -> str:
    return f"{number:,.1f}" if unit != "s" else f"{number:,.10g}"


def of_observation(found: Observation) -> Figure:
    """The figure an observation gives."""
    value, low, high = _numbers(found)
    method = METHODS[found.form]
    return Figure(
        metric=found.metric_id,
        kind=found.form,
        unit={"proportion": "%", "nps": "points"}.get(found.form, "n"),
        n=found.n,
        value=value,
        low=low,
        high=high,
        scope=IMPORT_SCOPE if not found.from_service else "service_touchpoint",
        population=found.population,
        period=(found.period_start, found.period_end),
        version=VERSION,
        source=found.source,
        numerator=found.numerator,
        denominator=found.denominator,
        method=f"{method}; collected by {found.collection_method}" if found.collection_method else method,
        response_rate=found.response_rate,
    )


def nps_interval(promoters: int, detractors: int, n: int) -> tuple[float, float, float]:
    """NPS in points with its 95% interval, which stays on the scale."""
    p, d = promoters / n, detractors / n
    half = Z * sqrt(max(p + d - (p - d) ** 2, 0) / n)
    return 100 * (p - d), max(100 * (p - d - half), -100.0), min(100 * (p - d + half), 100.0)


def _numbers(found: Observation) -> tuple[float | None, float | None, float | None]:
    if found.numerator is not None and found.denominator:
        low, high = wilson(found.numerator, found.denominator) or (0.0, 1.0)
        return 100 * found.numerator / found.denominator, 100 * low, 100 * high
    if found.form == "nps" and found.promoters is not None and found.detractors is not None:
        return nps_interval(found.promoters, found.detractors, found.n)
    if found.sd is not None and found.value is not None:
        half = Z * found.sd / sqrt(found.n)
        return found.value, found.value - half, found.value + half
    return found.value, None, None
