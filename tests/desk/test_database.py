"""Writes that wait together: one commit, each all or nothing, and everyone is told what became of theirs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from desk.store.database import Database
from touchpoints.store import open_engine

NOTES = "CREATE TABLE note (text VARCHAR(50) PRIMARY KEY)"


def opened(url: str) -> Iterator[Database]:
    one = Database(open_engine(url))
    with one.engine.begin() as connection:
        connection.exec_driver_sql(NOTES)
    yield one
    one.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """On SQLite, then on PostgreSQL, which gathers commits by itself."""
    yield from opened(database_url)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    yield from opened(f"sqlite:///{tmp_path / 'desk.sqlite'}")


def note(text: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(sa.text("INSERT INTO note VALUES (:text)"), {"text": text})
        return text

    return work


def then(work: Callable[[Connection], Any], does: Callable[[Connection], Any]) -> Callable[[Connection], Any]:
    def both(connection: Connection) -> Any:
        work(connection)
        return does(connection)

    return both


def fails(_: Connection) -> None:
    raise ValueError("no")


async def together(database: Database, *works: Callable[[Connection], Any]) -> list[Any]:
    """What becomes of writes that all came while another was being written."""
    held, begun = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        begun.set()
        held.wait(10)

    waiting = [asyncio.create_task(database.write(hold))]
    await asyncio.to_thread(begun.wait, 10)
    waiting += [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0.05)  # queued by now; the one that holds took longer than it waits for others
    held.set()
    return (await asyncio.gather(*waiting, return_exceptions=True))[1:]


async def notes(database: Database) -> list[str]:
    return await database.read(lambda c: [str(row.text) for row in c.execute(sa.text("SELECT text FROM note"))])


async def test_what_waits_together_is_committed_together(sqlite):
    commits: list[int] = []
    sa.event.listen(sqlite.engine, "commit", lambda _: commits.append(1))
    assert await together(sqlite, *map(note, "abcdef")) == list("abcdef")
    assert sorted(await notes(sqlite)) == list("abcdef")
    assert len(commits) == 2  # one of them of what held the others up


async def test_one_that_raises_undoes_its_own_and_tells_its_caller_alone(database):
    first, broken, last = await together(database, note("a"), then(note("b"), fails), note("c"))
    assert (first, last) == ("a", "c")
    assert isinstance(broken, ValueError)
    assert sorted(await notes(database)) == ["a", "c"]
    again, *_ = await together(database, then(note("d"), fails))
    assert isinstance(again, ValueError)
    assert sorted(await notes(database)) == ["a", "c"]


async def test_a_broken_rule_of_the_database_is_its_breakers_alone(database):
    *twice, last = await together(database, note("a"), note("a"), note("b"))
    assert last == "b"
    # PostgreSQL's writers work side by side: either may be the first
    assert sorted(isinstance(one, sa.exc.IntegrityError) for one in twice) == [False, True]
    assert sorted(await notes(database)) == ["a", "b"]


async def test_a_later_write_sees_what_an_earlier_one_wrote(sqlite):
    counted = lambda c: c.execute(sa.text("SELECT count(*) FROM note")).scalar_one()  # noqa: E731
    assert await together(sqlite, note("a"), counted, note("b"), counted) == ["a", 1, "b", 2]


async def test_a_commit_that_fails_fails_all_that_share_it_and_keeps_none(sqlite):
    def spoil(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS child (of VARCHAR REFERENCES note DEFERRABLE)")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("INSERT INTO child VALUES ('nobody')")

    found = await together(sqlite, note("a"), spoil, note("b"))
    assert [type(one) for one in found] == [sa.exc.IntegrityError] * 3
    assert await notes(sqlite) == []
    assert await sqlite.write(note("c")) == "c"


async def test_when_the_database_undoes_everything_all_are_told_why(sqlite):
    def full(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")  # as SQLite does when the disk is full
        raise OSError("disk full")

    found = await together(sqlite, note("a"), full, note("b"))
    # the last may have been left for a transaction of its own, but never half
    assert [str(one) for one in found[:2]] == ["disk full"] * 2
    assert await notes(sqlite) == (["b"] if found[2] == "b" else [])


async def test_a_transaction_that_cannot_begin_is_told_to_whoever_waits(database):
    def locked(_: Connection) -> None:
        raise OSError("locked")

    sa.event.listen(database.engine, "begin", locked)
    with pytest.raises(OSError, match="locked"):
        await asyncio.wait_for(database.write(note("a")), 10)
    sa.event.remove(database.engine, "begin", locked)
    assert await asyncio.wait_for(database.write(note("b")), 10) == "b"
    assert await notes(database) == ["b"]


async def test_what_nobody_waits_for_any_more_is_not_begun(sqlite):
    held, begun = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        begun.set()
        held.wait(10)

    holding = asyncio.create_task(sqlite.write(hold))
    await asyncio.to_thread(begun.wait, 10)
    given_up, kept = (asyncio.create_task(sqlite.write(note(text))) for text in "ab")
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0.05)
    held.set()
    await asyncio.gather(holding, kept)
    assert await notes(sqlite) == ["b"]
