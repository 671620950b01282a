"""Tickets: a message taken out of hours, with a contact and the time an answer was promised for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from desk import clock
from desk.store.schema import ticket


@dataclass(frozen=True)
class Ticket:
    """What a customer asked to be called back about, and by when."""

    id: str
    thread_id: str
    created_at: datetime
    due_at: datetime
    contact: str
    summary: str
    name: str | None = None
    closed_at: datetime | None = None


def _ticket(row: sa.Row[Any]) -> Ticket:
    values = dict(row._mapping)
    for name in ("created_at", "due_at", "closed_at"):
        values[name] = clock.moment(values[name]) if values[name] is not None else None
    return Ticket(**values)


def open_ticket(
    conn: Connection, thread_id: str, at: datetime, due_at: datetime, contact: str, summary: str, name: str | None
) -> Ticket:
    """Store the message; a ticket is in the same queue as waiting conversations until it is closed."""
    made = Ticket(f"t-{secrets.token_hex(8)}", thread_id, at, due_at, contact[:320], summary, name)
    values = {**made.__dict__, "created_at": clock.micros(at), "due_at": clock.micros(due_at)}
    conn.execute(ticket.insert().values(values))
    return made


def unanswered(conn: Connection) -> list[Ticket]:
    """Tickets still open, the one promised soonest first."""
    return [
        _ticket(row)
        for row in conn.execute(sa.select(ticket).where(ticket.c.closed_at.is_(None)).order_by(ticket.c.due_at))
    ]


def of_thread(conn: Connection, thread_id: str) -> list[Ticket]:
    chosen = sa.select(ticket).where(ticket.c.thread_id == thread_id).order_by(ticket.c.created_at)
    return [_ticket(row) for row in conn.execute(chosen)]


def correct_contact(conn: Connection, thread_id: str, contact: str) -> bool:
    """Another contact for the latest message still open; whether there was one."""
    open_ones = [one for one in of_thread(conn, thread_id) if one.closed_at is None]
    if not open_ones:
        return False
    chosen = ticket.update().where(ticket.c.id == open_ones[-1].id)
    conn.execute(chosen.values(contact=contact[:320]))
    return True


def close_of_thread(conn: Connection, thread_id: str, at: datetime) -> list[Ticket]:
    """Close what was open for this thread; returns what was closed."""
    open_ones = [one for one in of_thread(conn, thread_id) if one.closed_at is None]
    conn.execute(
        ticket.update()
        .where(ticket.c.thread_id == thread_id, ticket.c.closed_at.is_(None))
        .values(closed_at=clock.micros(at))
    )
    return open_ones
