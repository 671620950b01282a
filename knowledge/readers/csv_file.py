"""CSV with a header line; the separator is a comma, a semicolon or a tab. Lists are written with | between items."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from knowledge.readers.record import Problem, Record, not_text

SEPARATORS: Final = ",;\t"


def read(file: Path, root: Path) -> Iterator[Record | Problem]:
    """A record for each row, and a problem for each row that doesn't have the header's number of values."""
    lines = _Lines(file)
    try:
        yield from _rows(file, lines)
    except UnicodeDecodeError:
        yield not_text(file, lines.number)


class _Lines:
    """The lines of a file, one at a time, counted; a line that isn't UTF-8 raises when it is reached."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        with self._file.open("rb") as raw:
            for self.number, line in enumerate(raw, start=1):
                yield line.decode("utf-8-sig" if self.number == 1 else "utf-8")


def _rows(file: Path, lines: _Lines) -> Iterator[Record | Problem]:
    source = iter(lines)
    first = next(source)
    separator = max(SEPARATORS, key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
    if len(set(header)) < len(header) or not all(header):
        yield Problem(file, 1, "the header must give every column a name of its own")
        return
    rows = csv.reader(source, delimiter=separator, strict=True)
    while True:
        start = lines.number + 1
        try:
            values = next(rows, None)
        except csv.Error as error:
            yield Problem(file, start, f"this row is broken: {error}")
            continue
        if values is None:
            return
        if values and len(values) != len(header):
            yield Problem(file, start, f"this row has {len(values)} values, the header has {len(header)}")
        elif any(values):
            yield Record(file, start, dict(zip(header, values, strict=True)))
