"""A value with its interval beside its target, on an axis of its own."""

from __future__ import annotations

from markupsafe import Markup

from desk.dashboard.charts.svg import box, dot, drawing, line, text, whisker

WIDTH = 340
LEFT, RIGHT = 8, 332


def bullet(
    label: str,
    value: float,
    low: float | None,
    high: float | None,
    target: float,
    at_least: bool,
    span: tuple[float, float],
    ends: tuple[str, str],
    target_said: str,
) -> Markup:
    """The good side of the target is framed; the interval is a whisker, the target a thick line with its words."""

    def x(at: float) -> float:
        share = (at - span[0]) / ((span[1] - span[0]) or 1)
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    goal = x(target)
    good = (goal, RIGHT) if at_least else (LEFT, goal)
    anchor = "end" if goal > WIDTH * 0.7 else "start" if goal < WIDTH * 0.3 else "middle"
    inside = [
        box(LEFT, 24, RIGHT - LEFT, 22, "hatched"),
        box(good[0], 24, good[1] - good[0], 22, "frame"),
        line(goal, 18, goal, 52, "target"),
        text(goal, 12, target_said, "label soft", anchor),
    ]
    if low is not None and high is not None:
        inside.append(whisker(x(low), x(high), 35))
    inside += [dot(x(value), 35, "mark", 6), text(LEFT, 64, ends[0], "tick"), text(RIGHT, 64, ends[1], "tick", "end")]
    return drawing(68, label, *inside, width=WIDTH)


def span_of(unit: str, numbers: list[float]) -> tuple[float, float]:
    """From where to where an axis goes: all of a scale that has ends, else a little more than what is on it.

    A share that is small throughout gets a part of the scale, which its ends say.
    """
    if unit == "points":
        return -100.0, 100.0
    most = max(numbers, default=1.0)
    if unit == "%" and most > 20:
        return 0.0, 100.0
    return min(0.0, *numbers, 0.0), most * 1.6 or 1.0
