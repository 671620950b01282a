"""A CSV as it was uploaded: its columns, its first rows, and the same file with the columns under the names we know.

The reading itself, of numbers, days and encodings, is the record's own (touchpoints/cx/spreadsheet.py): a mapped file
goes through the same door as one from the command line, and its lines keep their numbers.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from desk import catalogue
from touchpoints.cx.spreadsheet import LONGEST_LINE, MOST_COLUMNS
from touchpoints.errors import ImportRefused

SEPARATORS: Final = (";", "\t", ",")
SHOWN: Final = 5


@dataclass(frozen=True)
class Sheet:
    """The text of a file, what separates its cells, and where its header stands. `columns` are as written."""

    text: str
    encoding: str
    separator: str
    header_line: int
    columns: tuple[str, ...]
    rows: int

    def preview(self) -> list[list[str]]:
        """The first rows that hold anything."""
        found = (cells for _, cells in self._records() if any(cell.strip() for cell in cells))
        return [[cell.strip()[:80] for cell in cells[: len(self.columns)]] for cells in islice(found, SHOWN)]

    def renamed(self, names: Mapping[int, str]) -> bytes:
        """The file with only the columns in `names`, by place, under these names. Line numbers stay as they were."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator="\n")
        lines = self.header_line - 1
        out.write("\n" * lines)
        writer.writerow(names.values())
        lines += 1
        for line, cells in self._records():
            out.write("\n" * (line - 1 - lines))
            before = out.tell()
            extra = cells[len(self.columns) :] if any(cell.strip() for cell in cells[len(self.columns) :]) else []
            writer.writerow([cells[place] if place < len(cells) else "" for place in names] + extra)
            lines = line - 1 + out.getvalue()[before:].count("\n")
        return out.getvalue().encode()

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with the line it begins on. Raises ImportRefused where the text is no table any more."""
        body = self.text.split("\n", self.header_line)
        reader = csv.reader(io.StringIO(body[-1] if len(body) > self.header_line else ""), delimiter=self.separator)
        line = self.header_line + 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = self.header_line + 1 + reader.line_num
        except csv.Error as error:
            raise ImportRefused([(line, f"not readable: {error}")], 1) from error


def opened(body: bytes) -> Sheet:
    """The sheet in these bytes. Raises ImportRefused where there is none."""
    encoding = _encoding(body)
    try:
        text = body.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ImportRefused([(1, f"not readable as text: {error.reason}")], 1) from error
    if "\0" in text:
        raise ImportRefused(
            [(1, "not readable as text: this looks like a spreadsheet's own format; save it as CSV")], 1
        )
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lower().startswith("sep="):
            return _headed(text, encoding, number, line)
    raise ImportRefused([(1, "the file is empty")], 1)


def _headed(text: str, encoding: str, number: int, header: str) -> Sheet:
    separator = max(SEPARATORS, key=header.count)
    if len(header) > LONGEST_LINE or header.count(separator) >= MOST_COLUMNS:
        raise ImportRefused([(number, "too many columns")], 1)
    columns = [cell.strip() for cell in next(csv.reader([header], delimiter=separator), [])]
    while columns and not columns[-1]:
        columns.pop()
    filled = sum(1 for line in text.split("\n")[number:] if line.strip())
    return Sheet(text, encoding, separator, number, tuple(columns), filled)


def _encoding(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def guessed(columns: Sequence[str], fields: Sequence[str]) -> dict[int, str]:
    """The field each column seems to hold: by our name for it, or by what the interface calls it in any language."""
    known = {plain(one): one for one in fields}
    for language in catalogue.languages():
        for one in fields:
            known.setdefault(plain(catalogue.text(language, f"strategy.column.{one}")), one)
    found: dict[int, str] = {}
    for place, column in enumerate(columns):
        name = known.get(plain(column))
        if name and name not in found.values():
            found[place] = name
    return found


def plain(name: str) -> str:
    """A column's name without case, blanks and marks."""
    return "".join(one for one in name.casefold() if one.isalnum())
