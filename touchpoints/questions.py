"""What customers asked the assistant: the questions it failed, and the answers it gave from articles.

A question fails when the assistant had no answer to it, or when its answer was rejected: judged not helpful, or
followed by "no" to whether the issue is resolved. Questions put to a person are not the assistant's, and erased ones
have no words left: neither appears.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from touchpoints import events as e
from touchpoints.configuration import Configuration
from touchpoints.instant import Instant
from touchpoints.period import Span
from touchpoints.schema import event, interaction

Failure = Literal["unanswered", "rejected"]
# readings of words that answer the assistant instead of asking it something
REPLIES: Final = frozenset(
    {
        "affirm", "bot_challenge", "cancel", "capabilities", "choose_article", "deny", "give_contact", "insult",
        "leave_message", "none_of_these", "partly", "request_person", "smalltalk",
    }
)  # fmt: skip
_TYPES: Final = (
    e.Started, e.Identified, e.CustomerMessage, e.Reading, e.BotMessage, e.AnswerJudged, e.ResolutionAnswered,
    e.HandoffRequested, e.HandoffTaken, e.HandoffLeft, e.AgentMessage, e.ReturnedToBot, e.Excluded, e.Closed,
)  # fmt: skip


@dataclass
class Asked:
    """One question as the customer put it. `person` says that they then asked for a person."""

    conversation_id: str
    seq: int
    at: Instant
    text: str
    language: str | None
    customer_key: str | None
    failed: Failure | None = None
    articles: tuple[str, ...] = ()
    person: bool = False


@dataclass
class Given:
    """One answer from articles, and what the customer said of it; None is silence."""

    conversation_id: str
    seq: int
    at: Instant
    articles: tuple[str, ...]
    customer_key: str | None = None
    accepted: bool | None = None
    resolution: str | None = None

    @property
    def rejected(self) -> bool:
        return self.accepted is False or self.resolution == "no"

    @property
    def helped(self) -> bool:
        return not self.rejected and (self.accepted is True or self.resolution == "yes")


@dataclass
class Questions:
    """What was asked and answered in a period."""

    failed: list[Asked] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)


def questions(connection: Connection, configuration: Configuration, span: Span) -> Questions:
    """The failed questions and the answers of a period, oldest first. Excluded conversations don't count."""
    within = select(interaction.c.conversation_id).where(
        interaction.c.started_at < span.end, interaction.c.events_until >= span.start
    )
    rows = connection.execute(
        select(event.c.conversation_id, event.c.seq, event.c.at, event.c.type, event.c.attributes)
        .where(event.c.conversation_id.in_(within), event.c.type.in_([kind.TYPE for kind in _TYPES]))
        .order_by(event.c.conversation_id, event.c.seq)
    )
    found = Questions()
    for _, conversation in groupby(rows, key=lambda row: row.conversation_id):
        told = _Telling(configuration)
        told.read(
            (row.conversation_id, row.seq, row.at, e.decode_body(row.type, row.attributes)) for row in conversation
        )
        if not told.excluded:
            found.failed += [one for one in told.asked if one.failed and one.at in span]
            found.given += [one for one in told.given if one.at in span]
    found.failed.sort(key=lambda one: (one.at, one.conversation_id, one.seq))
    found.given.sort(key=lambda one: (one.at, one.conversation_id, one.seq))
    return found


