"""A measure of contacts of whom a few went and a few came, without looking at the others again.

Everything a measure says is told from whole numbers that add up, and from the middle of a sorted column: the result is
exactly the one that looking at all of them would give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from touchpoints.errors import RecordError
from touchpoints.measure import Measure, answers_told, middle_values, ranked, share

_TOLD: Final = frozenset({"value", "low", "high", "mean", "median", "bounds"})
Few = Callable[[str], bool]


class TooFarError(RecordError):
    """So much changed that the numbers kept don't reach: all contacts must be looked at."""


def added(base: Measure, gone: Measure, come: Measure, few: Few) -> Measure:
    """The base without what has gone, with what has come. Raises TooFarError."""
    parts = {name: added(part, gone.parts[name], come.parts[name], few) for name, part in base.parts.items()}
    found = replace(
        base,
        n=base.n - gone.n + come.n,
        total=base.total - gone.total + come.total,
        everyone=base.everyone - gone.everyone + come.everyone,
        parts=parts,
        by_value=_tally(base.by_value, gone.by_value, come.by_value),
        few=few,
    )
    values = {
        name: value if name in _TOLD else _sum(value, gone.values.get(name), come.values.get(name))
        for name, value in base.values.items()
    }
    if base.kind == "proportion":
        return replace(found, values=_share(found, values))
    if base.spread is not None:
        return _distribution(found, values, gone, come)
    return replace(found, values=values)


def _share(found: Measure, values: dict[str, Any]) -> dict[str, Any]:
    told = share(values["numerator"], values["denominator"])
    if "bounds" in values:
        told |= answers_told(values["numerator"], found.n, found.total, found.everyone)
    return values | told


def _distribution(found: Measure, values: dict[str, Any], gone: Measure, come: Measure) -> Measure:
    assert found.spread is not None and gone.spread is not None and come.spread is not None
    middle = found.spread.changed(gone.spread, come.spread)
    told = None if middle is None else middle_values(middle, found.total, found.scale)
    if told is None:
        raise TooFarError("the middle of the column is no longer among the values kept")
    if "value" in values:
        told["value"] = told["mean"]
    return replace(found, values=values | told, spread=middle)


def _sum(base: Any, gone: Any, come: Any) -> Any:
    if isinstance(base, Mapping):
        return _tally(base, gone or {}, come or {})
    if isinstance(base, int) and not isinstance(base, bool):
        return base - (gone or 0) + (come or 0)
    return base


def _tally(base: Mapping[str, Any], gone: Mapping[str, Any], come: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: base.get(name, 0) - gone.get(name, 0) + come.get(name, 0) for name in {**base, **come}}
    return ranked(counts)
