"""How far the record has come, as one value: as long as it stays the same, so does every report of a past moment."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Connection, func, select

from touchpoints.cx.schema import customer_order, dated_entry, observation
from touchpoints.schema import derivation, stale_conversation

Version: TypeAlias = tuple[object, ...]


def version(connection: Connection) -> Version:
    """Changes with every append, derivation, entry, observation and import of orders; one statement."""
    marks = select(func.count(), func.coalesce(func.sum(stale_conversation.c.mark), 0)).select_from(stale_conversation)
    entries = select(func.count(), func.max(dated_entry.c.recorded_at)).select_from(dated_entry)
    observed = select(func.count(), func.max(observation.c.recorded_at)).select_from(observation)
    orders = select(func.count()).select_from(customer_order)
    derived = select(derivation.c.config_version, derivation.c.change, derivation.c.unpacked)
    parts = [query.subquery() for query in (marks, entries, observed, orders, derived)]
    return tuple(connection.execute(select(*parts)).one())
