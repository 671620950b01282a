"""CX as the frame, its areas within it, service one of them: observed ones in full line, the others hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from desk.dashboard.charts.svg import WIDTH, box, drawing, text, wrapped

COLUMNS, GAP, TOP, TALL = 4, 12, 52, 96


@dataclass(frozen=True)
class Tile:
    name: str
    said: str
    observed: bool
    service: bool


def nested(title: str, tiles: Sequence[Tile], label: str) -> Markup:
    wide = (WIDTH - GAP * (COLUMNS + 1)) / COLUMNS
    rows = -(-len(tiles) // COLUMNS)
    height = TOP + rows * (TALL + GAP) + 4
    inside = [box(1, 1, WIDTH - 2, height - 2, "outer", rx=10), text(GAP + 4, 32, title, "label title")]
    for place, tile in enumerate(tiles):
        x, y = GAP + (place % COLUMNS) * (wide + GAP), TOP + (place // COLUMNS) * (TALL + GAP)
        inside.append(box(x, y, wide, TALL, "observed" if tile.observed else "hatched", rx=6))
        if tile.service:
            inside.append(box(x + 5, y + 5, wide - 10, TALL - 10, "inner", rx=4, fill="none"))
        if not tile.observed:  # words are never read through hatching
            inside.append(box(x + 8, y + 12, wide - 16, TALL - 24, "plate", rx=3))
        for line, said in enumerate(wrapped(tile.name, wide - 28)):
            inside.append(text(x + 16, y + 34 + 17 * line, said, "label strong"))
        for line, said in enumerate(wrapped(tile.said, wide - 28)):
            inside.append(text(x + 16, y + 68 + 15 * line, said, "label small"))
    return drawing(height, label, *inside)
