"""Text files: their lines, their character encoding, and what isn't text at all."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from knowledge.readers.record import Problem

LONGEST_LINE: Final = 8 * 2**20  # bytes
LOOKED_AT: Final = 8192
MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CONTROL: Final = frozenset(range(32)) - set(b"\t\n\r\f\x1b\x0b\x08")


def not_utf8(file: Path | str, line: int) -> Problem:
    """The problem of text in another encoding."""
    return Problem(file, line, "this isn't UTF-8 text: save the file as UTF-8, or say with --encoding what it is")


class Lines:
    """The lines of a text file, counted. A line that can't be decoded has its bytes as lone surrogates: `is_text`.

    Raises UnicodeError where a whole file in a multi-byte encoding such as UTF-16 is broken.
    """

    def __init__(self, file: Path, encoding: str | None = None) -> None:
        self.number = 0
        self._file = file
        with file.open("rb") as start:
            first = start.read(LOOKED_AT)
        self.encoding = encoding or next((name for mark, name in MARKS.items() if first.startswith(mark)), "utf-8-sig")
        narrow = "16" not in self.encoding and "32" not in self.encoding
        self.binary = narrow and sum(byte in CONTROL for byte in first) > len(first) // 200

    def __iter__(self) -> Iterator[str]:
        with self._file.open("rb") as raw:
            lines = io.TextIOWrapper(raw, self.encoding, errors="surrogateescape", newline="")
            while line := lines.readline(LONGEST_LINE):
                self.number += 1
                yield line


def is_text(line: str) -> bool:
    """Whether the line could be decoded."""
    return line.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in line)
