"""95% intervals: Wilson's for a proportion, the exact order-statistic one for a median."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import comb, exp, lgamma, log, sqrt
from typing import Final

Z: Final = 1.959964
_EXACT_AT_MOST: Final = 1000
_TAIL: Final = 0.025


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Wilson's score interval (E. B. Wilson, 1927); None without trials."""
    if trials == 0:
        return None
    share = successes / trials
    scale = 1 + Z * Z / trials
    centre = (share + Z * Z / (2 * trials)) / scale
    half = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials)) / scale
    low = 0.0 if successes == 0 else max(centre - half, 0.0)
    high = 1.0 if successes == trials else min(centre + half, 1.0)
    return low, high


def median_interval(ordered: Sequence[float]) -> tuple[float, float] | None:
    """The narrowest symmetric pair of order statistics covering the median with 95%; None for fewer than 6 values."""
    rank = median_rank(len(ordered))
    return None if rank == 0 else (ordered[rank - 1], ordered[-rank])


@cache
def median_rank(n: int) -> int:
    """The place, from either end, of the order statistics that bound the median of n values.

    The largest r with P(Binomial(n, 1/2) < r) ≤ 0.025; 0 when there is none.
    """
    rank = max(0, int(n / 2 - 6 * sqrt(n)))  # 12 standard deviations below the middle nothing adds up to a digit
    cumulative = 0.0
    while rank < n:
        cumulative += _probability(n, rank)
        if cumulative > _TAIL:
            break
        rank += 1
    return rank


def _probability(n: int, k: int) -> float:
    if n <= _EXACT_AT_MOST:
        return float(comb(n, k) / 2**n)
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2))
