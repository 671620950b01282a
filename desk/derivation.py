"""Keeps the record's interactions close behind its events, so that a report finds little left to derive."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from desk.store.database import Database
from touchpoints import store

log = structlog.get_logger()
PAUSE_S: Final = 5.0
AT_ONCE: Final = 200  # conversations; a customer's message waits no longer than these take


async def keep_derived(database: Database) -> None:
    """Derive what has changed, a bounded piece at a time, for as long as the app runs."""
    while True:
        try:
            derived = await database.write(lambda conn: store.refresh(conn, AT_ONCE))
        except Exception:
            log.exception("derivation_failed")
            derived = 0
        await asyncio.sleep(0.05 if derived >= AT_ONCE else PAUSE_S)
