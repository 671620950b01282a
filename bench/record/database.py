"""An empty database of either kind, gone afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import psycopg


class Place:
    """Where to measure; each `with` makes a new, empty database and gives its address."""

    def __init__(self, name: str, folder: Path | None, server: str | None) -> None:
        self.name = name
        self._folder, self._server = folder, server
        self._made = ""

    def __enter__(self) -> str:
        self._made = f"bench_{secrets.token_hex(6)}"
        if self._folder is not None:
            return f"sqlite:///{self._folder / self._made}.sqlite"
        assert self._server is not None
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{self._made}"')
        return f"{self._server.rsplit('/', 1)[0]}/{self._made}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            for left in self._folder.glob(f"{self._made}*"):
                left.unlink()
            return
        assert self._server is not None
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{self._made}" WITH (FORCE)')


def places(folder: Path, server: str | None) -> Iterator[Place]:
    """SQLite in a folder, and PostgreSQL where a server is named."""
    yield Place("SQLite", folder, None)
    if server:
        yield Place("PostgreSQL", None, server)
