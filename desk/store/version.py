"""How far the record has come, as one value: as long as it stays the same, so does every report of a past moment."""

from __future__ import annotations

from typing import Final, TypeAlias

from sqlalchemy import Connection, func, select

from touchpoints.cx.schema import customer_order, dated_entry, observation
from touchpoints.schema import derivation, stale_conversation

Version: TypeAlias = tuple[object, ...]
_PRIME: Final = 1_000_003


def version(connection: Connection) -> Version:
    """Changes with every append, derivation, entry, observation and import of orders; one statement."""
    marks = func.coalesce(func.sum(stale_conversation.c.mark % _PRIME), 0)  # whole marks could overflow a sum
    wanted = (
        select(func.count()).select_from(stale_conversation),
        select(marks).select_from(stale_conversation),
        select(func.count()).select_from(dated_entry),
        select(func.max(dated_entry.c.recorded_at)),
        select(func.count()).select_from(observation),
        select(func.max(observation.c.recorded_at)),
        select(func.count()).select_from(customer_order),
        select(derivation.c.config_version),
        select(derivation.c.change),
    )
    return tuple(connection.execute(select(*(query.scalar_subquery() for query in wanted))).one())
