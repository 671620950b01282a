"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from knowledge.readers.record import Problem, Record
from knowledge.readers.text import LONGEST_LINE, Lines, is_text, not_utf8


def read(file: Path, encoding: str | None = None) -> Iterator[Record | Problem]:
    """A record for each line that holds an object; blank lines are skipped."""
    lines = Lines(file, encoding)
    if lines.binary:
        yield Problem(file, 0, "this isn't a text file")
        return
    for raw in lines:
        if not is_text(raw):
            yield not_utf8(file, lines.number)
        elif len(raw) >= LONGEST_LINE:
            yield Problem(
                file, lines.number, f"the line is longer than {LONGEST_LINE >> 20} MB; what follows isn't read"
            )
            return
        elif line := raw.strip():
            yield _parse(file, lines.number, line)


def _parse(file: Path, number: int, line: str) -> Record | Problem:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(file, number, f"this line isn't valid JSON: {error}")
    if not isinstance(fields, dict):
        return Problem(file, number, "this line isn't a JSON object")
    return Record(file, number, fields)
