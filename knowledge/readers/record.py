"""What readers hand over: a raw entry, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.readers.identity import Translation


@dataclass(frozen=True)
class Record:
    """An entry as it stands in a file or page, its fields not yet checked.

    `path_id` is its id when no field states one. `spoken` is the language a document says it is in, which counts when
    its text doesn't tell another. `translation` is what path or address say of its language. A `whole` document is cut
    into articles when it is long.
    """

    file: Path | str
    line: int
    fields: Mapping[str, Any]
    path_id: str = ""
    spoken: str = ""
    translation: Translation | None = None
    whole: bool = False

    @property
    def place(self) -> str:
        return place(self.file, self.line)


@dataclass(frozen=True)
class Problem:
    """Why an entry, or a whole file (line 0), was refused."""

    file: Path | str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{place(self.file, self.line)}: {self.message}"


def place(file: Path | str, line: int) -> str:
    """File and line as a person reads them; a name with odd characters can't disturb the terminal."""
    name = str(file)
    if not name.isprintable():
        name = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name)
    return f"{name}:{line}" if line else name
