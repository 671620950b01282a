"""Text read from the database and sent at the same time, neither running far ahead of the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import islice
from threading import Event
from typing import Final

from sqlalchemy import Connection

from desk.store.database import Database

LINES_AT_ONCE: Final = 500
CHUNKS_AHEAD: Final = 4
PATIENCE_S: Final = 60
"""A receiver that takes nothing for so long is given up, so that it can't hold a connection to the database."""


async def streamed(database: Database, lines: Callable[[Connection], Iterator[str]]) -> AsyncGenerator[str, None]:
    """The lines that a function of a connection gives, joined some hundreds at a time.

    What the function raises is raised here; before the first chunk when it is raised before so many lines. Close the
    generator (`aclosing`) to stop the reading with it.
    """
    loop, chunks = asyncio.get_running_loop(), asyncio.Queue[str](CHUNKS_AHEAD)
    closed = Event()

    def produce(connection: Connection) -> None:
        remaining = lines(connection)
        while not closed.is_set() and (chunk := "".join(islice(remaining, LINES_AT_ONCE))):
            asyncio.run_coroutine_threadsafe(chunks.put(chunk), loop).result(PATIENCE_S)

    reading = asyncio.ensure_future(database.read(produce))
    try:
        while not (reading.done() and chunks.empty()):
            taking = asyncio.ensure_future(chunks.get())
            await asyncio.wait({reading, taking}, return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                yield taking.result()
            else:
                taking.cancel()
        await reading
    finally:
        closed.set()
        reading.add_done_callback(lambda ended: ended.exception())  # nobody is left to be told
        while not chunks.empty():
            chunks.get_nowait()
