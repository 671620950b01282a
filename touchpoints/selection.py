"""The contacts a question is about: those that started in its days, passed its filter, as known at its moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from touchpoints import period
from touchpoints.columns.contacts import Contacts
from touchpoints.columns.frame import contacts_at
from touchpoints.columns.table import Array
from touchpoints.configuration import Configuration
from touchpoints.fields import Where, matcher
from touchpoints.instant import Instant
from touchpoints.period import Span
from touchpoints.population import Population
from touchpoints.remembered import Measured, measured
from touchpoints.schema import event, interaction, stale_conversation


class Question(NamedTuple):
    """Whole days, inclusive, in the brand's zone; the moment looked back from, now when None; contacts kept by field.

    Without days the period is the whole record up to the moment.
    """

    period_from: period.Day | None = None
    period_to: period.Day | None = None
    as_of: period.Moment | None = None
    where: Where | None = None


class Selected(NamedTuple):
    """The contacts, and what they are the answer to."""

    population: Population
    moment: Instant
    span: Span
    days: dict[str, str]
    passing: Callable[[Contacts], Population]

    def measured(self, question: Question, configuration: Configuration) -> Measured:
        """Every metric over them."""
        where = {name: (one,) if isinstance(one, str) else tuple(one) for name, one in (question.where or {}).items()}
        same = (configuration.version, self.span, tuple(sorted(where.items())))
        return measured(self.population, self.passing, same)

    def about(self, question: Question, configuration: Configuration) -> dict[str, Any]:
        """The question as a document says it."""
        return {
            "period": self.days,
            "as_of": configuration.local(self.moment).isoformat(),
            "config_version": configuration.version,
            "where": dict(question.where or {}),
        }

    def also(self, first: period.Day, last: period.Day, question: Question, configuration: Configuration) -> Selected:
        """The contacts of another period, as known at the same moment and through the same filter."""
        days = period.day("compare_from", first), period.day("compare_to", last)
        span = period.span(*days, configuration)
        passing = _passing(span, matcher(question.where, configuration))
        population = passing(self.population.contacts)
        return Selected(
            population, self.moment, span, {"from": days[0].isoformat(), "to": days[1].isoformat()}, passing
        )


def ask(connection: Connection, configuration: Configuration, question: Question) -> Selected:
    """The contacts a question is about. Raises QueryError naming a field, day or moment there isn't."""
    moment = period.moment(datetime.now(UTC) if question.as_of is None else question.as_of, configuration)
    span, days = _days(connection, configuration, question, moment)
    passing = _passing(span, matcher(question.where, configuration))
    return Selected(passing(contacts_at(connection, configuration, moment)), moment, span, days, passing)


def _passing(span: Span, matching: Callable[[Population], Array]) -> Callable[[Contacts], Population]:
    """Those of some contacts that started in the period and pass the filter."""

    def passing(contacts: Contacts) -> Population:
        started = contacts.number("started_at")
        inside = contacts.present & (started >= span.start) & (started < span.end)
        population = Population(contacts, np.flatnonzero(inside))
        mask = matching(population)
        return population if mask.all() else Population(contacts, population.rows[mask])

    return passing


def began(connection: Connection) -> Instant | None:
    """When the first contact on record started; None while there is none.

    Of conversations not derived yet, their first event: looking for it among all events would take seconds.
    """
    waiting = event.c.conversation_id.in_(select(stale_conversation.c.conversation_id))
    derived = select(func.min(interaction.c.started_at)).scalar_subquery()
    told = select(func.min(event.c.at)).where(waiting).scalar_subquery()
    return min(
        (moment for moment in connection.execute(select(derived, told)).one() if moment is not None), default=None
    )


def _days(
    connection: Connection, configuration: Configuration, question: Question, moment: Instant
) -> tuple[Span, dict[str, str]]:
    """The days asked for; where left open, from the first contact's day and to the day looked back from."""
    given_from, given_to = question.period_from, question.period_to
    last = configuration.local(moment).date() if given_to is None else period.day("to", given_to)
    if given_from is None:
        start = began(connection)
        first = last if start is None else min(configuration.local(start).date(), last)
    else:
        first = period.day("from", given_from)
    return period.span(first, last, configuration), {"from": first.isoformat(), "to": last.isoformat()}
