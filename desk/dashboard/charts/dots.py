"""Values with their intervals, one under the other, on one axis: what shares a unit shares it, nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.dashboard.charts.svg import dot, drawing, line, text, whisker, wrapped

WIDTH, NAMES, ROW = 470, 190, 44


@dataclass(frozen=True)
class Dot:
    name: str
    value: float
    low: float | None
    high: float | None
    said: str


def dots(rows: Sequence[Dot], span: tuple[float, float], ends: tuple[str, str], label: str) -> Markup:
    right = WIDTH - 66

    def x(at: float) -> float:
        share = (at - span[0]) / ((span[1] - span[0]) or 1)
        return NAMES + (right - NAMES) * min(max(share, 0.0), 1.0)

    height = ROW * len(rows) + 8
    inside = [line(NAMES, 0, NAMES, height, "axis"), line(right, 0, right, height, "grid")]
    for place, row in enumerate(rows):
        y = ROW * place + 22
        lines = wrapped(row.name, NAMES - 12)
        for number, said in enumerate(lines):
            inside.append(text(0, y + 5 - 8 * (len(lines) - 1) + 16 * number, said))
        if row.low is not None and row.high is not None:
            inside.append(whisker(x(row.low), x(row.high), y))
        inside += [dot(x(row.value), y, "mark", 6), text(right + 14, y + 5, row.said)]
    inside += [text(NAMES, height + 14, ends[0], "tick"), text(right, height + 14, ends[1], "tick", "end")]
    return drawing(height + 20, label, *inside, width=WIDTH)
