"""The resolution range week by week: a band between what was confirmed and what may be assumed, with its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.dashboard.charts.svg import LETTER, WIDTH, box, dot, drawing, element, line, shortened, text

LEFT, RIGHT, TOP, BOTTOM = 48, WIDTH - 12, 44, 276


@dataclass(frozen=True)
class Week:
    """Ends of the range and of its interval, as shares; None where they may not be shown."""

    label: str
    range: tuple[float, float] | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Mark:
    """Something that went on around: where it began, as a place among the weeks, and its words."""

    at: float
    said: str


def trend(weeks: Sequence[Week], marks: Sequence[Mark], label: str, none: str) -> Markup:
    step = (RIGHT - LEFT) / max(len(weeks), 1)
    inside: list[str] = []
    for share in (0, 25, 50, 75, 100):
        y = _y(share / 100)
        inside += [line(LEFT, y, RIGHT, y, "grid"), text(LEFT - 8, y + 4, f"{share}%", "tick", "end")]
    inside += _band(weeks, step)
    above: list[str] = []
    every = max(1, round(len(weeks) / 8))
    for place, week in enumerate(weeks):
        x = LEFT + step * (place + 0.5)
        if place % every == 0:
            inside.append(text(x, BOTTOM + 20, week.label, "tick", "middle"))
        if week.range is None or week.interval is None:
            hatched, *words = _unshown(x, step, none)
            inside.append(hatched)
            above += words
            continue
        low, high = week.interval
        inside += [line(x, _y(low), x, _y(high), "whisker")]
        inside += [dot(x, _y(week.range[0]), "mark", 4.5), dot(x, _y(week.range[1]), "open", 4.5)]
    for place, mark in enumerate(marks):
        x = LEFT + step * mark.at
        end = x > WIDTH * 0.6
        inside.append(line(x, 22 + 14 * (place % 2), x, BOTTOM, "event"))
        said = shortened(f"{place + 1}. {mark.said}", 300)
        inside.append(text(x + (-6 if end else 6), 14 + 14 * (place % 2), said, "label", "end" if end else "start"))
    return drawing(BOTTOM + 30, label, *inside, *above)


def _unshown(x: float, step: float, none: str) -> list[str]:
    """A hatched week, as wide as its words where the weeks leave room for them, and without words where not."""
    said = len(none) * LETTER + 12
    fits = said + 8 <= step * 0.9
    wide, middle = said + 8 if fits else min(step * 0.8, 48), (TOP + BOTTOM) / 2
    found: list[str] = [box(x - wide / 2, TOP, wide, BOTTOM - TOP, "hatched")]
    if fits:  # words are never read through hatching
        found.append(box(x - said / 2, middle - 16, said, 24, "plate", rx=3))
        found.append(text(x, middle, none, "label soft", "middle"))
    return found


def _band(weeks: Sequence[Week], step: float) -> list[str]:
    """The ends of the range joined where weeks that may be shown follow each other."""
    found: list[str] = []
    run: list[tuple[float, float, float]] = []
    for place, week in enumerate([*weeks, Week("", None, None)]):
        if week.range is not None:
            run.append((LEFT + step * (place + 0.5), _y(week.range[0]), _y(week.range[1])))
            continue
        if len(run) > 1:
            low = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in run)
            high = " ".join(f"{x:.1f},{y:.1f}" for x, _, y in run)
            back = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in reversed(run))
            found.append(element("polygon", points=f"{high} {back}", class_="band"))
            found.append(element("polyline", points=low, class_="low-line"))
            found.append(element("polyline", points=high, class_="high-line"))
        run = []
    return found


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share
