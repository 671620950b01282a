"""Whole transactions in a thread: the event loop waits once per transaction, never once per statement.

SQLite takes one writer at a time whatever one does, so writes queue for one thread; PostgreSQL gets a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from touchpoints.store import reading

T = TypeVar("T")


class Database:
    """The asynchronous door to the engine: give it a function of a connection, get the function's result.

    A function that raises rolls its transaction back and the exception reaches the caller.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        writers = 1 if engine.dialect.name == "sqlite" else 4
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="database-write")
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="database-read")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run one function in a transaction of its own; when this returns, what it wrote is on disk."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._transaction, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run one function that only reads."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._connection, work)

    def _transaction(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)

    def _connection(self, work: Callable[[Connection], T]) -> T:
        with reading(self.engine) as connection:
            return work(connection)

    def close(self) -> None:
        """Finish what is queued, then give the connections back."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()
