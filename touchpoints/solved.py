"""Conversations a person brought to an end: what was asked and what they answered, for an article to be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, select

from touchpoints import events as e
from touchpoints.configuration import Configuration
from touchpoints.instant import Instant
from touchpoints.questions import REPLIES
from touchpoints.schema import event

_TYPES: Final = (e.Started, e.CustomerMessage, e.Reading, e.HandoffTaken, e.AgentMessage, e.WrappedUp, e.Closed)
_READ: Final = 20  # conversations looked through for each one that is wanted: not all can become an article


@dataclass
class Solved:
    """The latest stretch with a person in one conversation. `asked` are event numbers and the customer's words."""

    conversation_id: str
    at: Instant = 0
    language: str | None = None
    reason: str | None = None
    stage: str | None = None
    asked: list[tuple[int, str]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    resolution: str | None = None
    ended: bool = False
    with_person: bool = False

    @property
    def usable(self) -> bool:
        """Whether it ended, a person gave an answer, and nobody said that it didn't help."""
        return self.ended and bool(self.asked) and bool(self.answered) and self.resolution != "no"


def solved(connection: Connection, configuration: Configuration, conversation_id: str) -> Solved | None:
    """What this conversation's latest stretch with a person came to; None when it isn't on record."""
    if "\x00" in conversation_id:
        return None
    return next(iter(_read(connection, configuration, [conversation_id])), None)


def lately_solved(connection: Connection, configuration: Configuration, since: Instant, limit: int) -> list[Solved]:
    """Those that ended since then with an answer of a person's, the latest first."""
    ended = (
        select(event.c.conversation_id)
        .where(event.c.type == e.WrappedUp.TYPE, event.c.at >= since, event.c.erased.is_(False))
        .order_by(event.c.at.desc())
        .limit(limit * _READ)
    )
    ids = list(dict.fromkeys(connection.execute(ended).scalars()))
    found = [one for one in _read(connection, configuration, ids) if one.usable]
    return sorted(found, key=lambda one: -one.at)[:limit]


def _read(connection: Connection, configuration: Configuration, ids: Sequence[str]) -> list[Solved]:
    rows = connection.execute(
        select(event.c.conversation_id, event.c.seq, event.c.at, event.c.type, event.c.attributes)
        .where(event.c.conversation_id.in_(ids), event.c.type.in_([kind.TYPE for kind in _TYPES]))
        .order_by(event.c.conversation_id, event.c.seq)
    )
    found = []
    for name, told in groupby(rows, key=lambda row: row.conversation_id):
        one = Solved(name)
        for row in told:
            _tell(one, row.seq, row.at, e.decode_body(row.type, row.attributes), configuration)
        found.append(one)
    return found


def _tell(one: Solved, seq: int, at: Instant, body: e.Body, configuration: Configuration) -> None:
    match body:
        case e.Started():
            one.language = body.language
        case e.CustomerMessage():
            _customer_says(one, seq, body, configuration)
        case e.Reading():
            _read_as(one, body, configuration)
        case e.HandoffTaken():
            one.answered, one.with_person = [], True
        case e.AgentMessage(substantive=True, text=str(text)):
            one.answered.append(text)
        case e.WrappedUp():
            one.reason, one.stage = body.reason or one.reason, body.journey_stage or one.stage
            one.resolution, one.ended, one.at = body.resolution, True, at
        case e.Closed():
            one.ended, one.at = True, at


def _customer_says(one: Solved, seq: int, body: e.CustomerMessage, configuration: Configuration) -> None:
    if one.ended:  # a new contact began: what was asked before is another matter
        one.asked, one.answered, one.ended, one.with_person = [], [], False, False
    if one.with_person and one.asked:  # what they tell the person is about their own case
        return
    if body.text and not configuration.is_courtesy(body.text):
        one.asked.append((seq, body.text))


def _read_as(one: Solved, body: e.Reading, configuration: Configuration) -> None:
    one.language = body.language or one.language
    if body.reason:
        one.reason, one.stage = body.reason, body.journey_stage or one.stage
    elif one.asked and body.intent in (REPLIES | configuration.social_intents):
        one.asked.pop()
