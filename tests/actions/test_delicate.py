"""Sensitive topics, odd messages, another language: the right words, and a person where one is needed."""

from __future__ import annotations

import pytest

from actions.odd import foreign, odd
from actions.sensitive import RESPONSES, despairs
from actions.switch import wanted

TOPICS = [topic for topic in RESPONSES if topic != "sensitive_self_harm"]


@pytest.mark.parametrize("topic", RESPONSES)
async def test_in_opening_hours_a_sensitive_topic_goes_to_a_person_at_once(run, topic):
    ran = await run("action_sensitive", intent=topic)
    assert ran.said == [RESPONSES[topic], "utter_sensitive_handoff"]
    assert ran.custom[1]["handoff"] == {"why": "sensitive"}


@pytest.mark.parametrize("topic", TOPICS)
async def test_out_of_hours_the_right_words_come_before_the_message(run, topic):
    ran = await run("action_sensitive", intent=topic, desk_open=False)
    assert ran.said == [RESPONSES[topic], "utter_closed"]
    assert ran.custom[1]["asked_person"] == {"why": "sensitive"}
    assert ran.next_action == "ticket_form"


async def test_somebody_in_despair_gets_numbers_to_call_and_no_form_to_fill_in(run):
    ran = await run("action_sensitive", intent="sensitive_self_harm", desk_open=False)
    assert ran.said == ["utter_sensitive_self_harm", "utter_despair_closed"]
    assert ran.next_action is None
    assert ran.expects[:2] == ("person", "sensitive")


async def test_despair_is_heard_even_when_it_was_read_as_a_question(run, retriever):
    ran = await run("action_answer", "a che serve, voglio morire")
    assert ran.said[0] == "utter_sensitive_self_harm"
    assert retriever.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "lasciate perdere il libro, non vedo più una ragione per vivere",
        "tanto starebbero tutti meglio senza di me",
        "stasera mi ammazzo",
        "vorrei sparire per sempre",
        "forget the order, everyone would be better off without me",
        "I have no reason to live",
        "I wish I was dead",
        "i don’t want to wake up anymore",
        "thinking of ending it all",
    ],
)
def test_despair_is_heard_in_many_words(text):
    assert despairs(text)


@pytest.mark.parametrize(
    "text",
    [
        "avete libri sul suicidio?",
        "how to kill a mockingbird",
        "muoio dal ridere",
        "mi ammazzo dal ridere con questo autore",
        "mi ammazzo di lavoro e il pacco non arriva",
        "would I be better off ordering two?",
        "do I have to take my own bag?",
        "cerco «Ragioni per vivere» di Matt Haig",
        "vorrei sparire dalla vostra newsletter",
    ],
)
def test_books_about_death_are_no_despair(text):
    assert not despairs(text)


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("🌵🌵", "utter_no_words"),
        ("?!?", "utter_no_words"),
        ("https://example.com/x", "utter_only_link"),
        ("guardi qui www.example.com", "utter_only_link"),
        ("où est ma commande, s'il vous plaît ?", "utter_languages"),
        ("где мой заказ", "utter_languages"),
        ("dov'è il mio ordine? https://example.com/ordine", None),
        ("nn mi arriva il pacco ke fare", None),
        ("wheres my stuff m8", None),
    ],
)
def test_what_holds_no_question_is_told(text, response):
    assert odd(text) == response


def test_a_word_or_two_are_never_foreign():
    assert not foreign("bonjour madame")


async def test_odd_messages_end_with_the_offer_of_a_person(run):
    first = await run("action_answer", "🌵")
    assert first.said == ["utter_no_words"]
    second = await run("action_answer", "🌵", misses=first.slots["misses"])
    assert second.said == ["utter_no_answer_again"]


async def test_a_wall_of_text_is_asked_for_in_a_sentence(run):
    assert (await run("action_answer", "parola " * 200)).said == ["utter_too_long"]


@pytest.mark.parametrize(
    ("text", "spoken", "lang"),
    [
        ("can we speak Italian?", "en", "it"),
        ("in inglese per favore", "it", "en"),
        ("non parlo italiano", "it", "en"),
        ("I don't speak English", "en", "it"),
        ("non capisco l'inglese, in italiano grazie", "en", "it"),
        ("cambia lingua", "it", "en"),
    ],
)
def test_the_language_asked_for_is_told(text, spoken, lang):
    assert wanted(text, spoken) == lang


async def test_the_last_answer_is_given_again_in_the_language_asked_for(run):
    switched = await run("action_switch_language", "english please", answered="returns", awaiting="resolution")
    assert (switched.slots["language"], switched.next_action) == ("en", "action_go_on_in_language")
    ran = await run("action_go_on_in_language", language="en", answered="returns", awaiting="resolution")
    assert ran.said == ["utter_language_switched", "You have 30 days.", "utter_ask_resolution"]
    assert ran.custom[0]["language"] == "en"


async def test_an_order_number_alone_is_noted(run, retriever):
    ran = await run("action_answer", "ordine 12345", only_reference=True)
    assert ran.said == ["utter_reference_noted"]
    assert retriever.asked == []


async def test_being_fed_up_twice_is_not_answered_in_the_same_words(run):
    again = await run("action_offer_person", intent="insult", awaiting="person", offer_why="rule")
    assert again.said == ["utter_offer_stands"]
    closed = await run("action_offer_person", intent="insult", desk_open=False)
    assert closed.said == ["utter_offer_message"]


@pytest.mark.parametrize(
    "words", ["non ce la faccio più con sti ritardi", "I can't take these delivery delays any more"]
)
async def test_despair_of_a_parcel_is_a_complaint(run, words):
    ran = await run("action_sensitive", words, intent="sensitive_self_harm")
    assert (ran.said, ran.next_action) == ([], "action_answer")


@pytest.mark.parametrize(
    "words",
    ["non ce la faccio più", "non ce la faccio più con questi ritardi, voglio morire", "i can't take it any more"],
)
async def test_despair_without_a_parcel_and_beside_one_is_despair(run, words):
    ran = await run("action_sensitive", words, intent="sensitive_self_harm")
    assert ran.said[0] == "utter_sensitive_self_harm"


async def test_the_order_s_number_is_not_searched_for(run, retriever):
    await run("action_answer", "dov'è il mio ordine lm-12345?", reference="LM-12345")
    assert "12345" not in retriever.asked[0][0]
    assert "dov'è il mio ordine" in retriever.asked[0][0]
    await run("action_answer", "dov'è il mio ordine LM-12345? e posso rendere il libro?", reference="LM-12345")
    assert not any("12345" in asked for asked, _ in retriever.asked)


async def test_a_wish_for_a_third_language_is_not_granted(run):
    ran = await run("action_switch_language", "¿hablas español?", language="en")
    assert (ran.said, ran.next_action) == (["utter_languages"], None)
    named = await run("action_switch_language", "hablas italiano?", language="en")
    assert named.slots["language"] == "it"
