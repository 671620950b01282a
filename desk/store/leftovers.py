"""What nobody can reach any more: customers' expired sessions, and conversations opened and never spoken in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from desk import clock
from desk.store.schema import thread, widget_session


def remove(conn: Connection, at: datetime, at_most: int = 500) -> int:
    """Deletes leftovers as of `at`; returns how many conversations went, at most `at_most` in one go.

    A conversation goes only when nothing was said or recorded in it and no session opens it, so no contact is lost.
    """
    conn.execute(widget_session.delete().where(widget_session.c.expires_at <= clock.micros(at)))
    opened = sa.exists().where(widget_session.c.thread_id == thread.c.id)
    silent = sa.select(thread.c.id).where(thread.c.message_seq == 0, thread.c.event_seq == 0, ~opened).limit(at_most)
    return conn.execute(thread.delete().where(thread.c.id.in_(silent))).rowcount
