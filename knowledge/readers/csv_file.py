"""CSV with a header line; the separator is a comma, a semicolon or a tab. Lists are written with | between items."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from knowledge.article import LONGEST_BODY
from knowledge.readers.record import Problem, Record
from knowledge.readers.text import Lines, is_text, not_utf8

SEPARATORS: Final = ",;\t"


def read(file: Path, encoding: str | None = None) -> Iterator[Record | Problem]:
    """A record for each row, and a problem for each row that doesn't have the header's number of values."""
    lines = Lines(file, encoding)
    if lines.binary:
        yield Problem(file, 0, "this isn't a text file")
        return
    source = iter(lines)
    first = next(source)
    if not is_text(first):
        yield not_utf8(file, 1)
        return
    separator = max(SEPARATORS, key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    while header and not header[-1]:  # columns a spreadsheet left empty at the end
        header.pop()
    if len(set(header)) < len(header) or not all(header) or not header:
        yield Problem(file, 1, "the header must give every column a name of its own")
        return
    csv.field_size_limit(2 * LONGEST_BODY)
    yield from _rows(file, lines, csv.reader(source, delimiter=separator, strict=True), header)


def _rows(file: Path, lines: Lines, rows: Iterator[list[str]], header: list[str]) -> Iterator[Record | Problem]:
    while True:
        start = lines.number + 1
        try:
            values = next(rows, None)
        except csv.Error as error:
            yield Problem(file, start, f"this row is broken: {error}")
            continue
        if values is None:
            return
        found = _row(file, start, values, header)
        if found:
            yield found


def _row(file: Path, start: int, values: list[str], header: list[str]) -> Record | Problem | None:
    if not any(values):
        return None
    while len(values) > len(header) and not values[-1]:
        values = values[:-1]
    if not all(map(is_text, values)):
        return not_utf8(file, start)
    if len(values) != len(header):
        return Problem(file, start, f"this row has {len(values)} values, the header has {len(header)}")
    return Record(file, start, dict(zip(header, values, strict=True)))
