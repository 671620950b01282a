"""The files of a folder and everything below it, in an order that is the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from knowledge.readers.record import Problem

SKIPPED: Final = ("__MACOSX", "node_modules")
LOCK_FILE: Final = "~$"  # what Word keeps beside a document that is open


def files(root: Path, endings: Collection[str]) -> Iterator[Path | Problem]:
    """Every file with one of the endings; hidden ones are left out. Links are followed, but never round in circles."""
    yield from _walk(root, frozenset(endings), frozenset())


def _walk(folder: Path, endings: frozenset[str], above: frozenset[tuple[int, int]]) -> Iterator[Path | Problem]:
    try:
        status = folder.stat()
        here = (status.st_dev, status.st_ino)
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield Problem(folder, 0, f"the folder can't be read: {error.strerror}")
        return
    if here in above:
        yield Problem(folder, 0, "this link leads back to a folder that holds it, so it isn't followed")
        return
    for name in names:
        path = folder / name
        if name.startswith((".", LOCK_FILE)) or name in SKIPPED:
            continue
        if path.is_dir():
            yield from _walk(path, endings, above | {here})
        elif path.suffix.lower() in endings:
            yield path
