"""CSV as people save it: any common separator, UTF-8 or the encodings of Excel, decimals with point or comma.

Rows come out as they are read, however long the file; what can't be a row comes out as the reason why.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from touchpoints.errors import ImportRefused

MOST_COLUMNS: Final = 100
LONGEST_LINE: Final = 64_000
_SEPARATORS: Final = (";", "\t", ",")
_SNIFFED: Final = 65_536


@dataclass(frozen=True)
class Sheet:
    """An open table. `italian`: separated by semicolons or tabs, so that numbers have a decimal comma."""

    columns: tuple[str, ...]
    italian: bool
    rows: Iterator[tuple[int, dict[str, str] | str]]
    """Line number, and either the row by column or why it was refused."""


def open_sheet(source: BinaryIO, known: Sequence[str], required: Sequence[str]) -> Sheet:
    """The table in a file that starts at its beginning. Raises ImportRefused where the header can't be used.

    The file stays the caller's: the text around it lets go of it when the rows have been read.
    """
    text = io.TextIOWrapper(source, encoding=_encoding(source), errors="strict", newline="")
    try:
        return _opened(text, known, required)
    except ImportRefused:
        text.detach()
        raise


def _opened(text: io.TextIOWrapper, known: Sequence[str], required: Sequence[str]) -> Sheet:
    try:
        first, header = _header(text)
        separator = max(_SEPARATORS, key=header.count)
        columns = tuple(name.strip().lower() for name in next(csv.reader([header], delimiter=separator), []))
    except (UnicodeError, csv.Error) as error:
        raise ImportRefused([(1, f"not readable as text: {error}")], 1) from error
    while columns and not columns[-1]:
        columns = columns[:-1]  # a spreadsheet's empty columns at the right
    if why := _refused(columns, known, required):
        raise ImportRefused([(first, why)], 1)
    return Sheet(columns, separator != ",", _rows(text, columns, separator, first))


def _refused(columns: Sequence[str], known: Sequence[str], required: Sequence[str]) -> str | None:
    if len(columns) > MOST_COLUMNS:
        return f"too many columns: {len(columns)}"
    if twice := [name for name in dict.fromkeys(columns) if columns.count(name) > 1]:
        return f"column {twice[0]!r} appears twice"
    if strange := [name for name in columns if name not in known]:
        return f"unknown column {strange[0][:60]!r}; these are known: {', '.join(known)}"
    if lacking := [name for name in required if name not in columns]:
        return f"column {lacking[0]!r} is missing"
    return None


def _encoding(source: BinaryIO) -> str:
    """UTF-16 and UTF-8 by their mark, UTF-8 where the beginning is, else what Excel writes in Western Europe."""
    start = source.read(_SNIFFED)
    source.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig" if _all_utf8(source) else "cp1252"


def _all_utf8(source: BinaryIO) -> bool:
    """The first accented letter may come late in a long file."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := source.read(_SNIFFED):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        source.seek(0)
    return True


def _header(text: io.TextIOWrapper) -> tuple[int, str]:
    """The line with the column names and its number; Excel may say `sep=;` before it."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise ImportRefused([(number, f"too many columns: a line longer than {LONGEST_LINE:,} characters")], 1)
        if line.strip() and not line.lower().startswith("sep="):
            return number, line
    raise ImportRefused([(1, "the file is empty")], 1)


def _rows(
    text: io.TextIOWrapper, columns: Sequence[str], separator: str, before: int
) -> Iterator[tuple[int, dict[str, str] | str]]:
    reader = csv.reader(_bounded(text), delimiter=separator, strict=True)
    line = before + 1
    try:
        while (cells := next(reader, None)) is not None:
            if any(cell.strip() for cell in cells):
                yield line, _row(cells, columns)
            line = before + reader.line_num + 1
    except (csv.Error, UnicodeError, _TooLong) as error:
        yield line, f"not readable: {error}"
    finally:
        text.detach()


def _row(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str] | str:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return f"too many columns: {len(cells)} where the header has {len(columns)}"
    if any("\0" in cell for cell in cells):
        return "holds a NUL character"
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


class _TooLong(Exception):
    pass


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise _TooLong(f"a line longer than {LONGEST_LINE:,} characters")
        yield line
