"""Questions that lean on the one before, and several questions in one message."""

from __future__ import annotations

import pytest

from actions.context import leans
from actions.questions import questions_in

from .conftest import GIFT, RETURNS, RETURNS_EN


@pytest.mark.parametrize(
    "text",
    ["e per la Svizzera?", "what if it's a gift?", "e se invece è rotto?", "in Francia", "and abroad?", "oppure oggi?"],
)
def test_a_short_message_begun_by_a_joining_word_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text", ["come rendo un libro?", "how do I return a book?", "è arrivato rotto il libro che avevo ordinato"]
)
def test_a_question_that_stands_alone_does_not_lean(text):
    assert not leans(text)


async def test_what_its_own_words_answer_is_never_searched_in_context(run, retriever):
    retriever.decision, retriever.found, retriever.in_context = "answer", (RETURNS,), (GIFT,)
    ran = await run("action_answer", "e per i resi?", topic="quanto costa spedire?")
    assert ran.custom[0]["citations"][0]["article_id"] == "returns"
    assert ran.custom[0]["used_context"] is False
    assert len(retriever.asked) == 1


async def test_unsure_alone_and_sure_in_context_is_answered_and_says_so(run, retriever):
    retriever.decision, retriever.found, retriever.in_context = "clarify", (GIFT, RETURNS), (GIFT,)
    ran = await run("action_answer", "what if it's a gift?", topic="how do I send a book?", language="en")
    assert ran.custom[0]["citations"][0]["article_id"] == "gift/wrap"
    assert ran.custom[0]["used_context"] is True
    assert ran.slots["topic"] == "how do I send a book? what if it's a gift?"


async def test_what_only_the_context_points_at_is_asked_back(run, retriever):
    retriever.decision, retriever.found, retriever.in_context = "clarify", (RETURNS,), (GIFT,)
    ran = await run("action_answer", "what if it's a gift?", topic="how do I send a book?", language="en")
    assert ran.said == ["utter_clarify"]


async def test_what_meant_nothing_alone_is_at_most_asked_back(run, retriever):
    retriever.decision, retriever.found, retriever.in_context = "none", (RETURNS,), (GIFT,)
    ran = await run("action_answer", "and on Mars?", topic="how do I send a book?", language="en")
    assert ran.said == ["utter_clarify"]


async def test_the_article_just_given_is_not_given_again(run, retriever):
    retriever.decision, retriever.found, retriever.in_context = "clarify", (RETURNS,), (GIFT,)
    ran = await run("action_answer", "and for him?", topic="gift wrap?", answered="gift/wrap", language="en")
    assert ran.said == ["utter_clarify"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Quanto costa? E fate pacchetti?", ["Quanto costa?", "E fate pacchetti?"]),
        ("how much is it and do you ship abroad", ["how much is it", "do you ship abroad"]),
        ("Il pacco non arriva. Cosa devo fare?", []),
        ("come rendo un libro?", []),
        ("a? b? c? d?", []),
    ],
)
def test_questions_of_a_message_are_told_apart(text, parts):
    assert questions_in(text) == parts


async def test_two_questions_are_both_answered_and_judged_once(run, retriever):
    retriever.by_query = {"How do I return it?": ("answer", (RETURNS_EN,)), "Do you wrap gifts?": ("answer", (GIFT,))}
    ran = await run("action_answer", "How do I return it? Do you wrap gifts?", language="en")
    assert ran.said == ["You have 30 days.", "It costs €2.", "utter_ask_resolution"]


async def test_of_two_questions_the_one_without_answer_is_named(run, retriever):
    retriever.by_query = {"How do I return it?": ("answer", (RETURNS_EN,)), "Do you land blimps?": ("none", ())}
    ran = await run("action_answer", "How do I return it? Do you land blimps?", language="en")
    assert ran.said == ["You have 30 days.", "utter_other_unanswered"]
    assert ran.expects[:2] == ("person", "fallback")


async def test_of_two_questions_the_unsure_one_is_asked_back(run, retriever):
    retriever.by_query = {"How do I return it?": ("answer", (RETURNS_EN,)), "Do you do gifts?": ("clarify", (GIFT,))}
    ran = await run("action_answer", "How do I return it? Do you do gifts?", language="en")
    assert ran.said == ["You have 30 days.", "utter_clarify_other"]
    assert ran.slots["awaiting"] == "choice"
