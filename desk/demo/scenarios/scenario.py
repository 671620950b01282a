"""What a scenario is made of, and how it is put on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from desk.demo.scenarios.contacts import Load, contacts
from touchpoints import configuration as configurations
from touchpoints.configuration import Configuration, Reason, default
from touchpoints.cx import ledger, observations
from touchpoints.store import append

DAYS: Final = 28
AUTHOR: Final = "scenario"
Table = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """A brand's month: its promises and what they rest on, and its service. Observations lack only their period."""

    name: str
    first_day: date
    load: Load
    entries: Mapping[str, Sequence[Table]]
    evidence: Sequence[Table]
    reasons: Mapping[str, Reason]

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, both included."""
        return self.first_day, self.first_day + timedelta(days=DAYS - 1)

    @property
    def mature_on(self) -> date:
        """The first day from which every contact is old enough to be judged."""
        return self.days[1] + timedelta(days=8)

    @property
    def configuration(self) -> Configuration:
        """The default configuration with the scenario's own reasons."""
        return msgspec.structs.replace(default(), reasons={**default().reasons, **self.reasons})

    def events(self) -> list[Table]:
        """The service contacts, as events of the record."""
        return list(contacts(self.name, self.load, self.first_day, self.configuration.timezone))

    def observations(self) -> list[Table]:
        """What else was observed, each over the whole month."""
        start, end = (day.isoformat() for day in self.days)
        return [{"period_start": start, "period_end": end, **row} for row in self.evidence]

    def without_imports(self) -> Scenario:
        """The same brand with nothing but its service on record."""
        return replace(self, evidence=())


def put(connection: Connection, scenario: Scenario, at: datetime) -> None:
    """Records configuration, contacts, entries and observations. Run `touchpoints.store.refresh` afterwards."""
    configurations.save(connection, scenario.configuration, at)
    append(connection, scenario.events())
    for kind, entries in scenario.entries.items():
        for entry in entries:
            ledger.record(connection, kind, entry, at, AUTHOR, scenario.first_day)
    observations.add(connection, scenario.observations(), at, AUTHOR)
