"""Intervals against published values and plain definitions."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.interval import Z, median_interval, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (7, 10, 39.7, 89.2),
        (0, 10, 0, 27.8),
        (10, 10, 72.2, 100),
        (9, 10, 59.6, 98.2),
        (688, 800, 83.4, 88.2),
        (240, 20_000, 1.1, 1.4),
    ],
)
def test_wilson(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found is not None
    assert (round(100 * found[0], 1), round(100 * found[1], 1)) == (low, high)


def test_wilson_of_nothing() -> None:
    assert wilson(0, 0) is None


@given(trials=st.integers(1, 5000), share=st.floats(0, 1))
def test_wilson_bounds_solve_its_equation(trials, share) -> None:
    successes = round(share * trials)
    found = wilson(successes, trials)
    assert found is not None
    observed = successes / trials
    for bound in found:
        assert (observed - bound) ** 2 == pytest.approx(Z * Z * bound * (1 - bound) / trials, abs=1e-9)


@given(n=st.integers(0, 300))
def test_median_interval_covers_with_95_percent_and_no_narrower_pair_does(n) -> None:
    found = median_interval(list(range(1, n + 1)))
    if n < 6:
        assert found is None
        return
    assert found is not None
    rank = int(found[0])
    assert found[1] == n + 1 - rank
    assert 2 * sum(comb(n, k) for k in range(rank)) / 2**n <= 0.05
    assert 2 * sum(comb(n, k) for k in range(rank + 1)) / 2**n > 0.05


def test_median_interval_is_steady_where_exact_sums_end() -> None:
    exact, approximated = median_interval(range(1, 1001)), median_interval(range(1, 1002))
    assert exact == (469, 532)
    assert approximated == (470, 532)
