from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from touchpoints import configuration as configurations
from touchpoints.period import span
from touchpoints.questions import Questions, questions
from touchpoints.solved import Solved, lately_solved, solved
from touchpoints.store import append, erase, migrate, open_engine, refresh

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
Told = list[dict[str, Any]]
STARTED = {"type": "conversation.started", "customer_key": "k1", "key_strength": "device", "language": "en"}
FALLBACK = {"type": "message.bot", "kind": "fallback", "text": "I don't know."}
CLARIFY = {"type": "message.bot", "kind": "clarify", "text": "Which of these?"}
ANSWER = {"type": "message.bot", "kind": "answer", "text": "So.", "citations": [{"article_id": "track-order"}]}


def says(text: str, intent: str = "ask_question", language: str = "en") -> Told:
    reading = {"type": "reading", "intent": intent, "confidence": 0.9, "language": language}
    return [{"type": "message.customer", "text": text}, reading]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = open_engine(database_url)
    migrate(made)
    yield made
    made.dispose()


def tell(engine: Engine, *told: dict[str, Any], name: str = "c1", at: datetime = AT) -> None:
    events = [
        {"conversation_id": name, "seq": seq, "at": (at + timedelta(seconds=seq)).isoformat(), **one}
        for seq, one in enumerate([STARTED, *told], 1)
    ]
    with engine.begin() as connection:
        append(connection, events)
        refresh(connection)


def asked(engine: Engine, first: date = date(2026, 3, 1), last: date = date(2026, 3, 31)) -> Questions:
    with engine.begin() as connection:
        in_force = configurations.load(connection)
        return questions(connection, in_force, span(first, last, in_force))


def failed(engine: Engine) -> list[tuple[str, str | None]]:
    return [(one.text, one.failed) for one in asked(engine).failed]


def test_a_question_without_an_answer_failed(engine: Engine) -> None:
    tell(engine, *says("Do you sell vinyl?"), FALLBACK)
    (one,) = asked(engine).failed
    assert (one.text, one.failed, one.language, one.customer_key, one.person) == (
        "Do you sell vinyl?", "unanswered", "en", "k1", False,
    )  # fmt: skip


def test_none_of_the_titles_offered_means_the_question_before_them(engine: Engine) -> None:
    tell(engine, *says("vinyl"), CLARIFY, *says("None of these", "none_of_these"), FALLBACK)
    assert failed(engine) == [("vinyl", "unanswered")]


def test_a_title_chosen_answers_the_question_before_it(engine: Engine) -> None:
    tell(engine, *says("parcel?"), CLARIFY, *says("Where is my order?", "choose_article"), ANSWER,
         {"type": "answer.judged", "accepted": False})  # fmt: skip
    assert failed(engine) == [("parcel?", "rejected")]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ({"type": "answer.judged", "accepted": False}, "rejected"),
        ({"type": "resolution.answered", "answer": "no"}, "rejected"),
        ({"type": "answer.judged", "accepted": True}, None),
        ({"type": "resolution.answered", "answer": "partly"}, None),
    ],
)
def test_an_answer_is_rejected_when_the_customer_says_so(
    engine: Engine, verdict: dict[str, Any], expected: str | None
) -> None:
    tell(engine, *says("Where is it?"), ANSWER, verdict)
    assert failed(engine) == ([("Where is it?", expected)] if expected else [])
    (given,) = asked(engine).given
    assert (given.articles, given.rejected) == (("track-order",), expected is not None)


def test_an_answer_judged_by_its_number_is_that_one(engine: Engine) -> None:
    tell(engine, *says("One?"), ANSWER, *says("Two?"), ANSWER,
         {"type": "answer.judged", "accepted": False, "answer_seq": 4})  # fmt: skip
    assert failed(engine) == [("One?", "rejected")]


