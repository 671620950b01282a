"""Forgetting a customer: words, contacts, sessions and dialogue state go; the bare row of the thread stays."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from desk.store import drafts
from desk.store.schema import message, thread, ticket, widget_session
from touchpoints import store as record

ERASED = "erased-"  # what an erased customer's key begins with
BARE: dict[str, object] = {"page": "", "state": [], "facts": {}, "survey": "none", "holder": "nobody", "agent_id": None}


def erase(conn: Connection, customer_key: str) -> int:
    """Erase a customer from the record and from the desk, in one transaction; returns how many conversations.

    Run `touchpoints.store.checkpoint` after the commit.
    """
    recorded = set(record.erase(conn, customer_key))
    own = set(conn.execute(sa.select(thread.c.id).where(thread.c.customer_key == customer_key)).scalars())
    for thread_id in own | recorded:
        _erase_thread(conn, thread_id)
    drafts.forget(conn, own | recorded)
    return len(own | recorded)


def _erase_thread(conn: Connection, thread_id: str) -> None:
    emptied: Sequence[sa.Update] = (
        message.update()
        .where(message.c.thread_id == thread_id)
        .values(text="", name=None, client_id=None, choice=None, turn=None, extras={}),
        ticket.update().where(ticket.c.thread_id == thread_id).values(name=None, contact="", summary=""),
        # the epoch goes up: a reply being computed right now belongs to nobody
        thread.update()
        .where(thread.c.id == thread_id)
        .values(customer_key=f"{ERASED}{thread_id}", epoch=thread.c.epoch + 1, **BARE),
    )
    for statement in emptied:
        conn.execute(statement)
    conn.execute(widget_session.delete().where(widget_session.c.thread_id == thread_id))
