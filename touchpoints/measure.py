"""What a metric says: its numbers, and the contacts it says them of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from touchpoints.columns.layout import NONE
from touchpoints.columns.table import Array
from touchpoints.instant import SECOND
from touchpoints.interval import median_rank, wilson
from touchpoints.population import Population

Kind = Literal["proportion", "distribution", "number", "counts", "range", "pair", "rate", "not_measured"]
_NOBODY: Final = np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True)
class Measure:
    """Numbers by name, masks of the contacts behind them, and further measures that are read with them.

    `n` is how many things were counted, which can be issues rather than contacts: a first contact stands for its issue.
    """

    kind: Kind
    n: int
    values: Mapping[str, Any]
    among: Array = field(default_factory=lambda: _NOBODY)
    """Those it looked at: of a proportion the denominator, of a distribution those with a value."""
    good: Array | None = None
    """Of a proportion the numerator."""
    beside: Mapping[str, Array] = field(default_factory=dict)
    """Those behind each further count among the values."""
    parts: Mapping[str, Measure] = field(default_factory=dict)
    by_value: Mapping[str, int] = field(default_factory=dict)
    with_value: Callable[[str], Array] = lambda value: _NOBODY


def proportion(p: Population, good: Array, among: Array, **more: Any) -> Measure:
    """The share of the contacts of a mask that another holds for, with Wilson's interval.

    Of what else is given, Measures are parts, masks are counted, and all other things are values.
    """
    counted = good & among
    numerator, total = how_many(counted), how_many(among)
    low, high = wilson(numerator, total) or (None, None)
    values = {
        "numerator": numerator,
        "denominator": total,
        "value": numerator / total if total else None,
        "low": low,
        "high": high,
    }
    return Measure("proportion", total, values | _plain(more), among, counted, _masks(more), _parts(more))


def duration(p: Population, name: str, among: Array, **more: Any) -> Measure:
    """Median with its interval, and mean, in seconds, of a column of microseconds where it is known."""
    column = p.number(name)
    return _distribution(column, among & (column != NONE), SECOND, more)


def count(p: Population, name: str, among: Array) -> Measure:
    """Median with its interval, mean and sum of a column of whole numbers."""
    column = p.number(name)
    return _distribution(column, among, 1, {"sum": int(column[among].sum(dtype=np.int64))})


def _distribution(column: Array, among: Array, scale: int, more: dict[str, Any]) -> Measure:
    """Sums are of whole numbers, so that they don't depend on the order of the contacts."""
    found = column if among.all() else column[among]
    n = len(found)
    values: dict[str, Any] = dict.fromkeys(("median", "mean", "low", "high"))
    if n:
        places = {"low": (n - 1) // 2, "high": n // 2}
        rank = median_rank(n)
        ranks = (rank - 1, n - rank) if rank else ()
        ordered = np.partition(found, sorted({*places.values(), *ranks}))
        values["median"] = _scaled(int(ordered[places["low"]]) + int(ordered[places["high"]]), 2 * scale)
        values["mean"] = int(found.sum(dtype=np.int64)) / (n * scale)
        for end, place in zip(("low", "high"), ranks, strict=False):
            values[end] = _scaled(int(ordered[place]), scale)
    return Measure("distribution", n, values | _plain(more), among, None, _masks(more))


def _scaled(total: int, by: int) -> float | int:
    return total // by if by == 1 else total / by


def number(among: Array, **more: Any) -> Measure:
    """A plain count, with other counts beside it."""
    return Measure("number", how_many(among), _plain(more), among, None, _masks(more), _parts(more))


def rate(among: Array, of: int) -> Measure:
    """Contacts for every hundred of something else that was counted."""
    numerator = how_many(among)
    values = {"numerator": numerator, "denominator": of, "value": 100 * numerator / of if of else None}
    return Measure("rate", of, values, among, among)


def counts(p: Population, name: str, among: Array) -> Measure:
    """How many say each word in a field, the commonest first."""
    coded = p.text(name)
    found = np.bincount(coded.codes[among], minlength=len(coded.words)).tolist()
    ranked = sorted(((word, n) for word, n in zip(coded.words, found, strict=True) if n), key=lambda x: (-x[1], x[0]))
    return Measure(
        "counts",
        how_many(among),
        {},
        among,
        by_value=dict(ranked),
        with_value=lambda word: among & (coded.codes == coded.code(word)),
    )


def how_many(members: Array) -> int:
    """How many contacts a mask holds for."""
    return int(np.count_nonzero(members))


def _plain(more: dict[str, Any]) -> dict[str, Any]:
    counted = {name: how_many(value) if isinstance(value, np.ndarray) else value for name, value in more.items()}
    return {name: value for name, value in counted.items() if not isinstance(value, Measure)}


def _masks(more: dict[str, Any]) -> dict[str, Array]:
    return {name: value for name, value in more.items() if isinstance(value, np.ndarray)}


def _parts(more: dict[str, Any]) -> dict[str, Measure]:
    return {name: value for name, value in more.items() if isinstance(value, Measure)}


NOT_MEASURED: Final = Measure("not_measured", 0, {"value": None, "measured": False})
