"""What readers hand over: a raw entry, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Record:
    """An entry as it stands in a file, its fields not yet checked."""

    file: Path
    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Why an entry, or a whole file (line 0), was refused."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def not_text(file: Path, line: int) -> Problem:
    """The problem of a file that isn't UTF-8."""
    return Problem(file, line, "this isn't UTF-8 text: save the file as UTF-8")
