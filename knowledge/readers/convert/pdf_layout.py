"""The lines of a PDF page in reading order, with what their letters look like; a ruled table is one line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from pdfminer.layout import LTChar, LTTextBox, LTTextLine

MOST_RULES: Final = 4000  # lines drawn on a page; a drawing or a map has more, and no table
EDGE: Final = 0.09  # of the page's height, above and below, where headers and footers stand


@dataclass(frozen=True)
class Line:
    """A line of text, or a whole table as Markdown. `box` tells the lines set together from the others."""

    text: str
    size: float
    bold: bool
    box: tuple[int, int]
    edge: bool
    table: bool = False


def lines_of(page: Any) -> list[Line]:
    """Every line of the page in reading order."""
    tables = _tables(page)
    shown: set[int] = set()
    lines: list[Line] = []
    height = float(page.height) or 1.0
    for number, box in enumerate(element for element in page.layout if isinstance(element, LTTextBox)):
        for text_line in box:
            if not isinstance(text_line, LTTextLine):
                continue
            inside = _table_around(text_line, tables, height)
            if inside is None:
                lines += _line(text_line, (page.page_number, number), height)
            elif inside not in shown:
                shown.add(inside)
                lines.append(Line(tables[inside][1], 0.0, False, (page.page_number, -1 - inside), False, table=True))
    return lines


def _line(text_line: Any, box: tuple[int, int], height: float) -> list[Line]:
    text = " ".join(text_line.get_text().replace("\x00", "").split())
    letters = [letter for letter in text_line if isinstance(letter, LTChar) and letter.get_text().strip()]
    if not text or not letters:
        return []
    size = Counter(round(letter.size * 2) / 2 for letter in letters).most_common(1)[0][0]
    bold = all("bold" in letter.fontname.lower() or "black" in letter.fontname.lower() for letter in letters)
    middle = (text_line.y0 + text_line.y1) / 2 / height
    return [Line(text, size, bold, box, middle < EDGE or middle > 1 - EDGE)]


def _tables(page: Any) -> list[tuple[tuple[float, float, float, float], str]]:
    """(bounding box from the top left, Markdown) of each ruled table of at least two rows and columns."""
    if not 4 <= len(page.lines) + len(page.rects) + len(page.curves) <= MOST_RULES:
        return []
    found = []
    for table in page.find_tables():
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        rows = [row for row in rows if any(row)]
        if len(rows) >= 2 and len(rows[0]) >= 2:
            found.append((table.bbox, _markdown(rows)))
    return found


def _markdown(rows: list[list[str]]) -> str:
    written = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([written[0], "|" + " --- |" * len(rows[0]), *written[1:]])


def _table_around(text_line: Any, tables: list[Any], height: float) -> int | None:
    x, y = (text_line.x0 + text_line.x1) / 2, height - (text_line.y0 + text_line.y1) / 2
    for number, ((left, top, right, bottom), _) in enumerate(tables):
        if left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1:
            return number
    return None
