"""Whole days in the brand's zone, and the moment one looks back from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from touchpoints.configuration import Configuration
from touchpoints.errors import QueryError
from touchpoints.instant import Instant, from_datetime

Day = date | str
Moment = datetime | date | str


class Span(NamedTuple):
    """From an instant, inclusive, to another, exclusive."""

    start: Instant
    end: Instant

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, int) and self.start <= instant < self.end


def day(field: str, given: Day) -> date:
    """A day from its ISO form. Raises QueryError naming the parameter."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise QueryError(field, f"{given!r} is no day; write 2026-03-02") from error


def span(first: date, last: date, configuration: Configuration) -> Span:
    """From the start of the first day to the end of the last, both inclusive, in the brand's zone."""
    if last < first:
        raise QueryError("to", f"{last} comes before {first}")
    try:
        return Span(_midnight(first, configuration), _midnight(last + timedelta(days=1), configuration))
    except (OverflowError, ValueError) as error:
        raise QueryError("to", f"{last} is out of range") from error


def moment(given: Moment, configuration: Configuration) -> Instant:
    """The instant looked back from: without a time the end of that day, without an offset in the brand's zone."""
    if isinstance(given, str):
        given = _parsed(given)
    if not isinstance(given, datetime):
        return span(given, given, configuration).end - 1
    try:
        instant = from_datetime(given if given.tzinfo else given.replace(tzinfo=configuration.timezone))
        configuration.local(instant)  # it must be a moment on the brand's clock too
        return instant
    except (OverflowError, ValueError) as error:
        raise QueryError("as_of", f"{given} is out of range") from error


def _parsed(given: str) -> datetime | date:
    try:
        return date.fromisoformat(given) if len(given) <= len("2026-03-20") else datetime.fromisoformat(given)
    except ValueError as error:
        raise QueryError("as_of", f"{given!r} is no moment; write 2026-03-20 or 2026-03-20T12:00+01:00") from error


def _midnight(of: date, configuration: Configuration) -> Instant:
    return from_datetime(datetime.combine(of, time(), tzinfo=configuration.timezone))
