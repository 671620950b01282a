"""The hashes of a version's files: what was damaged after it was written is noticed before it serves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

from knowledge.errors import VersionError


class FileSeal(TypedDict):
    """Size and SHA-256 of a file."""

    bytes: int
    sha256: str


Seals = dict[str, FileSeal]


def seal(folder: Path, known: Mapping[str, FileSeal]) -> Seals:
    """The seals of every file in the folder by relative path; those of files linked from an older version are known."""
    found: Seals = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[name] = known.get(name) or FileSeal(bytes=path.stat().st_size, sha256=_hash(path))
    return found


def verify(folder: Path, seals: Mapping[str, FileSeal], names: Iterable[str]) -> None:
    """Raises VersionError naming the first file that is missing or isn't as it was written, and what to do."""
    for name in names:
        path, expected = folder / name, seals[name]
        try:
            whole = path.stat().st_size == expected["bytes"] and _hash(path) == expected["sha256"]
        except FileNotFoundError:
            raise VersionError(damaged(path, "it is missing")) from None
        if not whole:
            raise VersionError(damaged(path, "its content isn't what was written"))


def damaged(path: Path, how: str) -> str:
    """The message about a damaged file of a version."""
    return (
        f"The knowledge base's file {path} is damaged ({how}): `sportello kb build` makes the version again, "
        "`sportello kb rollback VERSION` serves an older one"
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
