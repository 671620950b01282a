"""The contacts and issues a set of metrics is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tests.touchpoints.oracle.record import Issue, Record


class Population:
    """Interactions that started in the period and passed the filter; `link` (chain.py) has seen all history before."""

    def __init__(self, sessions: Sequence[Record]) -> None:
        self.sessions = sessions

    @cached_property
    def eligible(self) -> list[Record]:
        """E of every metric."""
        return [record for record in self.sessions if record.facts.eligible]

    @cached_property
    def excluded(self) -> list[Record]:
        return [record for record in self.sessions if not record.facts.eligible]

    @cached_property
    def mature(self) -> list[Record]:
        """Those old enough for what is said to last."""
        return [record for record in self.eligible if record.mature]

    @cached_property
    def handoffs(self) -> list[Record]:
        return [record for record in self.eligible if record.facts.handoff]

    @cached_property
    def issues(self) -> list[Issue]:
        """Those whose first contact is in the population."""
        return [record.issue for record in self.eligible if record.issue is not None and record.issue.first is record]

    @cached_property
    def mature_issues(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.first.mature]
