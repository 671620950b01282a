"""What is known of one interaction whatever the moment one looks back from.

Facts change only with the conversation's events and the configuration. What depends on the moment (whether silence has
lasted, whether a return has revoked) is told from them by resolution.py and chain.py. Facts never refer to themselves,
so the garbage collector need not look at them (gc=False): a report holds very many.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from touchpoints import vocabulary as v
from touchpoints.instant import Instant

Standing = Literal["yes", "no", "queue_left", "weak"]


def interaction_id(conversation_id: str, ordinal: int) -> str:
    """The first interaction of a conversation is called like it, the others by their number too."""
    return conversation_id if ordinal == 1 else f"{conversation_id}.{ordinal}"


class Citation(msgspec.Struct, omit_defaults=True, gc=False):
    """An article shown as the source of an answer."""

    article_id: str
    version: str | int | None = None
    passage: str | int | None = None
    score: float | None = None
    accepted: bool | None = None


class QueueStretch(msgspec.Struct, omit_defaults=True, gc=False):
    """One stretch of waiting for, and being with, an agent."""

    requested_at: Instant | None = None
    why: str | None = None
    taken_at: Instant | None = None
    left_at: Instant | None = None
    """When the waiting ended without an agent."""
    stated_s: float | None = None
    """The wait the customer was told to expect, when first told."""
    active_s: float | None = None
    wrap_s: float | None = None
    concurrency: float | None = None


class Correction(msgspec.Struct, omit_defaults=True, gc=False):
    """What a person changed: the field, what it said before, what it says now, who and when."""

    field: str
    earlier: str | bool | None
    value: str | bool | None
    at: Instant
    by: str | None = None


class Survey(msgspec.Struct, omit_defaults=True, gc=False):
    """The first answer to each item."""

    ces: int | None = None
    csat: int | None = None
    expectation_match: v.Expectation | None = None
    felt_understood: int | None = None
    outcome_cognitive: int | None = None
    outcome_affective: int | None = None
    emotion: str | None = None
    comment: str | None = None


class Facts(msgspec.Struct, omit_defaults=True, kw_only=True, gc=False):
    """One interaction. Instants are microseconds UTC, durations seconds; None is unknown or didn't happen."""

    conversation_id: str
    ordinal: int
    started_at: Instant
    last_event_at: Instant
    closed_at: Instant | None = None
    closed_by: str | None = None
    after_hours_start: bool = False

    customer_key: str | None = None
    key_strength: v.KeyStrength = "none"
    channel: str | None = None
    touchpoint_type: str = "unknown"
    environment: v.Environment = "unknown"
    entry_page: str | None = None
    language: str | None = None
    segment: str | None = None
    customer_lifecycle: v.Lifecycle = "unknown"

    contact_reason: str | None = None
    reason_source: str | None = None
    reason_confidence: float | None = None
    journey_stage: v.Stage = "unknown"
    stage_source: str | None = None
    service_kind: v.ServiceKind = "unknown"
    entity_ref: str | None = None
    cause_area: v.Area = "unknown"
    cause_stage: v.Stage = "unknown"
    cause_certainty: v.Certainty = "unknown"
    demand_type: v.Demand = "unknown"
    demand_stated: bool = False
    """Whether a person said what the demand is; what is only a default changes with a repeat."""
    irritant_quadrant: v.Quadrant = "unknown"
    promise_id: str | None = None
    promise_effect: v.PromiseEffect = "unknown"
    tags: list[str] = []
    corrections: list[Correction] = []

    user_turns: int = 0
    first_bot_message_at: Instant | None = None
    first_substantive_at: Instant | None = None
    last_substantive_at: Instant | None = None
    knowledge_answer: bool = False
    used_context: bool = False
    citations: list[Citation] = []

    stretches: list[QueueStretch] = []
    agent_first_at: Instant | None = None
    wait_wall_s: float | None = None
    wait_business_s: float | None = None
    stated_wait_s: float | None = None
    """What the customer was told of those same waits; None unless it was told of each."""
    waited_s: float = 0
    """Wall clock in queues that ended, an agent came or not; what friction looks at."""
    waiting_since: Instant | None = None

    reformulations: int = 0
    fallbacks: int = 0
    reentered_fields: int = 0
    repeated_questions: int = 0
    channel_switches: int = 0
    alternatives_offered: int | None = None
    bureaucracy_steps: int | None = None

    resolution_asked_at: Instant | None = None
    resolution_answer: v.Answer | None = None
    standing: Standing | None = None
    """The last signal of the customer that nothing has set aside."""
    yes_at: Instant | None = None
    left: bool = False
    quiet_at: Instant | None = None
    """When silence will have lasted long enough to end the contact; None while its clock stands still."""
    wrap_resolution: v.Answer | None = None

    survey_offered: list[str] = []
    survey: Survey = msgspec.field(default_factory=Survey)
    recall: Survey = msgspec.field(default_factory=Survey)
    commitment_due: Instant | None = None
    commitment_met: bool | None = None

    eligible: bool = True
    exclusion_reason: str | None = None

    @property
    def id(self) -> str:
        """`<conversation_id>`, then `<conversation_id>.2`, …"""
        return interaction_id(self.conversation_id, self.ordinal)

    @property
    def handoff(self) -> bool:
        """An agent was asked for or came; an offer is neither."""
        return bool(self.stretches)

    @property
    def taken(self) -> bool:
        return self.agent_first_at is not None

    @property
    def identifiable(self) -> bool:
        return self.customer_key is not None and self.key_strength != "none"


_DECODER = msgspec.json.Decoder(Facts)


def encode(facts: Facts) -> str:
    """The facts as JSON."""
    return msgspec.json.encode(facts).decode()


def decode(document: str | bytes) -> Facts:
    """The facts that `encode` wrote."""
    return _DECODER.decode(document)


def plain(value: Any) -> Any:
    """A struct as dicts and lists."""
    return msgspec.to_builtins(value)
