"""The table that holds at a moment: what is stored, what changed since, and what only later events change.

Stored rows serve where they hold for the moment asked about. Conversations with events after that moment, or not
derived yet, are derived from their events in memory: the answer is right in every case, and reading never writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool, select

from touchpoints import derivation
from touchpoints.columns import segments
from touchpoints.columns.contacts import Contacts
from touchpoints.columns.held import Held
from touchpoints.columns.table import Table, tabulate
from touchpoints.configuration import Configuration
from touchpoints.engine import READ_ONLY
from touchpoints.facts import Facts
from touchpoints.instant import Instant
from touchpoints.schema import event, interaction, stale_conversation

_held: Final[WeakKeyDictionary[Pool, Held]] = WeakKeyDictionary()
_latest: Final[WeakKeyDictionary[Connection, tuple[str, Contacts]]] = WeakKeyDictionary()
"""What each reader was last told, and under which configuration: a page asks several things of one moment."""
_lock: Final = Lock()


def contacts_at(connection: Connection, configuration: Configuration, as_of: Instant) -> Contacts:
    """All contacts of the record as of a moment, linked to their issues."""
    version, known = _latest.get(connection, (None, None))
    if known is not None and version == configuration.version and known.as_of == as_of:
        return known
    found = _contacts_at(connection, configuration, as_of)
    if connection.get_execution_options().get(READ_ONLY):  # it goes on seeing what it sees now
        _latest[connection] = configuration.version, found
    return found


def _contacts_at(connection: Connection, configuration: Configuration, as_of: Instant) -> Contacts:
    windows = configuration.windows
    if not derivation.holds(connection, configuration):
        found = from_events(connection, configuration, every_conversation(connection), as_of)
        return Contacts(Held(tabulate(found), 0).view(tabulate([])), as_of, windows, derived_here=True)
    fresh = tabulate(_derived_now(connection, configuration, as_of))
    with _lock:
        view = _caught_up(connection).view(fresh)
    return Contacts(view, as_of, windows)


def read_ahead(connection: Connection) -> None:
    """Have the stored columns in memory, so that no question waits for that. What isn't derived yet is left alone."""
    with _lock:
        _caught_up(connection)


def from_events(
    connection: Connection, configuration: Configuration, conversations: Sequence[str], as_of: Instant
) -> list[Facts]:
    """The interactions of conversations, derived here from what had happened by the moment."""
    derived = derivation.derive_stored(connection, conversations, configuration, as_of)
    return [facts for conversation in derived for facts in conversation.interactions]


def every_conversation(connection: Connection) -> list[str]:
    """The ids of all conversations on record, in order."""
    query = select(event.c.conversation_id).distinct().order_by(event.c.conversation_id)
    return list(connection.execute(query).scalars())


def _derived_now(connection: Connection, configuration: Configuration, as_of: Instant) -> list[Facts]:
    """Of conversations whose stored rows don't hold: changed since, or going on after the moment."""
    straddling = select(interaction.c.conversation_id).where(
        interaction.c.events_until > as_of, interaction.c.events_from <= as_of
    )
    names = {row.conversation_id for row in connection.execute(straddling)}
    names |= {row.conversation_id for row in connection.execute(select(stale_conversation.c.conversation_id))}
    return from_events(connection, configuration, sorted(names), as_of)


def _caught_up(connection: Connection) -> Held:
    """The columns of this database up to its latest derivation.

    Kept for the engine's lifetime, by its pool. A reader that sees an older moment of the database than they have
    caught up with, or one that may yet roll back what it sees, reads for itself.
    """
    change, pool = segments.latest_change(connection), connection.engine.pool
    held = _held.get(pool)
    shared = connection.get_execution_options().get(READ_ONLY) and (held is None or held.change <= change)
    if not shared:
        return _read(connection, change)
    if held is None or held.mostly_gone:
        held = _held[pool] = _read(connection, change)
    elif held.change < change:
        held.catch_up(tabulate(segments.rows_since(connection, held.change)), change)
    return held


def _read(connection: Connection, change: int) -> Held:
    kept = segments.stored(connection)
    parts: list[Table] = [segments.read(connection, one.until_change) for one in kept]
    since = kept[-1].until_change if kept else 0
    held = Held(segments.combine(parts or [tabulate([])], [one.replaces for one in kept]), since)
    held.catch_up(tabulate(segments.rows_since(connection, since)), change)
    return held
