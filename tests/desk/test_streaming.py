"""Text sent while it is read: all of it, in order, errors before the first of it, and no reading for nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from desk.api import streaming
from desk.api.streaming import CHUNKS_AHEAD, LINES_AT_ONCE, streamed
from desk.store.database import Database
from touchpoints.errors import QueryError
from touchpoints.store import open_engine


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(open_engine(f"sqlite:///{tmp_path / 'desk.sqlite'}"))
    yield opened
    opened.close()  # waits for the reading to end


class Lines:
    """Numbered lines, and how many were asked for."""

    def __init__(self, n: int, fails_at: int = -1) -> None:
        self.n, self.fails_at, self.given = n, fails_at, 0

    def __call__(self, connection: Connection) -> Iterator[str]:
        for number in range(self.n):
            if number == self.fails_at:
                raise QueryError("where", "no such field")
            self.given += 1
            yield f"{number}\n"


@pytest.mark.parametrize("n", [0, 1, LINES_AT_ONCE, LINES_AT_ONCE * (CHUNKS_AHEAD + 3) + 1])
async def test_every_line_arrives_in_order(database: Database, n: int) -> None:
    assert "".join([chunk async for chunk in streamed(database, Lines(n))]) == "".join(f"{k}\n" for k in range(n))


async def test_a_refusal_comes_before_anything_else(database: Database) -> None:
    with pytest.raises(QueryError, match="no such field"):
        await anext(streamed(database, Lines(10, fails_at=1)))


async def test_who_stops_listening_stops_the_reading(database: Database) -> None:
    lines = Lines(10**9)
    async with aclosing(streamed(database, lines)) as chunks:
        await anext(chunks)
    database.close()
    assert lines.given <= LINES_AT_ONCE * (CHUNKS_AHEAD + 3)


async def test_who_takes_nothing_is_given_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "PATIENCE_S", 0.01)
    lines = Lines(10**9)
    async with aclosing(streamed(database, lines)) as chunks:
        await anext(chunks)
        with pytest.raises(TimeoutError):
            while True:
                await streaming.asyncio.sleep(0.05)  # type: ignore[attr-defined]
                await anext(chunks)
