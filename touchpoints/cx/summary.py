"""The CX summary: promises first, then what is and isn't known around them. No overall number is in it (rule R1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from touchpoints import period
from touchpoints.configuration import Configuration
from touchpoints.cx import (
    actions,
    causes,
    coverage,
    frictions,
    ledger,
    observations,
    orders,
    pillars,
    placement,
    priorities,
    promises,
    relationship,
    tensions,
)
from touchpoints.cx import items as service_items
from touchpoints.cx import service as services
from touchpoints.cx.figure import VERSION
from touchpoints.cx.ledger import Book
from touchpoints.cx.observation import Observation
from touchpoints.cx.promises import Judged
from touchpoints.cx.report_cells import contact_rate
from touchpoints.cx.service import Service
from touchpoints.cx.silent import Silence, silence, silent
from touchpoints.fields import Where
from touchpoints.metrics import version
from touchpoints.period import span
from touchpoints.selection import began

SCOPE: Final = "customer_experience_evidence"
POPULATION: Final = "eligible service interactions that started in the period, and imported observations of it"
METHOD: Final = (
    "Evidence is listed, never added up. Promises by the 95% interval of the latest period against the target. What "
    "was not observed is not measured, never zero. A number that does not say so itself has the scope, population, "
    "period, method and version of the section it stands in."
)


@dataclass(frozen=True)
class Sources:
    """Everything a summary is computed from."""

    book: Book
    service: Service
    known: Sequence[Observation]
    """Observations ended by the day, whatever their period: a promise stands until measured anew."""
    within: Sequence[Observation]
    """Those of them that overlap the period."""
    silence: Silence | None


def summary(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None = None,
    period_to: period.Day | None = None,
    as_of: period.Moment | None = None,
    where: Where | None = None,
) -> dict[str, Any]:
    """What is known of the experience over whole days, as known at `as_of`; filters narrow service evidence alone.

    Only reads, with as many queries whatever the record holds. Raises QueryError as the report does.
    """
    moment = datetime.now(UTC) if as_of is None else as_of
    found = _gather(connection, configuration, period_from, period_to, moment, where)
    book, service = found.book, found.service
    judged = promises.judge_all(book, found.known, service)
    designed = frictions.listed(book, judged, configuration)
    boards = actions.listed(book, configuration)
    own = tensions.strength(book, service)
    said = tensions.readings(
        own["strength"], judged, designed, service, [row for rows in boards.values() for row in rows]
    )
    everything = _status(found, judged)
    sections = {
        "promises": {"rows": [one.plain(book.day.isoformat()) for one in judged], "counts": _counts(judged)},
        "readings": said,
        "service": own,
        "placement": placement.placement(book, found.within, service),
        "coverage": coverage.coverage(book, found.within, service),
        "causes": causes.causes(book, service, configuration),
        "quadrants": causes.quadrants(service, configuration),
        "pillars": pillars.pillars(found.within, service, service_items.items(service)),
        "relationship": relationship.relationship(found.within, service),
        "silent": silent(found.silence),
        "contact_rate": _contact_rate(found),
        "priorities": priorities.priorities(book, judged, service, configuration, frictions.covered(designed)),
        "frictions": designed,
        "context": [entry.plain() for entry in sorted(book.of("context_event"), key=lambda e: (e.value.start, e.id))],
        "actions": boards,
        "unattached": _unattached(book, found.known),
    }
    return {**_about(found, configuration), **everything, **sections}


def _gather(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None,
    period_to: period.Day | None,
    moment: period.Moment,
    where: Where | None,
) -> Sources:
    instant = period.moment(moment, configuration)
    last = configuration.local(instant).date()
    end = last if period_to is None else min(period.day("to", period_to), last)
    known = [one for one in observations.current(connection, last) if one.period_start <= end]
    first = _first(connection, configuration, period_from, known)
    service = services.ask(connection, configuration, first, period_to, moment, where)
    start, until = service.days
    within = [one for one in known if one.period_end >= start]
    contacts, days = service.population.contacts, span(start, until, configuration)
    unheard = silence(connection, contacts, days, instant)
    return Sources(ledger.book(connection, min(until, last)), service, known, within, unheard)


def _first(
    connection: Connection, configuration: Configuration, period_from: period.Day | None, known: Sequence[Observation]
) -> period.Day | None:
    """Where the first day is left open: the record's own, or that of the earliest observation or order before it."""
    if period_from is not None:
        return period_from
    days = [one.period_start for one in known]
    for instant in (orders.first(connection), began(connection)):
        if instant is not None:
            days.append(configuration.local(instant).date())
    return min(days, default=None)


def _contact_rate(found: Sources) -> dict[str, Any] | None:
    """Orders can't be filtered as contacts can, so a filtered summary has none."""
    if not found.silence or not found.silence.orders or found.service.document["where"]:
        return None
    return contact_rate(found.silence.orders, found.service.contacts)


def _status(found: Sources, judged: Sequence[Judged]) -> dict[str, Any]:
    """Insufficient while nothing but service was observed, or no promise is written down or measured; else partial:
    the whole experience never is."""
    elsewhere = [one for one in found.known if not promises.of_service(one, found.book.touchpoints)]
    why = []
    if not elsewhere:
        why.append("service_data_only" if found.service.contacts else "no_data")
    if not judged:
        why.append("no_promise_on_record")
    elif all(one.status == "not_measured" for one in judged):
        why.append("no_promise_measured")
    insufficient = not elsewhere or not judged or all(one.status == "not_measured" for one in judged)
    return {"status": "insufficient_evidence" if insufficient else "partial_evidence", "why": why}


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    counts = dict.fromkeys(("kept", "not_kept", "uncertain", "not_measured"), 0)
    for one in judged:
        counts[one.status] += 1
    return counts


def _unattached(book: Book, known: Sequence[Observation]) -> list[str]:
    """Promises that observations name and nobody has written down."""
    return sorted({one.promise_id for one in known if one.promise_id} - set(book.promises))


def _about(found: Sources, configuration: Configuration) -> dict[str, Any]:
    document = found.service.document
    return {
        "scope": SCOPE,
        "population": POPULATION,
        "method": METHOD,
        "version": f"{VERSION}; service {version(configuration.windows)}",
        "period": document["period"],
        "as_of": document["as_of"],
        "config_version": document["config_version"],
        "where": document["where"],
        "in_force_on": found.book.day.isoformat(),
        "n": {"contacts": found.service.contacts, "observations": len(found.within)},
    }


def in_force(connection: Connection, configuration: Configuration, at: datetime) -> Book:
    """The book of today, on the brand's calendar."""
    day: date = at.astimezone(configuration.timezone).date()
    return ledger.book(connection, day)
