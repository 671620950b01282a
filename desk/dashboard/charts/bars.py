"""A ranked bar for each row: name and owner at the left, the count at the bar's end.

There are two forms: wide, and for phones slim, with the words above the bar. Scaled down to a phone the wide one could
not be read, and at its own size the bars' ends and counts would be out of sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.dashboard.charts.svg import WIDTH, box, drawing, shortened, text

NAMES = 290
ROW = 44
SLIM = 300


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
    return drawing(max(len(rows), 1) * tall, label, *inside, width=width, form="wide")


def slim_bars(rows: Sequence[Bar], label: str) -> Markup:
    """The words of each row above its bar."""
    narrow = not any(row.under for row in rows)
    tall, down = (42, 17) if narrow else (60, 33)
    most = max((row.count or 0 for row in rows), default=0) or 1
    room = SLIM - (60 if narrow else 110)
    inside = []
    for place, row in enumerate(rows):
        y = place * tall
        inside.append(text(0, y + 12, shortened(row.name, SLIM), "label" if narrow else "label strong"))
        if row.under:
            inside.append(text(0, y + 28, shortened(row.under, SLIM), "label soft"))
        if row.count is None:
            inside += [box(0, y + down, 36, 14, "hatched"), text(44, y + down + 12, row.said, "label soft")]
        else:
            length = max(room * row.count / most, 2)
            inside.append(box(0, y + down, length, 14, "bar own" if row.own else "bar"))
            inside.append(text(length + 8, y + down + 12, row.said))
    return drawing(max(len(rows), 1) * tall, label, *inside, width=SLIM, form="slim")