class _Telling:
    """Reads one conversation in order and remembers which question is on the table."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._language: str | None = None
        self._key: str | None = None
        self._with_people = False
        self._said: Asked | None = None  # the latest words: a question unless the reading says otherwise
        self._open: Asked | None = None  # the question that the next reply is about
        self._of_answer: dict[int, Asked] = {}
        self._agent_answered = False
        self.excluded = False
        self.asked: list[Asked] = []
        self.given: list[Given] = []

    def read(self, told: Iterable[tuple[str, int, Instant, Any]]) -> None:
        for conversation, seq, at, body in told:
            step = _STEPS.get(type(body))
            if step:
                step(self, conversation, seq, at, body)

    def started(self, conversation: str, seq: int, at: Instant, body: e.Started) -> None:
        self._language, self._key = body.language or self._language, body.customer_key
        self.excluded = self.excluded or bool(body.test)

    def identified(self, conversation: str, seq: int, at: Instant, body: e.Identified) -> None:
        self._key = body.customer_key
        for asked in self.asked:
            asked.customer_key = self._key
        for given in self.given:
            given.customer_key = self._key

    def says(self, conversation: str, seq: int, at: Instant, body: e.CustomerMessage) -> None:
        self._said = None
        if self._with_people or not (body.text or "").strip() or self._configuration.is_courtesy(body.text or ""):
            return
        self._said = Asked(conversation, seq, at, body.text or "", self._language, self._key)

    def reads(self, conversation: str, seq: int, at: Instant, body: e.Reading) -> None:
        self._language = body.language or self._language
        if self._said is None:
            return
        self._said.language = self._language
        if body.reason is None and body.intent in (REPLIES | self._configuration.social_intents):
            self._said = None

    def replies(self, conversation: str, seq: int, at: Instant, body: e.BotMessage) -> None:
        if body.kind not in ("answer", "clarify", "fallback"):
            return
        if self._said is not None:
            self._open, self._said = self._said, None
            self.asked.append(self._open)
        if body.kind == "answer":
            self._answers(conversation, seq, at, body)
        elif body.kind == "fallback" and self._open is not None:
            self._open.failed = "unanswered"

    def _answers(self, conversation: str, seq: int, at: Instant, body: e.BotMessage) -> None:
        articles = tuple(dict.fromkeys(cited.article_id for cited in body.citations))
        self.given.append(Given(conversation, seq, at, articles, self._key))
        self._agent_answered = False
        if self._open is not None:
            self._open.articles = articles
            self._of_answer[seq] = self._open

    def judges(self, conversation: str, seq: int, at: Instant, body: e.AnswerJudged) -> None:
        judged = next((one for one in reversed(self.given) if body.answer_seq in (None, one.seq)), None)
        if judged is not None:
            judged.accepted = body.accepted
            self._settle(judged)

    def resolves(self, conversation: str, seq: int, at: Instant, body: e.ResolutionAnswered) -> None:
        if self.given and not self._agent_answered:  # what an agent answered last is what was resolved or not
            self.given[-1].resolution = body.answer
            self._settle(self.given[-1])

    def _settle(self, judged: Given) -> None:
        question = self._of_answer.get(judged.seq)
        if question is not None and question.failed != "unanswered":
            question.failed = "rejected" if judged.rejected else None

    def hands_off(self, conversation: str, seq: int, at: Instant, body: e.HandoffRequested) -> None:
        self._with_people = True
        if self._open is not None:
            self._open.person = True

    def taken(self, conversation: str, seq: int, at: Instant, body: e.HandoffTaken) -> None:
        self._with_people = True

    def agent_says(self, conversation: str, seq: int, at: Instant, body: e.AgentMessage) -> None:
        self._agent_answered = self._agent_answered or body.substantive

    def back(self, conversation: str, seq: int, at: Instant, body: Any) -> None:
        self._with_people = False

    def excludes(self, conversation: str, seq: int, at: Instant, body: e.Excluded) -> None:
        self.excluded = True


_STEPS: Final[dict[type[Any], Any]] = {
    e.Started: _Telling.started,
    e.Identified: _Telling.identified,
    e.CustomerMessage: _Telling.says,
    e.Reading: _Telling.reads,
    e.BotMessage: _Telling.replies,
    e.AnswerJudged: _Telling.judges,
    e.ResolutionAnswered: _Telling.resolves,
    e.HandoffRequested: _Telling.hands_off,
    e.HandoffTaken: _Telling.taken,
    e.HandoffLeft: _Telling.back,
    e.AgentMessage: _Telling.agent_says,
    e.ReturnedToBot: _Telling.back,
    e.Closed: _Telling.back,
    e.Excluded: _Telling.excludes,
}
