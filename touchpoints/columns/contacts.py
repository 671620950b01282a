"""Contacts as of a moment: the table, their outcomes then, and the issues they belong to."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from touchpoints.columns.chains import Links, link
from touchpoints.columns.held import View
from touchpoints.columns.layout import NONE, UNKNOWN
from touchpoints.columns.outcomes import ASSUMED, CONFIRMED, INITIALS, Outcomes, outcomes
from touchpoints.columns.table import Array, Coded
from touchpoints.configuration import Windows
from touchpoints.facts import interaction_id
from touchpoints.instant import Instant
from touchpoints.vocabulary import PHASE_OF_STAGE

IMPRESSIONS = ("unknown", "positive", "mixed", "negative")
HOLDERS = ("assistant", "queue", "agent")


class Contacts:
    """What metrics read: a column for each name, computed when first asked for.

    Columns that stand for words are Coded, all others arrays; durations are microseconds, NONE where there is none.
    `derived_here` says that stored rows are of another configuration.
    """

    def __init__(self, view: View, as_of: Instant, windows: Windows, *, derived_here: bool = False) -> None:
        self.view = view
        self.derived_here = derived_here
        self.as_of = as_of
        self.windows = windows
        self._numbers = view.table.numbers

    def __len__(self) -> int:
        return len(self.view.table)

    @cached_property
    def present(self) -> Array:
        """The rows that hold at the moment."""
        found: Array = self.view.present & (self._numbers["started_at"] <= self.as_of)
        return found

    @cached_property
    def outcomes(self) -> Outcomes:
        return outcomes(self._numbers, self.as_of, self.windows)

    @cached_property
    def links(self) -> Links:
        order = self.view.order
        started = self._numbers["started_at"][order] <= self.as_of
        order = order if started.all() else order[started]
        return link(self._numbers, self.outcomes.resolved_at, order, self.windows)

    def number(self, name: str) -> Array:
        """A column of numbers: a stored one, or one of those below."""
        if name in self._numbers:
            return self._numbers[name]
        found: Array = getattr(self, name)
        return found

    def text(self, name: str) -> Coded:
        """A column of words: a stored one, or one of those below."""
        if name in self.view.table.texts and name != "demand_type":
            return self.view.table.texts[name]
        found: Coded = getattr(self, name)
        return found

    # -- the outcome --------------------------------------------------------------------------------------------

    @property
    def mature(self) -> Array:
        """Old enough for what is said to last."""
        return self.outcomes.mature

    @cached_property
    def resolved(self) -> Array:
        """Confirmed or assumed, before returns are looked at."""
        found: Array = self.outcomes.initial <= ASSUMED
        return found

    @cached_property
    def confirmed(self) -> Array:
        found: Array = self.outcomes.initial == CONFIRMED
        return found

    @property
    def follower(self) -> Array:
        return self.links.follower

    @cached_property
    def followed(self) -> Array:
        found: Array = self.links.follower >= 0
        return found

    @property
    def repeat(self) -> Array:
        return self.links.repeat

    @cached_property
    def first_of_issue(self) -> Array:
        found: Array = self.links.first == np.arange(len(self))
        return found

    @cached_property
    def settled_issue(self) -> Array:
        """Of the first contact of an issue: whether its last mature contact has a resolution that lasts."""
        last = self._last_mature
        found: Array = (last >= 0) & (self.resolved & ~self.followed)[last]
        return found

    @cached_property
    def issue_resolution(self) -> Array:
        """Of the first contact of an issue: from its start to the final resolution."""
        ended = self.outcomes.resolved_at[self._last_mature]
        found: Array = np.where(self.settled_issue, np.maximum(ended - self._numbers["started_at"], 0), NONE)
        return found

    @cached_property
    def _last_mature(self) -> Array:
        """Of the first contact of an issue: its latest contact that is old enough; -1 for none."""
        order = self.view.order
        old = order[self.outcomes.mature[order] & (self.links.first[order] >= 0)]
        last = np.full(len(self), -1, dtype=np.int64)
        last[self.links.first[old]] = old  # in order: of several the latest stays
        return last

    @cached_property
    def resolution(self) -> Array:
        """From the start to the resolution."""
        at = self.outcomes.resolved_at
        found: Array = np.where(at == NONE, NONE, np.maximum(at - self._numbers["started_at"], 0))
        return found

    # -- effort -------------------------------------------------------------------------------------------------

    @cached_property
    def waited_so_far(self) -> Array:
        """Wall clock spent in queues, the present one included."""
        since = self._numbers["waiting_since"]
        found: Array = self._numbers["waited"] + np.where(since == NONE, 0, self.as_of - since)
        return found

    @cached_property
    def friction(self) -> Array:
        """Frictions observed, unweighted; not a customer effort score."""
        found: Array = self._numbers["friction_seen"] + (self.waited_so_far > self.windows.long_wait) + self.repeat
        return found

    # -- words --------------------------------------------------------------------------------------------------

    @cached_property
    def demand_type(self) -> Coded:
        """A return whose default is value counts as failure, as a hypothesis, unless a person said otherwise."""
        stored = self.view.table.texts["demand_type"]
        words = stored.words if "failure" in stored.words else (*stored.words, "failure")
        turned = self.repeat & ~self._numbers["demand_stated"] & (stored.codes == stored.code("value"))
        return Coded(np.where(turned, words.index("failure"), stored.codes), words)

    @cached_property
    def resolution_initial(self) -> Coded:
        return Coded(self.outcomes.initial, INITIALS)

    @cached_property
    def resolution_final(self) -> Coded:
        revoked = self.resolved & self.followed
        return Coded(np.where(revoked, len(INITIALS), self.outcomes.initial), (*INITIALS, "revoked"))

    @cached_property
    def holder(self) -> Coded:
        """Who it ended up with: the assistant alone, a queue nobody came from, or an agent."""
        return Coded(np.where(self._numbers["taken"], 2, self._numbers["handoff"].astype(np.int8)), HOLDERS)

    @cached_property
    def maturity(self) -> Coded:
        return Coded(self.mature.astype(np.int8), ("provisional", "mature"))

    @cached_property
    def after_hours_start(self) -> Coded:
        return Coded(self._numbers["after_hours"].astype(np.int8), ("false", "true"))

    @cached_property
    def impression(self) -> Coded:
        """What the customer's satisfaction says: from 4 positive, up to 2 negative, else mixed."""
        return Coded(np.array([0, 3, 3, 2, 1, 1], dtype=np.int8)[self._numbers["csat"]], IMPRESSIONS)

    @cached_property
    def phase(self) -> Coded:
        stages = self.text("journey_stage")
        return _mapped(stages, {stage: PHASE_OF_STAGE[stage] for stage in stages.words})

    @cached_property
    def area(self) -> Coded:
        """The part of the reason before the point."""
        reasons = self.text("contact_reason")
        return _mapped(reasons, {reason: reason.partition(".")[0] for reason in reasons.words})

    # -- one contact --------------------------------------------------------------------------------------------

    def key(self, row: int) -> tuple[str, int]:
        """Conversation and ordinal."""
        return str(self.view.table.ids[row]), int(self._numbers["ordinal"][row])

    def id_of(self, row: int) -> str | None:
        """The id of the interaction in a row; none for no row, -1."""
        return None if row < 0 else interaction_id(*self.key(row))

    def word(self, name: str, row: int) -> str:
        """What one contact says in a field."""
        coded = self.text(name)
        return coded.words[int(coded.codes[row])]


def _mapped(coded: Coded, mapping: dict[Any, str]) -> Coded:
    """Words turned into others, of which there are fewer."""
    words = tuple(dict.fromkeys(mapping.values())) or (UNKNOWN,)
    places = np.array([words.index(mapping[word]) for word in coded.words] or [0])
    return Coded(places[coded.codes], words)
