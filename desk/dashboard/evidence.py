"""The documents a page is made of, asked of the record once for each question and kept while nothing has changed.

They are those `sportello report` and `sportello cx` print for the same question: no number is computed in the desk.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection

from desk import clock
from desk.dashboard.document import Part
from desk.dashboard.filter import CHOICES, Filter
from desk.store.version import Version, version
from touchpoints.configuration import Configuration
from touchpoints.cx import ledger
from touchpoints.cx.entry import ContextEvent
from touchpoints.cx.summary import summary
from touchpoints.period import moment
from touchpoints.report import report
from touchpoints.rows import Counted, Page, interactions
from touchpoints.selection import Question, ask
from touchpoints.waits import waits

KEPT: Final = 64
SECONDS: Final = 60.0
"""How long an answer as of "now" stays true: contacts mature as time goes by, even where nothing happens."""
Document = dict[str, Any]


class Answers:
    """Documents by question, at most 64; one that rests on an older record is asked anew."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[object, tuple[Version, float, Any]] = OrderedDict()

    def get(self, question: object, now: Version, work: Callable[[], Any]) -> Any:
        with self._lock:
            known = self._kept.get(question)
            if known is not None and known[0] == now and self._clock() - known[1] < SECONDS:
                self._kept.move_to_end(question)
                return known[2]
        found = work()
        with self._lock:
            self._kept[question] = (now, self._clock(), found)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


class Evidence:
    """One page's door to the record: a connection, its configuration, and what was answered before."""

    def __init__(self, connection: Connection, configuration: Configuration, answers: Answers, filter: Filter) -> None:
        self.connection = connection
        self.configuration = configuration
        self.filter = filter
        self._answers = answers
        self._version = version(connection)
        self._now = clock.now()
        self.addresses: dict[str, str] = {}
        """The address of each document a page shows numbers of, by the document's name."""

    def arguments(self, filter: Filter | None = None) -> dict[str, Any]:
        """What the record's reports take; where no moment was asked for, all of a page is as of the same one."""
        given = (filter or self.filter).arguments
        return given | {"as_of": given["as_of"] or self._now}

    def report(
        self,
        name: str = "metrics",
        *,
        by: str | None = None,
        compare: tuple[date, date] | None = None,
        filter: Filter | None = None,
        only: Sequence[str] | None = None,
    ) -> Part:
        """The report of the filter, broken down or beside another period, of some metrics alone. Raises QueryError."""
        asked = filter or self.filter
        self.addresses[name] = _address("metrics", asked, by, compare)
        found = self._kept(
            ("report", asked, by, compare, only),
            lambda: report(
                self.connection, self.configuration, **self.arguments(asked), by=by, compare=compare, only=only
            ),
        )
        return Part(found, name)

    def summary(self) -> Part:
        """What is known of promises and evidence. Raises QueryError."""
        self.addresses["cx"] = _address("cx/summary", self.filter)
        found = self._kept(
            ("cx", self.filter), lambda: summary(self.connection, self.configuration, **self.arguments())
        )
        return Part(found, "cx")

    def context_events(self) -> list[ContextEvent]:
        """What happened around service, as the book says on the last day asked about, in order. Raises QueryError."""
        asked = self.filter.period
        looked_from = self.configuration.local(moment(asked.as_of or self._now, self.configuration)).date()
        found = ledger.book(self.connection, min(asked.end, looked_from)).context_events.values()
        return sorted(found, key=lambda one: one.start)

    def waits(self) -> Part:
        """How long customers waited. Raises QueryError."""
        found = self._kept(
            ("waits", self.filter), lambda: waits(self.connection, self.configuration, **self.arguments())
        )
        self.addresses["waits"] = _address("waits", self.filter)
        return Part(found, "waits")

    def contacts(self, counted: Counted | None, limit: int, offset: int) -> Page:
        """The contacts behind a number, some of them. Raises QueryError for a number there isn't."""
        found: Page = self._kept(
            ("contacts", self.filter, counted, limit, offset),
            lambda: interactions(
                self.connection, self.configuration, **self.arguments(), limit=limit, offset=offset, counted=counted
            ),
        )
        return found

    def choices(self) -> dict[str, tuple[str, ...]]:
        """The values on record of each field the bar lets one choose."""
        found: dict[str, tuple[str, ...]] = self._kept("choices", self._choices)
        return found

    def _choices(self) -> dict[str, tuple[str, ...]]:
        population = ask(self.connection, self.configuration, Question()).population
        return {
            name: tuple(word for word in population.text(field).words if word and word != "unknown")
            for name, field in CHOICES.items()
        }

    def _kept(self, question: object, work: Callable[[], Any]) -> Any:
        return self._answers.get((question, self.configuration.version), self._version, work)


def _address(document: str, asked: Filter, by: str | None = None, compare: tuple[date, date] | None = None) -> str:
    more = f"&by={by}" if by else ""
    more += f"&compare_from={compare[0]}&compare_to={compare[1]}" if compare else ""
    return f"/api/v1/{document}?{asked.api_query}{more}"
