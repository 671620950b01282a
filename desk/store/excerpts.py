"""The customer's latest words in many conversations at once, shortened for a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from desk.store.schema import message

LONGEST: Final = 140


def last_words(conn: Connection, thread_ids: Sequence[str]) -> dict[str, str]:
    """By thread id, what its customer wrote last (pressed buttons left out), at most 140 characters; one statement."""
    if not thread_ids:
        return {}
    said = sa.and_(message.c.thread_id.in_(thread_ids), message.c.sender == "customer", message.c.choice.is_(None))
    latest = (
        sa.select(message.c.thread_id, sa.func.max(message.c.seq).label("seq"))
        .where(said)
        .group_by(message.c.thread_id)
        .subquery()
    )
    chosen = sa.select(message.c.thread_id, message.c.text).join(
        latest, sa.and_(message.c.thread_id == latest.c.thread_id, message.c.seq == latest.c.seq)
    )
    return {row.thread_id: _shortened(row.text) for row in conn.execute(chosen)}


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
