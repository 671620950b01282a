"""What a lead writes down and dates: promises, designed frictions, context events, actions, touchpoints, owners."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from touchpoints import vocabulary as v
from touchpoints.cx import vocabulary as c
from touchpoints.cx.errors import EntryError

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
Line = Annotated[str, Meta(min_length=1, max_length=500)]
CUSTOMER_CARE: Final = frozenset(
    {"customer care", "customer service", "customer support", "service", "support", "servizio clienti", "assistenza"}
)
FORBIDDEN_CONCERNS: Final = ("safety", "accessibility", "legal_rights", "broken_promise")
"""What no friction can be designed into: refused, whoever approves."""
Concern = Literal["effort", "waiting", "self_service", "distance", "choice", "other"]
_GIVE_AWAY: Final = ("accessib", "safety", "sicurezza", "legal", "disab", "broken_promise")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in one of the interface's languages or both."""

    it: Line | None = None
    en: Line | None = None

    def __post_init__(self) -> None:
        if not ((self.it or "").strip() or (self.en or "").strip()):
            raise ValueError("a text is needed in Italian or English")


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the brand promises, and how one would see it kept. `target` is in `unit`: a share in percent, 0–100."""

    id: Id
    text: Text
    areas: Annotated[tuple[v.Area, ...], Meta(min_length=1)]
    owner: Line
    metric: Id
    target: float
    direction: c.Direction
    unit: c.Unit = "%"
    includes_service: bool = False
    differentiator: bool = False
    offering_stage: c.OfferingStage = "unknown"
    review_on: date | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.target):
            raise ValueError("target must be a number")
        if self.unit == "%" and not 0 <= self.target <= 100:
            raise ValueError("target of a share is a percentage, 0 to 100")
        if self.metric == c.TNPS:
            raise ValueError("metric: a transactional NPS says nothing of the relationship; no promise can rest on it")


class DesignedFriction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An effort left to the customer on purpose, for a promise's sake. `covers` names contact reasons, metrics or
    touchpoints: what they show leaves "to fix", not the figures."""

    id: Id
    what: Text
    why: Text
    promise_id: Id
    approver: Line
    expires_on: date
    declared_to_customer: bool
    concern: str = "other"
    covers: tuple[Id, ...] = ()

    def __post_init__(self) -> None:
        if self.concern in FORBIDDEN_CONCERNS:
            raise ValueError(f"concern: no friction is designed where it touches {self.concern.replace('_', ' ')}")
        if self.concern not in Concern.__args__:  # type: ignore[attr-defined]
            raise ValueError(f"concern: {self.concern!r} is none of {', '.join(Concern.__args__)}")  # type: ignore[attr-defined]
        for name in (self.id, *self.covers):
            if any(word in name for word in _GIVE_AWAY):
                raise ValueError(f"covers: {name!r} is about safety, accessibility or rights, never designed friction")


class ContextEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something in the world or the house to remember when reading a chart: a mark in time, never an explanation."""

    id: Id
    text: Text
    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("end comes before start")


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What will be done about a finding: the process changed, and the day to measure again."""

    id: Id
    text: Text
    level: c.Level
    type: c.ActionType
    finding: Line
    process_changed: Line
    measure_again_on: date
    owner: Line
    promise_id: Id | None = None
    cause: Id | None = None
    """A contact reason or a cause area."""
    pillar: c.Pillar | None = None
    done_on: date | None = None


class Touchpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place or moment of contact, and the stages at which it can be met."""

    id: Id
    name: Text
    stages: tuple[v.Stage, ...]
    environment: v.Environment = "unknown"
    service: bool = False


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who answers for what goes wrong in an area."""

    id: v.Area
    owner: Line
    offering_stage: c.OfferingStage = "unknown"

    def __post_init__(self) -> None:
        if self.id != "service" and " ".join(self.owner.casefold().replace("_", " ").split()) in CUSTOMER_CARE:
            raise ValueError("owner: customer care answers for service alone; a cause outside it has another owner")


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The mark from which the lead calls a service metric strong; in percent or seconds. A judgement, dated."""

    id: Id
    target: float
    direction: c.Direction


class ReasonDefault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a contact reason stands for until an agent or the lead says otherwise: where the customer is, and the
    upstream cause as a hypothesis. `id` is the reason's name."""

    id: Id
    stage: v.Stage = "unknown"
    cause_area: v.Area = "unknown"
    cause_stage: v.Stage = "unknown"
    demand: v.Demand = "unknown"
    promise_effect: v.PromiseEffect = "unknown"
    quadrant: v.Quadrant = "unknown"

    def __post_init__(self) -> None:
        if self.cause_area == "service" and not self.id.startswith("service."):
            raise ValueError("cause_area: customer care is where people complain, not where a cause begins by default")


Value = Promise | DesignedFriction | ContextEvent | Action | Touchpoint | Area | Threshold | ReasonDefault
KINDS: Final[dict[str, type[Any]]] = {
    "promise": Promise,
    "friction": DesignedFriction,
    "context_event": ContextEvent,
    "action": Action,
    "touchpoint": Touchpoint,
    "area": Area,
    "threshold": Threshold,
    "reason": ReasonDefault,
}


def parse(kind: str, document: Any) -> Any:
    """The entry a mapping describes. Raises EntryError naming the field."""
    if kind not in KINDS:
        raise EntryError("kind", f"{kind!r} is none of {', '.join(KINDS)}")
    try:
        return msgspec.convert(document, KINDS[kind])
    except msgspec.ValidationError as error:
        raise EntryError(*_named(str(error), KINDS[kind])) from error


def _named(said: str, kind: type[Any]) -> tuple[str, str]:
    """The field an error is about, and why."""
    why, _, path = said.partition(" - at `$")
    place = path.strip("`.")
    if found := re.search(r"(missing|unknown).* field `(\w+)`", why):
        return ".".join(part for part in (place, found[2]) if part), found[1]
    first = why.partition(" ")[0].rstrip(":")
    if not place and first in kind.__struct_fields__:
        return first, why.removeprefix(f"{first}: ")
    return place, why
