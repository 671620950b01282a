"""The folder of immutable versions and the pointer to the one that serves.

    knowledge/
      CURRENT                     name of the serving version
      versions/0007-3f2a9c1d/     one version, never changed once it is there
      lock                        held by the one process that may write

A version is written under a hidden name, forced to disk, renamed into place, and only then pointed to, by renaming a
new pointer over the old: a crash, a full disk or Ctrl-C at any moment leaves the old version serving.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from knowledge.errors import KnowledgeError

KEPT_VERSIONS: Final = 10
LOCK_WAIT_S: Final = 60


class VersionStore:
    """Names, adds, points to and forgets versions; what is in them is not its concern."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "CURRENT"
        self._versions = folder / "versions"

    def stamp(self) -> tuple[int, int] | None:
        """A value that changes whenever the pointer is replaced; None before the first version. One `stat`."""
        try:
            found = os.stat(self._pointer)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def current_name(self) -> str | None:
        """Name of the serving version, None before the first."""
        try:
            return self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    def current_folder(self) -> Path | None:
        name = self.current_name()
        return self.folder_of(name) if name else None

    def folder_of(self, name: str) -> Path:
        return self._versions / name

    def folders(self) -> list[Path]:
        """Every whole version, oldest first."""
        if not self._versions.exists():
            return []
        return sorted(folder for folder in self._versions.iterdir() if not folder.name.startswith("."))

    def next_name(self, fingerprint: str) -> str:
        """A number that grows, and what tells two versions of the same number apart."""
        latest = max((int(folder.name.split("-")[0]) for folder in self.folders()), default=0)
        return f"{latest + 1:04d}-{fingerprint}"

    def add(self, name: str, write: Callable[[Path], None]) -> None:
        """Has a version written and puts it in place whole. Raises KnowledgeError when the disk is full."""
        work = self._versions / f".{name}"
        try:
            write(work)
            sync(work)
            work.rename(self.folder_of(name))
            sync(self._versions, deep=False)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise KnowledgeError(f"The disk is full; the old version goes on serving ({self._folder})") from error
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def point_to(self, name: str) -> None:
        """Makes a version the serving one."""
        fresh = self._pointer.with_name(".CURRENT")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._pointer)
        sync(self._folder, deep=False)

    def forget_oldest(self) -> None:
        """Deletes all but the newest versions and the serving one."""
        current = self.current_name()
        for folder in self.folders()[:-KEPT_VERSIONS]:
            if folder.name != current:
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock. What a killed writer left behind is cleared away."""
        self._versions.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / "lock", timeout=LOCK_WAIT_S):
                for left in self._versions.glob(".*"):
                    shutil.rmtree(left, ignore_errors=True)
                yield
        except Timeout as error:
            raise KnowledgeError(f"Another process has been changing {self._folder} for {LOCK_WAIT_S} s") from error


def sync(folder: Path, deep: bool = True) -> None:
    """Forces a folder, and all in it, to disk: a version is announced only when a power cut can't empty it."""
    for path in [*(sorted(folder.rglob("*")) if deep else ()), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
