"""The coverage map as a picture for other documents; on the page it is a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from desk.dashboard.charts.svg import WIDTH, box, drawing, text, wrapped

NAMES, ROW, TOP = 180, 40, 40


def grid(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[tuple[str, str]]]], label: str) -> Markup:
    """Each cell is a state and what it says."""
    wide = (WIDTH - NAMES) / max(len(columns), 1)
    inside: list[str] = []
    for place, column in enumerate(columns):
        for row, said in enumerate(wrapped(column, wide - 4)):
            inside.append(text(NAMES + wide * (place + 0.5), 14 + 15 * row, said, "label small", "middle"))
    for place, (name, cells) in enumerate(rows):
        y = TOP + place * ROW
        for line, said in enumerate(wrapped(name, NAMES - 8)):
            inside.append(text(0, y + 16 + 15 * line, said, "label small"))
        for number, (state, said) in enumerate(cells):
            x = NAMES + wide * number
            look = {"shown": "observed", "counts": "frame", "not_applicable": "none"}.get(state, "hatched")
            inside.append(box(x + 2, y + 2, wide - 4, ROW - 4, look, fill="none" if look == "none" else None))
            inside.append(text(x + wide / 2, y + 25, said, "label small", "middle"))
    return drawing(TOP + ROW * len(rows), label, *inside)
