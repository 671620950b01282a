"""The middle of a sorted column, kept so that a few values can come and go without sorting it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from touchpoints.columns.table import Array
from touchpoints.interval import median_rank

_BESIDE: Final = 4_096
"""Places kept beyond the bounds of the median's interval, at either end."""


@dataclass(frozen=True)
class Spread:
    """Of n values, the distinct ones in the middle, how many are up to each, and how many come before the first."""

    n: int
    values: Array
    up_to: Array
    before: int

    def at(self, place: int) -> int | None:
        """The value in a place of the sorted column, 0 the first; None when it is outside the kept middle."""
        found = int(np.searchsorted(self.up_to, place, side="right"))
        return None if place < self.before or found == len(self.values) else int(self.values[found])

    @property
    def whole(self) -> bool:
        """Whether nothing is outside the kept middle."""
        return self.before == 0 and self._last == self.n

    def changed(self, gone: Spread, come: Spread) -> Spread | None:
        """The spread with some values fewer and some more; None when too many changed to tell."""
        if not gone.whole or not come.whole:
            return None
        n = self.n - gone.n + come.n
        if self.whole:
            values = np.union1d(self.values, come.values)
        elif len(self.values):
            inside = (come.values > self.values[0]) & (come.values < self.values[-1])
            values = np.union1d(self.values, come.values[inside])
        up_to = self._count(values, "right") - gone._count(values, "right") + come._count(values, "right")
        first = values[:1]
        before = self._count(first, "left") - gone._count(first, "left") + come._count(first, "left")
        return Spread(n, values, up_to, int(before[0]) if len(before) else 0)

    @property
    def _last(self) -> int:
        return int(self.up_to[-1]) if len(self.up_to) else 0

    def _count(self, values: Array, side: str) -> Array:
        """How many values of the column are up to, or before, each of those given, none of them outside the middle."""
        counts = np.concatenate([[self.before], self.up_to])
        found: Array = counts[np.searchsorted(self.values, values, side=side)]  # type: ignore[call-overload]
        return found


def spread(column: Array) -> Spread:
    """The spread of whole numbers, wide enough for the median and its interval."""
    n = len(column)
    rank = median_rank(n) or n // 2
    begin, end = max(rank - 1 - _BESIDE, 0), min(n - rank + 1 + _BESIDE, n)
    if begin == 0 and end == n:
        values, counts = np.unique(column, return_counts=True)
        return Spread(n, values, np.cumsum(counts), 0)
    middle = np.partition(column, (begin, end - 1))[begin:end]
    values, counts = np.unique(middle, return_counts=True)
    before = int(np.count_nonzero(column < values[0]))
    up_to = begin + np.cumsum(counts)
    up_to[-1] = np.count_nonzero(column <= values[-1])
    return Spread(n, values, up_to, before)
