"""Whether a promise is kept, told from an interval and a target alone (rule R5)."""

from __future__ import annotations

from typing import Final

from touchpoints.cx.figure import Figure
from touchpoints.cx.vocabulary import Direction, PromiseStatus

_TOUCH: Final = 1e-9


def status(figure: Figure | None, target: float, direction: Direction) -> PromiseStatus:
    """Wholly on the good side of the target: kept; wholly on the bad: not kept; else uncertain. Touching is good.

    A figure without interval is uncertain, whatever its value; no figure is not measured.
    """
    if figure is None or figure.value is None:
        return "not_measured"
    if figure.low is None or figure.high is None:
        return "uncertain"
    good = figure.low >= target - _TOUCH if direction == "at_least" else figure.high <= target + _TOUCH
    bad = figure.high < target - _TOUCH if direction == "at_least" else figure.low > target + _TOUCH
    return "kept" if good else "not_kept" if bad else "uncertain"
