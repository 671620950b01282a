"""The two rows of a report that rest on imports: contacts for every 100 orders, and the relational NPS."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from touchpoints.configuration import Configuration
from touchpoints.cx import observations, orders
from touchpoints.cx.figure import of_observation
from touchpoints.cx.vocabulary import NPS
from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT, HIDDEN
from touchpoints.instant import Instant
from touchpoints.period import span

Cell = dict[str, Any]


def cells(
    connection: Connection, configuration: Configuration, days: dict[str, str], moment: Instant, contacts: int
) -> dict[str, Cell]:
    """What was imported for the days, known at the moment; a metric without imports is left out, not measured here.

    Orders and surveys can't be filtered or broken down as contacts can: only a report of everybody has them.
    """
    first, last = date.fromisoformat(days["from"]), date.fromisoformat(days["to"])
    found = {}
    placed = orders.count(connection, span(first, last, configuration), moment)
    if placed:
        found["contact_rate"] = contact_rate(placed, contacts)
    known = configuration.local(moment).date()
    if (nps := _nps(connection, first, last, known)) is not None:
        found["nps"] = nps
    return found


def contact_rate(placed: int, contacts: int) -> Cell:
    """100 · contacts / orders, with n the orders."""
    rate = 100 * contacts / placed
    shown = f"{rate:.1f}, {contacts}/{placed}" if placed >= FEWEST_FOR_PERCENT else f"{contacts}/{placed}"
    return {
        "n": placed,
        "value": rate,
        "contacts": contacts,
        "orders": placed,
        "measured": True,
        "display": shown if placed >= FEWEST else HIDDEN,
    }


def _nps(connection: Connection, first: date, last: date, known: date) -> Cell | None:
    """That of the latest survey that overlaps the days."""
    surveys = [
        one
        for one in observations.current(connection, known, NPS)
        if one.period_start <= last and one.period_end >= first
    ]
    if not surveys:
        return None
    figure = of_observation(surveys[-1])
    return {
        "n": figure.n,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "measured": True,
        "source": figure.source,
        "survey_period": {"from": figure.period[0].isoformat(), "to": figure.period[1].isoformat()},
        "survey_population": figure.population,
        "display": figure.display,
    }
