"""An interaction seen from a moment: its facts, its outcome then, and the issue it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tests.touchpoints.oracle import resolution
from touchpoints import vocabulary as v
from touchpoints.configuration import Windows
from touchpoints.facts import Facts
from touchpoints.instant import SECOND, Instant

HIGH_FRICTION = 3


@dataclass(eq=False)
class Issue:
    """A chain of contacts about one matter, in order of their start."""

    contacts: list[Record]
    entity_ref: str | None

    @property
    def first(self) -> Record:
        return self.contacts[0]

    @cached_property
    def last_mature(self) -> Record | None:
        """The latest contact old enough to judge by; a younger one may revoke and does not yet resolve."""
        return next((contact for contact in reversed(self.contacts) if contact.mature), None)


class Record:
    """One interaction as of a moment. `link` (chain.py) sets issue, follower and repeat."""

    __slots__ = ("as_of", "facts", "follower", "initial", "issue", "long_wait_s", "mature", "repeat", "resolved_at")

    def __init__(self, facts: Facts, as_of: Instant, windows: Windows) -> None:
        self.facts = facts
        self.as_of = as_of
        self.long_wait_s = windows.long_wait_s
        self.initial: v.Initial = resolution.initial(facts, as_of, windows)
        self.resolved_at = resolution.resolved_at(facts, self.initial)
        self.mature = resolution.mature(facts, as_of, windows)
        self.issue: Issue | None = None
        self.follower: Record | None = None
        self.repeat = False

    def order(self) -> tuple[Instant, str, int]:
        """By start; the id decides between contacts of the same instant."""
        return self.facts.started_at, self.facts.conversation_id, self.facts.ordinal

    @property
    def resolved(self) -> bool:
        """Confirmed or assumed, before returns are looked at."""
        return self.initial in ("confirmed", "assumed")

    @property
    def revoked(self) -> bool:
        return self.resolved and self.follower is not None

    @property
    def sustained(self) -> bool:
        return self.resolved and self.follower is None

    @property
    def final(self) -> v.Final_:
        return "revoked" if self.revoked else self.initial

    @property
    def holder(self) -> v.Holder:
        """Who it ended up with: the assistant alone, a queue nobody came from, or an agent."""
        if self.facts.taken:
            return "agent"
        return "queue" if self.facts.handoff else "assistant"

    @property
    def demand(self) -> v.Demand:
        """A return whose default is value counts as failure, as a hypothesis, unless a person said otherwise."""
        if self.repeat and self.facts.demand_type == "value" and not self.facts.demand_stated:
            return "failure"
        return self.facts.demand_type

    @property
    def impression(self) -> v.Impression:
        csat = self.facts.survey.csat
        if csat is None:
            return "unknown"
        return "positive" if csat >= 4 else "negative" if csat <= 2 else "mixed"

    @property
    def waited_s(self) -> float:
        """Wall clock spent in queues, the present one included."""
        since = self.facts.waiting_since
        return self.facts.waited_s + (0 if since is None else (self.as_of - since) / SECOND)

    @property
    def friction(self) -> int:
        """Frictions observed, unweighted; not a customer effort score."""
        facts = self.facts
        return (
            facts.reformulations
            + facts.fallbacks
            + facts.reentered_fields
            + len(facts.stretches)
            + facts.channel_switches
            + (self.waited_s > self.long_wait_s)
            + self.repeat
        )

    @property
    def customer(self) -> str:
        """Whom to count: the customer where known, else this contact alone."""
        return f"key {self.facts.customer_key}" if self.facts.identifiable else f"contact {self.facts.id}"
