"""A ranked bar for each row: name and owner at the left, the count at the bar's end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.dashboard.charts.svg import WIDTH, box, drawing, shortened, text

NAMES = 290
ROW = 44


@dataclass(frozen=True)
class Bar:
    """`count` is None where it may not be shown; `own` marks service's own row."""

    name: str
    under: str
    count: int | None
    said: str
    own: bool = False


def bars(rows: Sequence[Bar], label: str) -> Markup:
    """Wide rows with two lines of words; the narrow form for rows that have nothing under their name."""
    narrow = not any(row.under for row in rows)
    width, names, tall = (420, 120, 30) if narrow else (WIDTH, NAMES, ROW)
    most = max((row.count or 0 for row in rows), default=0) or 1
    room = width - names - (60 if narrow else 110)
    inside = []
    for place, row in enumerate(rows):
        y = place * tall
        inside.append(
            text(0, y + (21 if narrow else 16), shortened(row.name, names - 10), "label" if narrow else "label strong")
        )
        inside.append(text(0, y + 33, shortened(row.under, names - 10), "label soft"))
        if row.count is None:
            inside += [box(names, y + 6, 36, 22, "hatched"), text(names + 46, y + 22, row.said, "label soft")]
        else:
            length = max(room * row.count / most, 2)
            inside.append(box(names, y + 6, length, 22, "bar own" if row.own else "bar"))
            inside.append(text(names + length + 10, y + 22, row.said))
    return drawing(max(len(rows), 1) * tall, label, *inside, width=width)
