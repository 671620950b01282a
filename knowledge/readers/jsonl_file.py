"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from knowledge.readers.record import Problem, Record, not_text


def read(file: Path, root: Path) -> Iterator[Record | Problem]:
    """A record for each line that holds an object; blank lines are skipped."""
    with file.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError:
                yield not_text(file, number)
                continue
            if line:
                yield _parse(file, number, line)


def _parse(file: Path, number: int, line: str) -> Record | Problem:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return Problem(file, number, f"this line isn't valid JSON: {error}")
    if not isinstance(fields, dict):
        return Problem(file, number, "this line isn't a JSON object")
    return Record(file, number, fields)
