"""From the events of a conversation to its interactions: pure, deterministic, recomputable at any time.

An interaction starts at the first customer message, or handoff request, when none is open. It ends when the
conversation is closed or after the configured silence; whatever else comes later belongs to the latest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from touchpoints import events as e
from touchpoints import vocabulary as v
from touchpoints.configuration import Configuration
from touchpoints.contact import Contact
from touchpoints.facts import Facts
from touchpoints.instant import Instant, from_datetime


class Happening(NamedTuple):
    """An event as the derivation reads it."""

    seq: int
    at: Instant
    body: e.Body


def derive(conversation_id: str, happenings: Iterable[Happening], configuration: Configuration) -> list[Facts]:
    """The interactions of one conversation, in order. The events may come in any order: `seq` decides."""
    conversation = _Conversation(conversation_id, configuration)
    for happening in sorted(happenings, key=lambda happening: happening.seq):
        conversation.take(happening)
    return conversation.finish()


class _Conversation:
    def __init__(self, conversation_id: str, configuration: Configuration) -> None:
        self._id = conversation_id
        self._configuration = configuration
        self._contacts: list[Contact] = []
        self._started = e.Started()
        self._holder: v.Holder = "assistant"
        self._awaiting = True
        """The customer spoke last, as between the customer and the agent."""
        self._choice: e.ReasonChosen | None = None

    def take(self, happening: Happening) -> None:
        handler = _HANDLERS.get(type(happening.body))
        if handler is None:
            return
        if self._contacts:
            latest = self._contacts[-1]
            quiet_at = latest.clock.reaches(self._configuration.windows.quiet)
            latest.ended |= quiet_at is not None and quiet_at <= happening.at
        handler(self, happening)
        if self._contacts:
            waiting = self._holder == "queue" or (self._holder == "agent" and self._awaiting)
            self._contacts[-1].clock.run(not waiting, happening.at)

    def finish(self) -> list[Facts]:
        return [self._identify(contact.finish(bool(self._started.test))) for contact in self._contacts]

    def _identify(self, facts: Facts) -> Facts:
        """The customer's latest identification holds for the whole conversation."""
        started, readings = self._started, self._contacts[facts.ordinal - 1].claims.readings
        facts.customer_key = started.customer_key
        facts.key_strength = started.key_strength or ("device" if started.customer_key else "none")
        facts.channel = started.channel
        known = self._configuration.touchpoints.get(started.channel or "", started.channel)
        facts.touchpoint_type = started.touchpoint_type or known or "unknown"
        facts.environment = started.environment or "unknown"
        facts.entry_page = started.entry_page
        facts.language = next((reading.language for reading in readings if reading.language), started.language)
        return facts

    def _open(self, at: Instant) -> Contact:
        """The contact a customer message or handoff request belongs to: the open one, else a new one."""
        if not self._contacts or self._contacts[-1].ended:
            contact = Contact(self._id, len(self._contacts) + 1, at, self._configuration)
            contact.claims.chosen, self._choice = self._choice, None
            contact.facts.segment = self._started.segment
            contact.facts.customer_lifecycle = self._started.customer_lifecycle or "unknown"
            self._contacts.append(contact)
        return self._contacts[-1]

    def started(self, happening: Happening) -> None:
        for name in e.Started.__struct_fields__:
            if (value := getattr(happening.body, name, None)) is not None:
                setattr(self._started, name, value)

    def customer_message(self, happening: Happening) -> None:
        contact = self._open(happening.at)
        contact.customer_message(happening.at, _any(happening), self._holder == "agent")
        self._awaiting = True

    def requested(self, happening: Happening) -> None:
        body = _any(happening)
        contact = self._open(happening.at)
        contact.requested(happening.at, body)
        self._holder, self._awaiting = "queue", True

    def taken(self, happening: Happening) -> None:
        if self._contacts:
            self._contacts[-1].taken(happening.at)
            self._holder = "agent"

    def queue_left(self, happening: Happening) -> None:
        """Also right after closing, which ended the queue before the customer was noticed to have left it."""
        if self._contacts and self._contacts[-1].waited_in_vain:
            self._contacts[-1].queue_left(happening.at)
            self._holder = "assistant"

    def customer_left(self, happening: Happening) -> None:
        """Who leaves the conversation while waiting leaves the queue with it."""
        if self._contacts:
            if self._holder == "queue":
                self.queue_left(happening)
            self._contacts[-1].customer_left(happening.at)

    def agent_message(self, happening: Happening) -> None:
        if not self._contacts:
            return
        contact, body = self._contacts[-1], _any(happening)
        if not contact.with_agent and not (contact.ended and contact.facts.taken):
            contact.taken(happening.at)  # histories from elsewhere may lack handoff.taken
            self._holder = "agent"
        contact.agent_message(happening.at, body)
        self._awaiting = False

    def returned(self, happening: Happening) -> None:
        if self._contacts:
            self._contacts[-1].released(happening.at)
        self._holder = "assistant"

    def closed(self, happening: Happening) -> None:
        if self._contacts:
            contact = self._contacts[-1]
            contact.released(happening.at)
            contact.ended = True
            contact.facts.closed_at, contact.facts.closed_by = happening.at, _any(happening).by
        self._holder = "assistant"

    def reason_chosen(self, happening: Happening) -> None:
        """A choice made before the first message belongs to the contact that message opens."""
        if self._contacts:
            self._contacts[-1].claims.chosen = _any(happening)
        else:
            self._choice = _any(happening)

    def commitment_made(self, happening: Happening) -> None:
        if self._contacts:
            self._contacts[-1].commitment_made(_any(happening), from_datetime(_any(happening).due))

    def resolution_asked(self, happening: Happening) -> None:
        if self._contacts and self._contacts[-1].facts.resolution_asked_at is None:
            self._contacts[-1].facts.resolution_asked_at = happening.at


