"""From a question to an answer with its source, a question back, or an honest nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from .conftest import GIFT, RETURNS, RETURNS_EN


async def test_a_sure_match_is_answered_with_its_source(run, retriever):
    retriever.decision, retriever.found = "answer", (RETURNS,)
    ran = await run("action_answer", "come rendo un libro?", misses=1)
    answer, asked = ran.responses
    assert retriever.asked == [("come rendo un libro?", "it")]
    assert answer["text"] == "Ha 30 giorni."
    assert answer["custom"]["kind"] == "answer"
    assert answer["custom"]["used_context"] is False
    assert answer["custom"]["citations"] == [
        {
            "article_id": "returns",
            "version": "v1",
            "passage": "the passage",
            "score": 0.9,
            "title": "Come restituire un libro",
            "url": "/help/it/returns",
            "lang": "it",
        }
    ]
    assert answer["custom"]["reason"] == {
        "contact_reason": "returns.how_to",
        "journey_stage": "post_purchase",
        "confidence": 0.8,
        "service_kind": "assistance",
    }
    assert asked["response"] == "utter_ask_resolution"
    assert ran.expects == ("resolution", None, 0)


async def test_an_article_without_reason_proposes_none(run, retriever):
    retriever.decision, retriever.found = "answer", (GIFT,)
    ran = await run("action_answer", "gift wrap?", language="en")
    assert "reason" not in ran.custom[0]


async def test_an_article_in_another_language_is_announced(run, retriever):
    retriever.decision, retriever.found = "answer", (RETURNS_EN,)
    ran = await run("action_answer", "come rendo un libro?")
    assert ran.said[0] == "utter_other_language"
    assert ran.custom[1]["citations"][0]["lang"] == "en"


async def test_of_a_long_article_only_the_passage_is_said(run, retriever):
    retriever.decision, retriever.found = "answer", (replace(RETURNS, body="x" * 5000),)
    ran = await run("action_answer", "come rendo un libro?")
    assert ran.said[0] == "the passage"


async def test_unsure_asks_back_with_at_most_three_different_titles(run, retriever):
    others = tuple(replace(GIFT, id=f"a{n}", title=f"Title {n}") for n in range(4))
    retriever.decision, retriever.found = "clarify", (GIFT, GIFT, *others)
    ran = await run("action_answer", "gift", language="en", awaiting="resolution")
    (asked,) = ran.responses
    assert asked["response"] == "utter_clarify"
    assert asked["custom"] == {"kind": "clarify"}
    assert [asked[f"title_{n}"] for n in (1, 2, 3)] == ["Gift wrapping", "Title 0", "Title 1"]
    intent, entities = asked["payload_1"].split("{", 1)
    assert intent == "/choose_article"
    assert json.loads("{" + entities) == {"article": "gift%2Fwrap", "article_lang": "en"}
    assert ran.slots["awaiting"] == "choice"
    assert [option["title"] for option in ran.slots["options"]] == ["Gift wrapping", "Title 0", "Title 1"]


async def test_a_single_candidate_leaves_the_other_options_empty(run, retriever):
    retriever.decision, retriever.found = "clarify", (GIFT,)
    ran = await run("action_answer", "gift", language="en")
    assert (ran.responses[0]["payload_2"], ran.responses[0]["payload_3"]) == ("", "")


async def test_the_chosen_article_is_answered_and_certain(run):
    ran = await run("action_chosen_article", entities={"article": "gift%2Fwrap", "article_lang": "en"}, language="en")
    assert ran.said == ["It costs €2.", "utter_ask_resolution"]
    chosen = await run("action_chosen_article", entities={"article": "returns", "article_lang": "it"})
    assert chosen.custom[0]["reason"]["confidence"] == 1.0
    assert chosen.custom[0]["citations"][0]["version"] == "v1"


@pytest.mark.parametrize("entities", [{}, {"article": "gone", "article_lang": "it"}, {"article": "../../etc"}])
async def test_an_article_that_is_gone_is_a_miss(run, entities):
    ran = await run("action_chosen_article", entities=entities)
    assert ran.said == ["utter_no_answer"]


async def test_nothing_found_is_said_and_a_person_offered_more_strongly_the_second_time(run):
    first = await run("action_answer", "qwerty")
    assert first.said == ["utter_no_answer"]
    assert first.custom == [{"kind": "fallback", "offer_handoff": {"why": "fallback"}}]
    assert first.expects == ("person", "fallback", 1)
    again = await run("action_none_of_these", misses=first.slots["misses"])
    assert again.said == ["utter_no_answer_again"]
    assert again.slots["misses"] == 2


async def test_in_the_form_what_has_no_answer_may_go_into_the_message(run, retriever):
    retriever.decision = "none"
    ran = await run("action_answer", "do you sell ice cream?", form=True, language="en")
    assert ran.said == ["utter_no_answer_in_form"]
    assert ran.custom[0]["kind"] == "fallback" and "offer_handoff" not in ran.custom[0]


async def test_in_the_form_an_answer_asks_nothing_and_a_miss_changes_no_expectation(run, retriever):
    missed = await run("action_answer", "?", form=True)
    assert missed.slots["awaiting"] is None
    retriever.decision, retriever.found = "answer", (RETURNS,)
    answered = await run("action_answer", "come rendo un libro?", form=True)
    assert answered.said == ["Ha 30 giorni."]
    assert answered.slots["awaiting"] is None
