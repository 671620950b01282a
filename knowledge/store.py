"""The folder of immutable versions and the pointer to the one that serves.

    knowledge/
      CURRENT                     names of the serving version and of the one that served before, a line each
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
from knowledge.files import create
from knowledge.hold import unused

KEPT_VERSIONS: Final = 10
LOCK_WAIT_S: Final = 60
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
        return next(iter(self._pointed()), None)

    def earlier_names(self) -> list[str]:
        """The versions to go back to: the one that served before, then the others, newest first."""
        current, before = (*self._pointed(), None, None)[:2]
        names = [folder.name for folder in reversed(self.folders()) if folder.name != current]
        return sorted(names, key=lambda name: name != before)

    def _pointed(self) -> list[str]:
        try:
            return self._pointer.read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []

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
        with self._room():
            try:
                write(work)
                sync(work)
                work.rename(self.folder_of(name))
                sync(self._versions, deep=False)
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def point_to(self, name: str) -> None:
        """Makes a version the serving one. Raises KnowledgeError when the disk is full."""
        current, before = (*self._pointed(), "", "")[:2]
        fresh = self._pointer.with_name(".CURRENT")
        with self._room():
            fresh.unlink(missing_ok=True)
            with create(fresh) as file:
                file.write(f"{name}\n{before if current == name else current}\n".encode())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._pointer)
        sync(self._folder, deep=False)

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in FULL:
                raise KnowledgeError(
                    f"The disk is full; the old version goes on serving. Free some space in {self._folder} "
                    "and run the same command again"
                ) from error
            raise

    def remove(self, name: str) -> None:
        """Deletes a version, in a way that never leaves half of one under its name."""
        gone = self._versions / f".gone-{name}"
        self.folder_of(name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def forget_oldest(self) -> None:
        """Deletes all but the newest versions, the serving one, the one before it, and those a process has loaded."""
        for folder in self.folders()[:-KEPT_VERSIONS]:
            if folder.name not in self._pointed():
                with unused(folder) as free:
                    if free:
                        self.remove(folder.name)

    @contextlib.contextmanager
    def writing(self, say: Callable[[str], None]) -> Iterator[None]:
        """Holds the writer's lock. What a killed writer left behind is cleared away."""
        self._versions.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "lock")
        try:
            try:
                lock.acquire(timeout=0)
            except Timeout:
                say(f"Another process is changing {self._folder}: waiting for it, {LOCK_WAIT_S:g} s at most")
                lock.acquire(timeout=LOCK_WAIT_S)
        except Timeout as error:
            raise KnowledgeError(
                f"Another process has been changing {self._folder} for {LOCK_WAIT_S:g} s; "
                "nothing was changed: try again when it is done"
            ) from error
        try:
            for left in self._versions.glob(".*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
        finally:
            lock.release()


def sync(folder: Path, deep: bool = True) -> None:
    """Forces a folder, and all in it, to disk: a version is announced only when a power cut can't empty it."""
    for path in [*(sorted(folder.rglob("*")) if deep else ()), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
