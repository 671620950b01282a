"""The value–irritant matrix: each reason a bubble in its quadrant, as large as its contacts are many, with its name.

A reason's quadrant is the lead's judgement; where in the quadrant it stands says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from desk.dashboard.charts.svg import WIDTH, box, dot, drawing, element, shortened, text

SIDE = (WIDTH - 40) / 2
LEFT = 36
PLACES = {"simplify": (0, 0), "leverage": (1, 0), "eliminate": (0, 1), "automate": (1, 1)}
SHOWN = 6


@dataclass(frozen=True)
class Bubble:
    name: str
    count: int
    said: str


def matrix(
    quadrants: Mapping[str, tuple[str, Sequence[Bubble]]], axes: tuple[str, str, str, str], label: str, more: str
) -> Markup:
    """`axes` are the words at the left and right, then at the bottom and top; `more` says how many are left out."""
    listed = [bubble.count for _, bubbles in quadrants.values() for bubble in bubbles[:SHOWN]]
    most, tallest = max(listed, default=1), max((len(found[:SHOWN]) for _, found in quadrants.values()), default=1)
    height = 56 + 34 * max(tallest, 2) + 16
    inside: list[str] = []
    for name, (column, row) in PLACES.items():
        title, bubbles = quadrants.get(name, (name, ()))
        x, y = LEFT + column * SIDE, row * height
        inside += [box(x, y, SIDE, height, "frame"), text(x + 14, y + 26, title, "label strong")]
        for place, bubble in enumerate(bubbles[:SHOWN]):
            centre, radius = y + 58 + 34 * place, 4 + 11 * sqrt(bubble.count / most)
            inside.append(dot(x + 30, centre, "bubble", radius))
            inside.append(text(x + 54, centre + 5, shortened(f"{bubble.said}  {bubble.name}", SIDE - 64)))
        if len(bubbles) > SHOWN:
            inside.append(text(x + SIDE - 12, y + 26, more.format(n=len(bubbles) - SHOWN), "label soft", "end"))
    bottom = 2 * height
    inside += [
        text(LEFT, bottom + 20, axes[0], "label soft"),
        text(WIDTH - 4, bottom + 20, axes[1], "label soft", "end"),
    ]
    inside += [
        _upright(16, bottom - 4, axes[2], "start"),
        _upright(16, 4, axes[3], "end"),
    ]
    return drawing(bottom + 30, label, *inside)


def _upright(x: float, y: float, said: str, anchor: str) -> Markup:
    return element(
        "text", said, class_="label soft", text_anchor=anchor, transform=f"translate({x} {y:.0f}) rotate(-90)"
    )