def _any(happening: Happening) -> Any:
    """The body, of the type its handler is registered for."""
    return happening.body


def _latest(handle: Callable[[Contact, Happening, Any], None]) -> Callable[[_Conversation, Happening], None]:
    """A handler of what only ever adds to the latest contact."""

    def handler(conversation: _Conversation, happening: Happening) -> None:
        if conversation._contacts:
            handle(conversation._contacts[-1], happening, happening.body)

    return handler


_HANDLERS: Final[dict[type[e.Body], Callable[[_Conversation, Happening], None]]] = {
    e.Started: _Conversation.started,
    e.Identified: _Conversation.started,
    e.CustomerMessage: _Conversation.customer_message,
    e.AgentMessage: _Conversation.agent_message,
    e.HandoffRequested: _Conversation.requested,
    e.HandoffTaken: _Conversation.taken,
    e.HandoffLeft: _Conversation.queue_left,
    e.CustomerLeft: _Conversation.customer_left,
    e.ReturnedToBot: _Conversation.returned,
    e.Closed: _Conversation.closed,
    e.ReasonChosen: _Conversation.reason_chosen,
    e.CommitmentMade: _Conversation.commitment_made,
    e.ResolutionAsked: _Conversation.resolution_asked,
    e.BotMessage: _latest(lambda contact, happening, body: contact.bot_message(happening.seq, happening.at, body)),
    e.Reading: _latest(lambda contact, happening, body: contact.reading(body)),
    e.AnswerJudged: _latest(lambda contact, happening, body: contact.judged(body)),
    e.ObservedEffort: _latest(lambda contact, happening, body: contact.observed(happening.at, body.kind)),
    e.HandoffOffered: _latest(lambda contact, happening, body: contact.offered(happening.at)),
    e.ResolutionAnswered: _latest(lambda contact, happening, body: contact.resolution_answered(happening.at, body)),
    e.SurveyOffered: _latest(lambda contact, happening, body: contact.survey_offered(body)),
    e.SurveyAnswered: _latest(lambda contact, happening, body: contact.survey_answered(body)),
    e.CommitmentMet: _latest(lambda contact, happening, body: contact.commitment_met(happening.at, body)),
    e.WrappedUp: _latest(lambda contact, happening, body: contact.wrapped_up(body)),
    e.Corrected: _latest(lambda contact, happening, body: contact.claims.corrections.append((happening.at, body))),
    e.Excluded: _latest(lambda contact, happening, body: contact.excluded(body)),
}