def test_what_an_agent_resolved_or_not_is_not_the_articles(engine: Engine) -> None:
    tell(
        engine, *says("Where is it?"), ANSWER,
        {"type": "handoff.requested", "why": "customer_request"}, {"type": "handoff.taken", "agent": "a1"},
        {"type": "message.agent", "text": "On its way.", "agent": "a1", "substantive": True},
        {"type": "message.customer", "text": "Is it really?"},
        {"type": "resolution.answered", "answer": "no"},
    )  # fmt: skip
    assert failed(engine) == []
    assert asked(engine).given[0].rejected is False


def test_who_then_asks_for_a_person_is_noted(engine: Engine) -> None:
    tell(engine, *says("vinyl?"), FALLBACK, {"type": "handoff.requested", "why": "fallback"})
    assert asked(engine).failed[0].person


@pytest.mark.parametrize(
    "told",
    [
        [*says("Hello", "greet"), {"type": "message.bot", "kind": "greeting", "text": "Hi"}],
        [*says("thanks"), FALLBACK],
        [*says("a person please", "request_person"), {"type": "handoff.requested", "why": "customer_request"}],
        [*says("spam spam"), FALLBACK, {"type": "excluded", "reason": "spam"}],
    ],
)
def test_what_is_no_question_is_no_gap(engine: Engine, told: Told) -> None:
    tell(engine, *told)
    assert failed(engine) == []


def test_a_period_holds_what_was_asked_in_it(engine: Engine) -> None:
    tell(engine, *says("March?"), FALLBACK)
    assert asked(engine, date(2026, 3, 3), date(2026, 3, 3)).failed
    assert not asked(engine, date(2026, 3, 4), date(2026, 3, 31)).failed
    assert not asked(engine, date(2026, 2, 1), date(2026, 3, 2)).failed


def test_erased_words_never_appear(engine: Engine) -> None:
    tell(
        engine, *says("vinyl for Ada?"), FALLBACK, *says("Where?"), ANSWER, {"type": "answer.judged", "accepted": True}
    )
    with engine.begin() as connection:
        erase(connection, "k1")
    found = asked(engine)
    assert found.failed == []
    assert [one.accepted for one in found.given] == [True]  # counts still add up


PERSON = [
    {"type": "handoff.requested", "why": "fallback"}, {"type": "handoff.taken", "agent": "a1"},
    {"type": "message.agent", "text": "One moment.", "agent": "a1", "substantive": False},
    {"type": "message.customer", "text": "I mean my order 20419."},
    {"type": "message.agent", "text": "Yes, on the first floor.", "agent": "a1", "substantive": True},
]  # fmt: skip


def solution(engine: Engine, name: str = "c1") -> Solved | None:
    with engine.begin() as connection:
        return solved(connection, configurations.load(connection), name)


def test_what_a_person_answered_and_closed_can_become_an_article(engine: Engine) -> None:
    tell(engine, *says("Do you sell vinyl?"), FALLBACK, *says("a person", "request_person"), *PERSON,
         {"type": "wrapped_up", "agent": "a1", "reason": "product.availability", "resolution": "yes"})  # fmt: skip
    one = solution(engine)
    assert one is not None and one.usable
    assert [text for _, text in one.asked] == ["Do you sell vinyl?"]
    assert (one.answered, one.language, one.reason) == (["Yes, on the first floor."], "en", "product.availability")
    with engine.begin() as connection:
        in_force = configurations.load(connection)
        assert [found.conversation_id for found in lately_solved(connection, in_force, 0, 5)] == ["c1"]


@pytest.mark.parametrize(
    "end", [[], [{"type": "wrapped_up", "agent": "a1", "resolution": "no"}]], ids=["still open", "did not help"]
)
def test_what_did_not_end_well_can_not(engine: Engine, end: Told) -> None:
    tell(engine, *says("Do you sell vinyl?"), FALLBACK, *PERSON, *end)
    one = solution(engine)
    assert one is not None and not one.usable


def test_a_conversation_that_is_not_on_record_is_none(engine: Engine) -> None:
    assert solution(engine, "nowhere") is None
    assert solution(engine, "\x00") is None
