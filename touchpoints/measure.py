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
from touchpoints.spread import Spread, spread

Kind = Literal["proportion", "distribution", "number", "counts", "range", "pair", "rate", "not_measured"]
FEWEST: Final = 5
"""Customers, or things counted, that must stand behind a number for it to be shown."""
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
    total: int = 0
    """The sum of the column, or of the answers, that a mean is of."""
    scale: int = 1
    spread: Spread | None = None
    everyone: int = 0
    """Of a survey item: all who could have answered."""
    few: Callable[[str], bool] = lambda value: False
    """Whether fewer customers than may be shown stand behind a value."""


def proportion(p: Population, good: Array, among: Array, **more: Any) -> Measure:
    """The share of the contacts of a mask that another holds for, with Wilson's interval.

    Of what else is given, Measures are parts, masks are counted, and all other things are values.
    """
    counted = good & among
    numerator, total = how_many(counted), how_many(among)
    values = share(numerator, total)
    return Measure("proportion", total, values | _plain(more), among, counted, _masks(more), _parts(more))


def share(numerator: int, denominator: int) -> dict[str, Any]:
    """A share as JSON, with its interval."""
    low, high = wilson(numerator, denominator) or (None, None)
    value = numerator / denominator if denominator else None
    return {"numerator": numerator, "denominator": denominator, "value": value, "low": low, "high": high}


def answers_told(good: int, answered: int, total: int, everyone: int) -> dict[str, Any]:
    """The mean of the answers to a survey item, and what the silent could make of the share of good ones."""
    bounds = {"worst": good / everyone, "best": (good + everyone - answered) / everyone} if everyone else None
    return {"mean": total / answered if answered else None, "bounds": bounds}


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
    middle, total = spread(found), int(found.sum(dtype=np.int64))
    values = middle_values(middle, total, scale) or {}
    return Measure(
        "distribution",
        middle.n,
        values | _plain(more),
        among,
        None,
        _masks(more),
        total=total,
        scale=scale,
        spread=middle,
    )


def middle_values(middle: Spread, total: int, scale: int) -> dict[str, Any] | None:
    """Median, its interval and the mean; None when the spread doesn't reach that far."""
    values: dict[str, Any] = dict.fromkeys(("median", "mean", "low", "high"))
    n = middle.n
    if not n:
        return values
    rank = median_rank(n)
    places = ((n - 1) // 2, n // 2, *((rank - 1, n - rank) if rank else ()))
    found = [value for place in places if (value := middle.at(place)) is not None]
    if len(found) < len(places):
        return None
    values |= {"median": _scaled(found[0] + found[1], 2 * scale), "mean": total / (n * scale)}
    return values | {end: _scaled(value, scale) for end, value in zip(("low", "high"), found[2:], strict=False)}


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

    def having(word: str) -> Array:
        found: Array = among & (coded.codes == coded.code(word))
        return found

    found = np.bincount(coded.codes[among], minlength=len(coded.words)).tolist()
    return Measure(
        "counts",
        how_many(among),
        {},
        among,
        by_value=ranked(dict(zip(coded.words, found, strict=True))),
        with_value=having,
        few=lambda word: p.customers(having(word), FEWEST) < FEWEST,
    )


def ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """The commonest first, by name where equally many; without those there are none of."""
    return dict(sorted(((word, n) for word, n in counts.items() if n), key=lambda one: (-one[1], one[0])))


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
