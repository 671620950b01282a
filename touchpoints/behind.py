"""From a number to the contacts behind it: every count a report shows can be opened to exactly as many rows.

A metric is named as the report names it, a part of one with a point (`fcr.eventually`, `resolution_range.upper`). Its
part is numerator or denominator of a proportion, n of anything, or a further count by its name (`excluded`, `censored`,
…); a count per value is asked for with that value. Of issues, the rows are their first contacts.
"""

from __future__ import annotations

from touchpoints.columns.table import Array
from touchpoints.errors import QueryError
from touchpoints.measure import Measure
from touchpoints.metrics import METRICS
from touchpoints.population import Population


def behind(population: Population, metric: str, part: str = "n", value: str | None = None) -> Array:
    """A mask of the contacts counted. Raises QueryError naming metric, part or value when there is no such number."""
    measure = _measure(population, metric)
    if value is not None:
        if measure.kind != "counts":
            raise QueryError("value", f"{metric} is no count per value")
        return measure.with_value(value)
    known = parts_of(measure)
    if part not in known:
        raise QueryError("part", f"{metric} has no {part!r}; it has {', '.join(known)}")
    return known[part]


def parts_of(measure: Measure) -> dict[str, Array]:
    """The contacts behind each number of a measure, by the number's name."""
    known = {"n": measure.among, **measure.beside}
    if measure.kind == "proportion" and measure.good is not None:
        known |= {"numerator": measure.good, "denominator": measure.among}
    return known


def _measure(population: Population, metric: str) -> Measure:
    name, *path = metric.split(".")
    if name not in METRICS:
        raise QueryError("metric", f"no such metric; these are: {', '.join(METRICS)}")
    measure = METRICS[name].measure(population)
    for part in path:
        if part not in measure.parts:
            raise QueryError("metric", f"{name} has no part {part!r}; it has {', '.join(measure.parts) or 'none'}")
        measure = measure.parts[part]
    if measure.kind == "not_measured":
        raise QueryError("metric", f"{metric} is not measured from interactions")
    return measure
