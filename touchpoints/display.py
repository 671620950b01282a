"""What may be shown of a measure: under 5 nothing, from 5 to 9 counts only, from 10 a value with its interval.

Cells of a break-down with fewer than 5 customers are hidden even where a number would be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from touchpoints.columns.table import Array
from touchpoints.measure import FEWEST as FEWEST
from touchpoints.measure import Measure
from touchpoints.population import Population

FEWEST_FOR_PERCENT: Final = 10
HIDDEN: Final = "n<5"
NOT_MEASURED: Final = "not measured here"


def display(measure: Measure, unit: str) -> str:
    """One line, the same in every language but for the decimal point."""
    if measure.kind == "not_measured":
        return NOT_MEASURED
    if measure.n < FEWEST:
        return HIDDEN
    if measure.kind == "counts":
        return _counts(measure)
    if measure.kind == "pair":
        return " · ".join(f"{name} {display(part, unit)}" for name, part in measure.parts.items())
    return _SHOWN[measure.kind](measure, unit)


def cell(measure: Measure, of: Population, *, in_group: bool) -> dict[str, Any]:
    """The numbers of a measure and of its parts as JSON; in a break-down only where 5 customers stand behind them."""
    hidden = in_group and measure.kind != "not_measured" and _few(of, measure.among)
    values = {"n": measure.n, **measure.values}
    values |= {name: cell(part, of, in_group=in_group) for name, part in measure.parts.items()}
    if measure.kind == "counts":
        few = {value for value in measure.by_value if in_group and measure.few(value)}
        values["counts"] = _nested({value: None if value in few else n for value, n in measure.by_value.items()})
    if hidden:
        return {name: _blank(value) for name, value in values.items()} | {"hidden": True}
    return values


def _blank(value: Any) -> Any:
    return {name: _blank(inner) for name, inner in value.items()} if isinstance(value, Mapping) else None


def _few(of: Population, members: Array) -> bool:
    return of.customers(members, at_most=FEWEST) < FEWEST


def _nested(counts: dict[str, int | None]) -> dict[str, Any]:
    """`touchpoint.stage` as a table of tables; other values have no point in them."""
    table: dict[str, Any] = {}
    for value, count in counts.items():
        head, point, tail = value.rpartition(".")
        if point:
            table.setdefault(head, {})[tail] = count
        else:
            table[value] = count
    return table


def _proportion(measure: Measure, _: str) -> str:
    values = measure.values
    fraction = f"{values['numerator']}/{values['denominator']}"
    if measure.n < FEWEST_FOR_PERCENT:
        return fraction
    return f"{values['value']:.1%} ({100 * values['low']:.1f}–{100 * values['high']:.1f}), {fraction}"


def _rate(measure: Measure) -> str:
    values = measure.values
    fraction = f"{values['numerator']}/{values['denominator']}"
    return fraction if measure.n < FEWEST_FOR_PERCENT else f"{values['value']:.1f}, {fraction}"


def _distribution(measure: Measure, unit: str) -> str:
    if measure.n < FEWEST_FOR_PERCENT:
        return f"n={measure.n}"
    values, suffix = measure.values, f" {unit}" if unit == "s" else ""
    return f"{values['median']:,.10g}{suffix} ({values['low']:,.10g}–{values['high']:,.10g}), n={measure.n}"


def _range(measure: Measure, unit: str) -> str:
    confirmed, upper = measure.parts["confirmed"].values, measure.parts["upper"].values
    if measure.n < FEWEST_FOR_PERCENT:
        return f"{confirmed['numerator']}–{upper['numerator']}/{measure.n}"
    return (
        f"{confirmed['value']:.1%}–{upper['value']:.1%} "
        f"({100 * confirmed['low']:.1f}–{100 * upper['high']:.1f}), n={measure.n}"
    )


def _counts(measure: Measure) -> str:
    """The words that so few customers stand behind are named without their number."""
    few = {value for value in measure.by_value if measure.few(value)}
    return ", ".join(f"{value} {'<5' if value in few else n}" for value, n in measure.by_value.items())


_SHOWN: Final[dict[str, Callable[[Measure, str], str]]] = {
    "proportion": _proportion,
    "distribution": _distribution,
    "number": lambda measure, unit: str(measure.n),
    "range": _range,
    "rate": lambda measure, unit: _rate(measure),
}
