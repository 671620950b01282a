"""The version that answers in this process, which follows the pointer by itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from knowledge.errors import KnowledgeError, VersionError
from knowledge.store import VersionStore
from knowledge.version import Version

PATIENCE_S: Final = 0.25  # a query waits so long at most for a new version; later ones go on with the old
Stamp = tuple[int, int]

log = logging.getLogger(__name__)


class Serving:
    """Loads the version pointed to, beside the one that answers, and swaps them when it is whole.

    A version that can't be read never takes the place of one that can: the one in memory goes on, and after a restart
    the one that served before is taken. `trouble` then says what is wrong and which command mends it.
    """

    def __init__(self, store: VersionStore, check: Callable[[Version], None]) -> None:
        self._store, self._check = store, check
        self._held: tuple[Stamp, Version] | None = None
        self._lock = threading.Lock()
        self._loader: threading.Thread | None = None
        self.trouble: str | None = None

    def current(self) -> Version | None:
        """The version to ask, None before the first; one `stat` when nothing changed.

        Raises VersionError when none can be read, EncoderError when it was built with another encoder than this one.
        """
        stamp, held = self._store.stamp(), self._held
        if stamp is None:
            return None
        if held is None:
            return self._first(stamp)
        if held[0] != stamp:
            loader = self._started(stamp)
            if loader:
                loader.join(PATIENCE_S)
                held = self._held or held
        return held[1]

    def adopt(self, version: Version) -> None:
        """Takes a version that this process itself has just pointed to."""
        stamp = self._store.stamp()
        if stamp:
            self._held, self.trouble = (stamp, version), None

    def _first(self, stamp: Stamp) -> Version:
        with self._lock:
            if self._held:
                return self._held[1]
            try:
                version = self._load()
            except VersionError as error:
                version = self._earlier(error)
            self._held = stamp, version
            return version

    def _started(self, stamp: Stamp) -> threading.Thread | None:
        """A thread that loads what is pointed to now; None when one is at it already."""
        with self._lock:
            if self._loader and self._loader.is_alive():
                return None
            self._loader = threading.Thread(target=self._follow, args=(stamp,), name="knowledge", daemon=True)
            self._loader.start()
            return self._loader

    def _follow(self, stamp: Stamp) -> None:
        held = self._held
        try:
            version = self._load()
        except (KnowledgeError, OSError) as error:
            assert held is not None
            version = held[1]
            self._tell(f"{error}. Version {version.name} goes on serving")
        else:
            self.trouble = None
        self._held = stamp, version

    def _load(self) -> Version:
        """The version pointed to. When it was deleted between the look at the pointer and at it, the next one."""
        while True:
            name = self._store.current_name()
            try:
                version = Version.load(self._store.folder_of(name or ""))
            except VersionError:
                if name == self._store.current_name():
                    raise
                continue
            self._check(version)
            return version

    def _earlier(self, error: VersionError) -> Version:
        for name in self._store.earlier_names():
            try:
                version = Version.load(self._store.folder_of(name))
                self._check(version)
            except KnowledgeError:
                continue
            self._tell(f"{error}. Version {name} serves in its place")
            return version
        raise error

    def _tell(self, trouble: str) -> None:
        self.trouble = trouble
        log.error(trouble)
