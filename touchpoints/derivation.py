"""Keeps the interaction table equal to what the events say, a few conversations at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exists, insert, literal, select, update

from touchpoints import configuration as configurations
from touchpoints.columns import segments
from touchpoints.columns.layout import NUMBERS, TEXTS
from touchpoints.configuration import Configuration
from touchpoints.events import decode_body
from touchpoints.facts import Facts, QueueStretch, encode
from touchpoints.instant import Instant
from touchpoints.interaction import Happening, derive
from touchpoints.schema import derivation, event, interaction, stale_conversation

AT_ONCE: Final = 200
"""Conversations held in memory at a time."""


_SHAPE: Final = hashlib.sha256(
    repr([*Facts.__struct_fields__, *QueueStretch.__struct_fields__, *NUMBERS, *TEXTS]).encode()
).hexdigest()[:8]
"""A release that adds a field derives everything anew, once."""


class Derived(NamedTuple):
    """A conversation's interactions, and the first and last moment of its events."""

    conversation_id: str
    events_from: Instant
    events_until: Instant
    interactions: list[Facts]


def refresh(connection: Connection, at_most: int | None = None) -> int:
    """Derives the interactions of every conversation that changed, or of all when the configuration did.

    With `at_most` it stops when that many are done, so that the transaction stays short; the rest waits.

    Returns how many conversations were derived. Takes turns with other refreshes; an append during it is not lost.
    """
    configuration = configurations.load(connection)
    if holds(connection, configuration) and not any_stale(connection):
        return 0
    connection.execute(update(derivation).values(id=derivation.c.id))  # one at a time: waits for another refresh to end
    if not holds(connection, configuration):
        mark_all(connection)
        connection.execute(update(derivation).values(config_version=derived_as(configuration)))
        segments.drop(connection)
    total = packed = 0
    while stale := _stale(connection):
        unpacked = _derive_some(connection, stale, configuration)
        if unpacked >= segments.PACK_AT:
            segments.write(connection, segments.latest_change(connection))
            packed += 1
        total += len(stale)
        if at_most is not None and total >= at_most:
            break
    if packed > 1:  # after many, as after an import, one segment is the quickest to read
        segments.write(connection, segments.latest_change(connection), everything=True)
    return total


def _derive_some(connection: Connection, stale: list[dict[str, Any]], configuration: Configuration) -> int:
    """Derives marked conversations anew; returns how many rows were written since the last segment."""
    names = [row["of_conversation"] for row in stale]
    change, unpacked, replaced = connection.execute(
        select(derivation.c.change + 1, derivation.c.unpacked, derivation.c.replaced)
    ).one()
    gone = connection.execute(delete(interaction).where(interaction.c.conversation_id.in_(names))).rowcount
    rows = [row for found in derive_stored(connection, names, configuration) for row in _rows(found, change)]
    if rows:
        connection.execute(insert(interaction), rows)
    connection.execute(_CLEAR, stale)
    counted = {"change": change, "unpacked": unpacked + len(rows), "replaced": replaced + gone}
    connection.execute(update(derivation).values(counted))
    return int(counted["unpacked"])


def recompute(connection: Connection) -> int:
    """Derives every conversation anew from its events; returns how many."""
    mark_all(connection)
    return refresh(connection)


def mark_all(connection: Connection) -> None:
    """Marks every conversation as needing derivation."""
    connection.execute(delete(stale_conversation))
    every = select(event.c.conversation_id, literal(0)).distinct()
    connection.execute(insert(stale_conversation).from_select(["conversation_id", "mark"], every))


def holds(connection: Connection, configuration: Configuration) -> bool:
    """Whether the stored interactions are those this configuration gives, with the fields they have today."""
    return bool(connection.execute(select(derivation.c.config_version)).scalar_one() == derived_as(configuration))


def derived_as(configuration: Configuration) -> str:
    """What stored interactions say they were derived with: the configuration's version, and their own shape."""
    return f"{configuration.version}/{_SHAPE}"


def any_stale(connection: Connection) -> bool:
    """Whether a conversation has events its interactions don't know yet."""
    return bool(connection.execute(select(exists().where(stale_conversation.c.conversation_id.is_not(None)))).scalar())


def derive_stored(
    connection: Connection, conversations: Sequence[str], configuration: Configuration, as_of: Instant | None = None
) -> Iterator[Derived]:
    """The interactions of stored conversations, from their events up to a moment."""
    for start in range(0, len(conversations), AT_ONCE):
        part = conversations[start : start + AT_ONCE]
        query = select(event).where(event.c.conversation_id.in_(part))
        if as_of is not None:
            query = query.where(event.c.at <= as_of)
        rows = connection.execute(query.order_by(event.c.conversation_id, event.c.seq))
        for conversation_id, found in groupby(rows, key=lambda row: row.conversation_id):
            yield _derived(conversation_id, list(found), configuration)


def _derived(conversation_id: str, rows: Sequence[Any], configuration: Configuration) -> Derived:
    happenings = [Happening(row.seq, row.at, decode_body(row.type, row.attributes)) for row in rows]
    moments = [row.at for row in rows]
    return Derived(conversation_id, min(moments), max(moments), derive(conversation_id, happenings, configuration))


def _stale(connection: Connection) -> list[dict[str, Any]]:
    query = select(stale_conversation).order_by(stale_conversation.c.conversation_id).limit(AT_ONCE)
    return [{"of_conversation": row.conversation_id, "of_mark": row.mark} for row in connection.execute(query)]


def _rows(derived: Derived, change: int) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": facts.conversation_id,
            "ordinal": facts.ordinal,
            "customer_key": facts.customer_key,
            "started_at": facts.started_at,
            "events_from": derived.events_from,
            "events_until": derived.events_until,
            "facts": encode(facts),
            "change": change,
        }
        for facts in derived.interactions
    ]


_CLEAR: Final = delete(stale_conversation).where(
    stale_conversation.c.conversation_id == bindparam("of_conversation"),
    stale_conversation.c.mark == bindparam("of_mark"),  # one appended to meanwhile has another mark, and stays
)
