"""A picture with what goes with it, and its forms as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import vl_convert
from markupsafe import Markup

from desk.dashboard.charts.svg import HATCHING

_FILE_STYLE: Final = """
text{font-family:'DejaVu Sans',Arial,sans-serif;font-size:13px;fill:#1e1e1c}
.soft,.tick{fill:#5c5b57}.strong{font-weight:bold}.on{fill:#fff}
.frame{fill:#fff;stroke:#858379}.outer{fill:#f5f4f1;stroke:#858379}.observed{fill:#fff;stroke:#1e1e1c;stroke-width:2}
.bar{fill:#5c5b57}.bar.own,.band{fill:#1f5c4d}.band{fill-opacity:.25}.hatched{fill:url(#hatching);stroke:#858379}
.hatch-ground{fill:#fff}.hatch-line{stroke:#858379;stroke-width:2}.grid{stroke:#e2e0da}.axis{stroke:#858379}
.whisker,.event,.target{stroke:#1e1e1c;stroke-width:1.5}.target{stroke-width:3}.event{stroke-dasharray:5 4}
.low-line,.high-line{fill:none;stroke:#1f5c4d;stroke-width:2.5}.high-line{stroke-dasharray:6 4}
.plate{fill:#fff}.inner{stroke:#1f5c4d;stroke-width:3}.mark{fill:#1e1e1c}.open{fill:#fff;stroke:#1e1e1c;stroke-width:2}.bubble{fill:#1f5c4d;fill-opacity:.85;stroke:#1e1e1c}
"""


@dataclass(frozen=True)
class Picture:
    """`rows` is the table it is drawn from, in words and numbers as the page writes them.

    `slim` is the form for narrow screens, where there is one.
    """

    name: str
    title: str
    sentence: str
    svg: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    slim: str = ""

    def csv(self) -> str:
        """The table as CSV, in the reader's language."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_bare(one) for one in self.head])
        writer.writerows([_safe(_bare(cell)) for cell in row] for row in self.rows)
        return file.getvalue()

    def svg_file(self) -> str:
        """The picture by itself, with a style of its own on white."""
        begin, end, rest = str(self.svg).partition(">")
        ground = '<rect x="-20" y="-20" width="110%" height="120%" fill="#fff"/>'
        styled = f"{begin}{end}<style>{_FILE_STYLE}</style>{HATCHING}{ground}{rest}"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{styled}'

    def png_file(self) -> bytes:
        found: Any = vl_convert.svg_to_png(self.svg_file(), scale=2)
        return bytes(found)


def _bare(said: str) -> str:
    return Markup(said).striptags() if isinstance(said, Markup) else str(said)


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") else cell
