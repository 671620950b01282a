"""What the app does by itself while it runs: derives the record behind its events, and clears away leftovers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Final

import structlog

from desk import clock
from desk.store import leftovers
from desk.store.database import Database
from touchpoints import store
from touchpoints.columns import frame

log = structlog.get_logger()
DERIVE_EVERY_S: Final = 5.0
TIDY_EVERY_S: Final = 3600.0
AT_ONCE: Final = 200  # conversations; a customer's message waits no longer than these take
BREATH_S: Final = 0.05


async def keep_derived(database: Database) -> None:
    """Derive what has changed, so that a report finds little left to do."""
    await _for_ever(
        lambda: database.write(lambda conn: store.refresh(conn, AT_ONCE)), DERIVE_EVERY_S, "derivation_failed"
    )


async def keep_tidy(database: Database) -> None:
    """Remove what nobody can reach any more."""
    await _for_ever(
        lambda: database.write(lambda conn: leftovers.remove(conn, clock.now(), AT_ONCE)),
        TIDY_EVERY_S,
        "tidying_failed",
    )


def read_ahead(database: Database) -> None:
    """Begin to read the columns of the record, that no lead waits for it: half a second for a million contacts.

    Whoever asks before they are read waits for the rest of it.
    """

    def told(reading: Future[None]) -> None:
        if error := reading.exception():
            log.error("reading_ahead_failed", exc_info=error)

    database.begin_reading(frame.read_ahead).add_done_callback(told)


async def _for_ever(work: Callable[[], Awaitable[int]], every_s: float, failure: str) -> None:
    """Do a bounded piece of work again and again: soon when there is more of it, else after a pause."""
    while True:
        try:
            done = await work()
        except Exception:
            log.exception(failure)
            done = 0
        await asyncio.sleep(BREATH_S if done >= AT_ONCE else every_s)
