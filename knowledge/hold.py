"""Who has a version loaded: a shared lock on its folder, given up by the system itself when a process dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def hold(folder: Path) -> int:
    """Locks a folder against deletion until the handle is closed. Raises FileNotFoundError."""
    handle = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):  # a file system without locks: the newest versions are kept all the same
        fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


@contextlib.contextmanager
def unused(folder: Path) -> Iterator[bool]:
    """Whether nobody has the folder loaded; nobody can begin to before the block ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        except OSError:
            yield True
        else:
            yield True
    finally:
        os.close(handle)
