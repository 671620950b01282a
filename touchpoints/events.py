"""The events of a conversation: the only thing the record takes as given; everything else is derived from them.

An event is a JSON object `{"conversation_id", "seq", "at", "type", …}`: order is seq, `at` is ISO 8601 with an offset,
the other attributes belong to the type. parsing.py accepts one or says which field is wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Final

import msgspec
from msgspec import Meta

from touchpoints import vocabulary as v
from touchpoints.corrections import check_correction
from touchpoints.errors import EventError

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Text = Annotated[str, Meta(max_length=100_000)]
Moment = Annotated[datetime, Meta(tz=True)]
Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=31_536_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
OneToFive = Annotated[int, Meta(ge=1, le=5)]
OneToSeven = Annotated[int, Meta(ge=1, le=7)]


class Body(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What an event of one type says beyond its envelope."""

    TYPE: ClassVar[str]


class Event(msgspec.Struct, kw_only=True, frozen=True):
    """Something that happened in a conversation. `seq` orders a conversation; `at` measures durations."""

    conversation_id: Name
    seq: Annotated[int, Meta(ge=0, le=2**53)]
    at: Moment
    body: Body


class Started(Body):
    TYPE = "conversation.started"
    customer_key: Name | None = None
    key_strength: v.KeyStrength | None = None
    channel: Name | None = None
    touchpoint_type: Name | None = None
    environment: v.Environment | None = None
    entry_page: Text | None = None
    language: Name | None = None
    segment: Name | None = None
    customer_lifecycle: v.Lifecycle | None = None
    test: bool | None = None


class Identified(Body):
    TYPE = "customer.identified"
    customer_key: Name
    key_strength: v.KeyStrength = "authenticated"


class CustomerMessage(Body):
    TYPE = "message.customer"
    text: Text | None = None
    courtesy: bool | None = None
    """Kept by erasure in place of the text: it was a courtesy ("thank you") and no question."""


class Reading(Body):
    TYPE = "reading"
    intent: Name | None = None
    confidence: Share | None = None
    reason: Name | None = None
    journey_stage: v.Stage | None = None
    service_kind: v.ServiceKind | None = None
    entity_ref: Name | None = None
    language: Name | None = None


class ReasonChosen(Body):
    TYPE = "reason.chosen"
    reason: Name
    journey_stage: v.Stage | None = None


class Citation(msgspec.Struct, kw_only=True, omit_defaults=True):
    article_id: Name
    version: str | int | None = None
    passage: str | int | None = None
    score: float | None = None


class BotMessage(Body):
    TYPE = "message.bot"
    kind: v.BotKind
    text: Text | None = None
    citations: list[Citation] = []
    used_context: bool | None = None


class AnswerJudged(Body):
    """Judges the answer stored under `answer_seq`; without it, the latest answer."""

    TYPE = "answer.judged"
    accepted: bool
    answer_seq: Annotated[int, Meta(ge=0)] | None = None


class HandoffOffered(Body):
    TYPE = "handoff.offered"
    why: v.HandoffReason | None = None


class HandoffRequested(Body):
    TYPE = "handoff.requested"
    why: v.HandoffReason | None = None
    stated_wait_s: Seconds | None = None


class HandoffTaken(Body):
    TYPE = "handoff.taken"
    agent: Name | None = None


class HandoffLeft(Body):
    TYPE = "handoff.left"


class AgentMessage(Body):
    TYPE = "message.agent"
    text: Text | None = None
    agent: Name | None = None
    substantive: bool = False


class ReturnedToBot(Body):
    TYPE = "returned_to_bot"


class TicketOpened(Body):
    TYPE = "ticket.opened"
    contact: Text | None = None
    summary: Text | None = None
    due: Moment | None = None


class CommitmentMade(Body):
    TYPE = "commitment.made"
    id: Name
    due: Moment
    what: Text | None = None
    by: Name | None = None


class CommitmentMet(Body):
    TYPE = "commitment.met"
    id: Name


class ObservedEffort(Body):
    TYPE = "observed"
    kind: v.Observed


class ResolutionAsked(Body):
    TYPE = "resolution.asked"


class ResolutionAnswered(Body):
    TYPE = "resolution.answered"
    answer: v.Answer


class SurveyOffered(Body):
    TYPE = "survey.offered"
    kind: v.SurveyKind = "contact"
    items: list[Name] | None = None


class SurveyAnswered(Body):
    TYPE = "survey.answered"
    ces: OneToSeven | None = None
    csat: OneToFive | None = None
    expectation_match: v.Expectation | None = None
    felt_understood: OneToFive | None = None
    outcome_cognitive: OneToFive | None = None
    outcome_affective: OneToFive | None = None
    emotion: Text | None = None
    comment: Text | None = None


class CustomerLeft(Body):
    TYPE = "customer.left"


class WrappedUp(Body):
    TYPE = "wrapped_up"
    agent: Name | None = None
    active_s: Seconds | None = None
    wrap_s: Seconds | None = None
    concurrency: Annotated[float, Meta(ge=0, le=1000)] | None = None
    reason: Name | None = None
    journey_stage: v.Stage | None = None
    service_kind: v.ServiceKind | None = None
    entity_ref: Name | None = None
    cause_area: v.Area | None = None
    cause_stage: v.Stage | None = None
    cause_certainty: v.Certainty | None = None
    demand_type: v.Demand | None = None
    promise_id: Name | None = None
    promise_effect: v.PromiseEffect | None = None
    alternatives_offered: Count | None = None
    bureaucracy_steps: Count | None = None
    resolution: v.Answer | None = None
    tags: list[Name] = []


class Excluded(Body):
    TYPE = "excluded"
    reason: v.Exclusion
    by: Name | None = None


class Corrected(Body):
    """A person's correction of one field of the latest interaction; None says that it is unknown."""

    TYPE = "corrected"
    field: Name
    value: str | bool | None = None
    by: Name | None = None

    def __post_init__(self) -> None:
        check_correction(self.field, self.value)


class Closed(Body):
    TYPE = "closed"
    by: v.ClosedBy | None = None


KINDS: Final[dict[str, type[Body]]] = {kind.TYPE: kind for kind in Body.__subclasses__()}


def encode_body(body: Body) -> str:
    """The body as JSON with sorted keys and no defaults: equal bodies, equal texts."""
    try:
        return msgspec.json.encode(body, order="sorted").decode()
    except UnicodeEncodeError as error:
        raise EventError("", "a text is not valid Unicode") from error


def decode_body(event_type: str, document: str) -> Body:
    """The body that `encode_body` wrote."""
    return msgspec.json.decode(document, type=KINDS[event_type])
