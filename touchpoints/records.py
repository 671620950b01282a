"""The records a question needs: those of its period, and the history of their customers, for the chains.

Stored rows serve where they hold for the moment asked about. Conversations with events after that moment, or not
derived yet, are derived from their events in memory: the answer is right in every case, and reading never writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from touchpoints import derivation, period
from touchpoints.chain import link
from touchpoints.configuration import Configuration
from touchpoints.facts import Facts, decode
from touchpoints.instant import Instant
from touchpoints.period import Span
from touchpoints.record import Record
from touchpoints.schema import event, interaction, stale_conversation

_KEYS_AT_MOST: Final = 500


def load(connection: Connection, configuration: Configuration, span: Span, as_of: Instant) -> list[Record]:
    """The records that started in the span, in order, linked to their issues as of the moment."""
    if derivation.derived_with(connection) == configuration.version:
        fresh = _derived_now(connection, configuration, as_of)
        facts = fresh + _stored(connection, span, as_of, fresh)
    else:
        facts = _from_events(connection, configuration, _every(connection), as_of)
    records = [Record(known, as_of, configuration.windows) for known in facts if known.started_at <= as_of]
    link(records, as_of, configuration.windows)
    return sorted((record for record in records if record.facts.started_at in span), key=Record.order)


def bounds(connection: Connection) -> tuple[Instant, Instant] | None:
    """The first and the last moment of the record; None when it is empty."""
    first, last = connection.execute(select(func.min(event.c.at), func.max(event.c.at))).one()
    return None if first is None else (first, last)


def days(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None,
    period_to: period.Day | None,
    moment: Instant,
) -> tuple[Span, dict[str, str]]:
    """The days asked for; where left open, from the record's first day and to the day looked back from."""
    last = configuration.local(moment).date() if period_to is None else period.day("to", period_to)
    if period_from is None:
        recorded = bounds(connection)
        first = last if recorded is None else min(configuration.local(recorded[0]).date(), last)
    else:
        first = period.day("from", period_from)
    return period.span(first, last, configuration), {"from": first.isoformat(), "to": last.isoformat()}


def _derived_now(connection: Connection, configuration: Configuration, as_of: Instant) -> list[Facts]:
    """Of conversations whose stored rows don't hold: changed since, or going on after the moment."""
    straddling = select(interaction.c.conversation_id).where(
        interaction.c.events_until > as_of, interaction.c.events_from <= as_of
    )
    names = {row.conversation_id for row in connection.execute(straddling)}
    names |= {row.conversation_id for row in connection.execute(select(stale_conversation.c.conversation_id))}
    return _from_events(connection, configuration, sorted(names), as_of)


def _from_events(
    connection: Connection, configuration: Configuration, conversations: Sequence[str], as_of: Instant
) -> list[Facts]:
    derived = derivation.derive_stored(connection, conversations, configuration, as_of)
    return [facts for conversation in derived for facts in conversation.interactions]


def _stored(connection: Connection, span: Span, as_of: Instant, fresh: Sequence[Facts]) -> list[Facts]:
    stale = select(stale_conversation.c.conversation_id)
    query = select(interaction.c.facts).where(
        interaction.c.events_until <= as_of, interaction.c.conversation_id.not_in(stale)
    )
    return [decode(document) for document in connection.execute(_concerned(query, span, fresh)).scalars()]


def _concerned(query: Select[Any], span: Span, fresh: Sequence[Facts]) -> Select[Any]:
    """Only the span and the customers met in it; all history when those are too many to name."""
    keys = {facts.customer_key for facts in fresh if facts.customer_key and facts.started_at in span}
    if len(keys) > _KEYS_AT_MOST:
        return query
    inside: ColumnElement[bool] = interaction.c.started_at.between(span.start, span.end - 1)
    met = select(interaction.c.customer_key).where(inside, interaction.c.customer_key.is_not(None))
    known = interaction.c.customer_key
    return query.where(or_(inside, known.in_(met), known.in_(sorted(keys))))


def _every(connection: Connection) -> list[str]:
    query = select(event.c.conversation_id).distinct().order_by(event.c.conversation_id)
    return list(connection.execute(query).scalars())
