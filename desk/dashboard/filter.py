"""What a page is asked about: days, the day looked back from, and which contacts. Views share it by the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sanic import Request

from desk.dashboard import period
from desk.dashboard.period import Period
from desk.errors import BadRequest
from desk.parts import Parts
from touchpoints.errors import QueryError

CHOICES: Final = {"language": "language", "channel": "channel", "reason": "contact_reason", "segment": "segment"}
"""What the bar lets one choose, by its name in the address, and the field of a contact it asks for."""
LONGEST: Final = 200
MOST_CONDITIONS: Final = 12


@dataclass(frozen=True)
class Filter:
    """A period and the contacts of it: `where` holds (field, value) pairs, in order, each once."""

    period: Period
    where: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """The canonical query string: the same question always has the same address."""
        names = {field: name for name, field in CHOICES.items()}
        chosen = [(names[field], value) for field, value in self.where if field in names]
        others = [("where", f"{field}={value}") for field, value in self.where if field not in names]
        return "&".join(part for part in (self.period.query, urlencode(chosen + others)) if part)

    @property
    def api_query(self) -> str:
        """The same for the interface for machines, which takes every condition as `where`."""
        conditions = urlencode([("where", f"{field}={value}") for field, value in self.where])
        return "&".join(part for part in (self.period.query, conditions) if part)

    @property
    def arguments(self) -> dict[str, Any]:
        """As the record's reports take it."""
        where: dict[str, list[str]] = {}
        for field, value in self.where:
            where.setdefault(field, []).append(value)
        days = {"period_from": self.period.start, "period_to": self.period.end, "as_of": self.period.as_of}
        return {**days, "where": where or None}

    @property
    def before(self) -> tuple[date, date]:
        """As many days, right before these. Raises QueryError where the calendar has not so many."""
        first, length = self.period.start, self.period.end - self.period.start
        try:
            return first - length - timedelta(days=1), first - timedelta(days=1)
        except OverflowError as error:
            raise QueryError("from", f"{first} is out of range") from error

    def chosen(self, name: str) -> str:
        """The value chosen in the bar under a name; empty when any will do."""
        return next((value for field, value in self.where if field == CHOICES[name]), "")

    @property
    def typed(self) -> dict[str, str]:
        """What the inputs of the bar hold."""
        return {**self.period.typed, **{name: self.chosen(name) for name in CHOICES}}

    def over(self, days: Period) -> Filter:
        return replace(self, period=days)

    def only(self, **conditions: str) -> Filter:
        """The same with further conditions."""
        return replace(self, where=_in_order([*self.where, *conditions.items()]))

    @property
    def further(self) -> list[tuple[str, str]]:
        """Conditions that the bar has no place for."""
        return [(field, value) for field, value in self.where if field not in CHOICES.values()]


def usual(parts: Parts) -> Filter:
    """The last four weeks, all contacts."""
    return Filter(period.last_days(period.DEFAULT_DAYS, parts.conversations.now(), parts.brand.zone))


def typed(request: Request) -> dict[str, str]:
    """What the address gives the inputs of the bar, readable or not."""
    return {name: (request.args.get(name) or "").strip()[:LONGEST] for name in (*period.NAMES, *CHOICES)}


def asked(request: Request, parts: Parts) -> Filter:
    """The filter in the address. Raises BadRequest naming the field."""
    days = period.asked(request, parts.conversations.now(), parts.brand.zone)
    found = []
    for name, field in CHOICES.items():
        found += [(field, value) for value in request.args.getlist(name) or [] if value]
    for condition in request.args.getlist("where") or []:
        field, equals, value = condition.partition("=")
        if not equals:
            raise BadRequest("where: write FIELD=VALUE", code="invalid_value", field="where")
        found.append((field, value))
    if len(found) > MOST_CONDITIONS or any(len(value) > LONGEST for _, value in found):
        raise BadRequest("where: too much", code="invalid_value", field="where")
    return Filter(days, _in_order(found))


def _in_order(conditions: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(conditions)))
