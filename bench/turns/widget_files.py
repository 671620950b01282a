"""What the widget weighs on the way to a browser."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Final

from desk.launch.home import ROOT

FOLDER: Final = ROOT / "desk" / "static" / "widget"


@dataclass(frozen=True)
class Weight:
    """Bytes after gzip: what every page of the shop loads, and all the widget has, every language included."""

    loader: int
    everything: int
    files: int


def weigh() -> Weight:
    """Every script of the widget, compressed one by one as a web server does."""
    files = sorted(FOLDER.rglob("*.js"))
    sizes = {file: len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files}
    return Weight(sizes[FOLDER / "widget.js"], sum(sizes.values()), len(files))
