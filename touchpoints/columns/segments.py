"""Packed columns in the database: each segment holds the interactions written between two changes.

A later segment wins over an earlier one about the same conversation. Segments grow by merging, so that there are few,
and what was derived since the last one is read row by row: it is always a small part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from touchpoints.columns.table import Table, join, ordered, pack, tabulate, unpack
from touchpoints.facts import Facts, decode
from touchpoints.schema import derivation, interaction, segment

PACK_AT: Final = 5_000
"""Rows derived since the last segment that make the next."""
_LARGEST: Final = 2_000_000
"""Rows of a segment that is not merged any more; databases have an upper bound for one value."""


class Kept(NamedTuple):
    """A stored segment without its body."""

    until_change: int
    rows: int
    replaces: int


def write(connection: Connection, change: int, *, everything: bool = False) -> None:
    """Packs what was derived since the last segment, up to a change, and merges segments of like size.

    With `everything` they all become one, so that nothing of what was overwritten stays behind.
    """
    kept = stored(connection)
    fresh = tabulate(rows_since(connection, kept[-1].until_change if kept else 0))
    replaced = int(connection.execute(select(derivation.c.replaced)).scalar_one())
    tail = _tail(kept, len(fresh), everything)
    below = kept[: len(kept) - len(tail)]
    parts = [read(connection, one.until_change) for one in tail]
    merged = ordered(combine([*parts, fresh], [*(one.replaces for one in tail), replaced]))
    after = below[-1].until_change if below else -1
    connection.execute(delete(segment).where(segment.c.until_change > after))
    if len(merged):
        body, words = pack(merged)
        replaces = sum(one.replaces for one in tail) + replaced if below else 0
        row = {"until_change": change, "rows": len(merged), "replaces": replaces, "words": words, "body": body}
        connection.execute(insert(segment), row)
    connection.execute(update(derivation).values(unpacked=0, replaced=0))


def _tail(kept: list[Kept], rows: int, everything: bool) -> list[Kept]:
    """The latest segments that are not much larger than what is packed now."""
    begin = len(kept)
    while begin and (everything or (kept[begin - 1].rows <= 2 * rows and kept[begin - 1].rows < _LARGEST)):
        begin -= 1
        rows += kept[begin].rows
    return kept[begin:]


def combine(parts: Sequence[Table], replaces: Sequence[int]) -> Table:
    """Parts from the oldest to the newest as one table, without what a newer one says anew, where one does."""
    kept = [*parts]
    for newest in range(len(kept) - 1, 0, -1):
        for earlier in range(newest if replaces[newest] else 0):
            kept[earlier] = kept[earlier].without(kept[newest])
    return join(kept)


def stored(connection: Connection) -> list[Kept]:
    """The segments there are, the oldest first."""
    query = select(segment.c.until_change, segment.c.rows, segment.c.replaces).order_by(segment.c.until_change)
    return [Kept(*row) for row in connection.execute(query)]


def read(connection: Connection, until_change: int) -> Table:
    """One segment."""
    query = select(segment.c.body, segment.c.words).where(segment.c.until_change == until_change)
    body, words = connection.execute(query).one()
    return unpack(body, words)


def rows_since(connection: Connection, change: int) -> list[Facts]:
    """The interactions derived after a change."""
    query = select(interaction.c.facts).where(interaction.c.change > change)
    return [decode(document) for document in connection.execute(query).scalars()]


def drop(connection: Connection) -> None:
    """Forgets all segments."""
    connection.execute(delete(segment))


def latest_change(connection: Connection) -> int:
    """The number of the last derivation that wrote anything."""
    return int(connection.execute(select(func.coalesce(func.max(derivation.c.change), 0))).scalar_one())
