"""Storing events: append-only, idempotent by (conversation, seq)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from touchpoints.errors import EventConflict
from touchpoints.events import Event, encode_body
from touchpoints.instant import from_datetime
from touchpoints.parsing import parse
from touchpoints.schema import event as event_table
from touchpoints.schema import stale_conversation

_COMPARED_AT_ONCE: Final = 500
Row = dict[str, Any]


def append(connection: Connection, events: Iterable[Mapping[str, Any] | Event]) -> int:
    """Stores events and marks their conversations for derivation; returns how many were new.

    Two statements, and no reading of the conversation's history. An event already stored is ignored. Raises EventError
    naming the field of an invalid event, EventConflict when a stored (conversation, seq) has other content: its
    transaction must not be committed then.
    """
    return append_rows(connection, [row(raw if isinstance(raw, Event) else parse(raw)) for raw in events])


def append_rows(connection: Connection, rows: Sequence[Row]) -> int:
    """`append` for events already validated and turned into rows."""
    stored, conflicts = store_rows(connection, rows)
    for conflict in conflicts:
        raise EventConflict(conflict["conversation_id"], conflict["seq"])
    return stored


def store_rows(connection: Connection, rows: Sequence[Row]) -> tuple[int, list[Row]]:
    """Stores rows and marks their conversations; returns how many were new, and those with other content."""
    if not rows:
        return 0, []
    ignoring = _statements(connection.dialect.name)[0]
    options = {"preserve_rowcount": True}
    stored = connection.execute(ignoring, rows, execution_options=options).rowcount
    conflicts = [] if stored == len(rows) else _other_content(connection, rows)
    mark(connection, {row["conversation_id"] for row in rows})
    return stored, conflicts


def mark(connection: Connection, conversations: Iterable[str]) -> None:
    """Marks conversations as needing derivation, with a mark of their own for each change."""
    rows = [{"conversation_id": name, "mark": secrets.randbits(62)} for name in sorted(conversations)]
    if rows:
        connection.execute(_statements(connection.dialect.name)[1], rows)


def row(event: Event) -> Row:
    """The row of an event."""
    return {
        "conversation_id": event.conversation_id,
        "seq": event.seq,
        "at": from_datetime(event.at),
        "type": event.body.TYPE,
        "customer_key": getattr(event.body, "customer_key", None),
        "attributes": encode_body(event.body),
    }


@cache
def _statements(dialect: str) -> tuple[Any, Any]:
    """Insert events not stored yet; mark conversations anew. Built once: building them costs more than running them."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert
    events = insert(event_table).on_conflict_do_nothing(index_elements=["conversation_id", "seq"])
    marks = insert(stale_conversation)
    marks = marks.on_conflict_do_update(index_elements=["conversation_id"], set_={"mark": marks.excluded.mark})
    return events, marks


def _other_content(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """An erased event stays erased: it equals whatever arrives again under its number."""
    # not by pairs of both columns: SQLite looks those up in no index, and reads all there are
    query = select(event_table)
    conflicts = []
    for start in range(0, len(rows), _COMPARED_AT_ONCE):
        part = rows[start : start + _COMPARED_AT_ONCE]
        wanted = query.where(
            event_table.c.conversation_id.in_({row["conversation_id"] for row in part}),
            event_table.c.seq.in_({row["seq"] for row in part}),
        )
        stored = {(found.conversation_id, found.seq): found for found in connection.execute(wanted)}
        for row in part:
            found = stored[row["conversation_id"], row["seq"]]
            if not found.erased and any(getattr(found, name) != value for name, value in row.items()):
                conflicts.append(row)
    return conflicts
