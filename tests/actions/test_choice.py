"""Which of the titles offered was meant."""

from __future__ import annotations

import pytest

from actions.choice import chosen

from .conftest import GIFT

OPTIONS = [
    {"article": "returns", "lang": "it", "title": "Come restituire un libro"},
    {"article": "gift/wrap", "lang": "en", "title": "Gift wrapping"},
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("la prima", 0),
        ("the second one", 1),
        ("2.", 1),
        ("l'ultima", 1),
        ("gift wrapping!", 1),
        ("come restituire un libro", 0),
        ("3", None),
        ("la prima volta che compro", None),
        ("una domanda nuova", None),
    ],
)
def test_words_name_a_title_by_its_place_or_itself(text, place):
    assert chosen(text, OPTIONS) == (None if place is None else OPTIONS[place])


async def test_naming_a_title_answers_from_it_without_a_search_and_keeps_the_question(run, retriever):
    ran = await run("action_answer", "la seconda", awaiting="choice", options=OPTIONS, topic="regalo", language="en")
    assert ran.said == ["It costs €2.", "utter_ask_resolution"]
    assert retriever.asked == []
    assert ran.slots["topic"] == "regalo"
    assert ran.slots["options"] is None


async def test_a_yes_to_one_title_takes_it_and_to_several_asks_which(run):
    one = await run("action_accept_title", "yes", awaiting="choice", options=OPTIONS[1:], language="en")
    assert one.said[0] == "It costs €2."
    several = await run("action_accept_title", "yes", awaiting="choice", options=OPTIONS, language="en")
    assert several.said == ["utter_which"]


async def test_writing_again_instead_of_choosing_is_a_miss_and_two_bring_a_person(run, retriever):
    retriever.decision, retriever.found = "clarify", (GIFT,)
    first = await run("action_answer", "hm something", awaiting="choice", options=OPTIONS)
    assert (first.said, first.slots["misses"]) == (["utter_clarify"], 1)
    second = await run("action_answer", "hm whatever", awaiting="choice", options=OPTIONS, misses=1)
    assert second.said == ["utter_no_answer_again"]


async def test_the_same_question_after_a_miss_is_on_record_as_effort(run, retriever):
    same = await run("action_answer", "dov'è la cosa?", topic="dov'è la cosa?", misses=1)
    assert same.custom[0]["observed"] == "repeated_question"
    other = await run("action_answer", "dov'è cosa la", topic="dov'è la cosa", misses=1)
    assert other.custom[0]["observed"] == "reformulation"
    fresh = await run("action_answer", "vendete lampade da tavolo?", topic="dov'è la cosa?", misses=1)
    assert "observed" not in fresh.custom[0]
