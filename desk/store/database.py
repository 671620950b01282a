"""Whole transactions in a thread: the event loop waits once per transaction, never once per statement.

SQLite takes one writer at a time whatever one does, so writes queue for one thread, and those that wait together are
put on disk together: reaching the disk takes as long for one as for many. PostgreSQL gets a few writers and does the
same by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

from touchpoints.store import reading

T = TypeVar("T")
TOGETHER_S: Final = 0.01  # a commit waits no longer than this for what else is queued, but for the last of it to end


class Write(NamedTuple):
    """A function of a connection, and whoever waits for its result."""

    work: Callable[[Connection], Any]
    waiting: Future[Any]


class Outcome(NamedTuple):
    """What a function gave, or what it raised."""

    result: Any = None
    raised: BaseException | None = None


class Database:
    """The asynchronous door to the engine: give it a function of a connection, get the function's result.

    What a function that raises wrote is undone, and the exception reaches its caller alone.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._shares_commits = engine.dialect.name == "sqlite"
        self._queued: deque[Write] = deque()
        self._writers = ThreadPoolExecutor(1 if self._shares_commits else 4, thread_name_prefix="database-write")
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="database-read")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one function, all of it or nothing; when this returns, what it wrote is on disk.

        It sees what functions queued before it wrote. Should the commit fail that it shares with others, all of them
        fail with what the database said.
        """
        waiting: Future[T] = Future()
        self._queued.append(Write(work, waiting))
        self._writers.submit(self._write_queued)
        return await asyncio.wrap_future(waiting)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run one function that only reads."""
        return await asyncio.wrap_future(self.begin_reading(work))

    def begin_reading(self, work: Callable[[Connection], T]) -> Future[T]:
        """Have one function that only reads run beside whatever comes next, also where no event loop runs yet."""
        return self._readers.submit(self._connection, work)

    def _write_queued(self) -> None:
        """One transaction: of the write that waits longest, and on SQLite of those behind it."""
        first = self._next()
        if first is None:  # it went with the one before it
            return
        written = [first]
        try:
            with self.engine.begin() as connection:
                last = time.monotonic() + TOGETHER_S
                outcomes = [Outcome(first.work(connection))]
                while self._shares_commits and time.monotonic() < last and (following := self._next()) is not None:
                    written.append(following)
                    outcomes.append(_attempt(connection, following.work))
        except BaseException as error:
            outcomes = [Outcome(raised=error)] * len(written)
        for write, outcome in zip(written, outcomes, strict=True):
            if outcome.raised is None:
                write.waiting.set_result(outcome.result)
            else:
                write.waiting.set_exception(outcome.raised)

    def _next(self) -> Write | None:
        """The write that waits longest, of those somebody still waits for."""
        while self._queued:
            write = self._queued.popleft()
            if write.waiting.set_running_or_notify_cancel():
                return write
        return None

    def _connection(self, work: Callable[[Connection], T]) -> T:
        with reading(self.engine) as connection:
            return work(connection)

    def close(self) -> None:
        """Finish what is queued, then give the connections back."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def _attempt(connection: Connection, work: Callable[[Connection], Any]) -> Outcome:
    """Run a function so that it can be undone alone; raises what it raised when it can't be, as on a full disk."""
    savepoint = connection.begin_nested()
    try:
        result = work(connection)
        savepoint.commit()
    except Exception as error:
        try:
            savepoint.rollback()
        except Exception:  # the database has undone everything by itself
            raise error from None
        return Outcome(raised=error)
    return Outcome(result)
