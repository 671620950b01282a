"""Conversations worth having, through real Rasa and the real encoder, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.product, pytest.mark.encoder]


def custom(turn: dict[str, Any]) -> dict[str, Any]:
    return {key: value for message in turn["messages"] for key, value in message["custom"].items()}


def cited(turn: dict[str, Any]) -> list[str]:
    return [one["article_id"] for message in turn["messages"] for one in message["custom"].get("citations", [])]


def last(turn: dict[str, Any]) -> str:
    return str(turn["messages"][-1]["text"])


@pytest.mark.parametrize(
    ("language", "question", "follow_up", "article"),
    [
        ("it", "come scarico l'ebook?", "e se non si apre?", "ebook-will-not-open"),
        ("it", "come restituisco un libro?", "e se è un ebook?", "ebook-return"),
        ("en", "how do I download my ebook?", "and if it won't open?", "ebook-will-not-open"),
    ],
)
def test_a_follow_up_is_understood_from_the_question_before(conversation, language, question, follow_up, article):
    talk = conversation(language)
    talk.say(question)
    turn = talk.say(follow_up)
    if not cited(turn):  # alone it meant nothing, so it is asked back, the right title first among them
        turn = talk.choose(turn["messages"][0]["buttons"][0]["payload"])
    assert cited(turn) == [article]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Quanto costa la spedizione? E fate pacchetti regalo?"),
        ("en", "how much is delivery and do you do gift wrapping?"),
    ],
)
def test_two_questions_are_both_answered(conversation, language, text):
    turn = conversation(language).say(text)
    assert cited(turn) == ["shipping-costs", "gift-wrapping"]
    assert custom(turn)["ask"] == "resolution"


@pytest.mark.parametrize(("language", "first"), [("en", "the first one"), ("en", "1")])
def test_a_title_can_be_named_in_words(conversation, language, first):
    talk = conversation(language)
    offered = talk.say("gift")["messages"][0]["buttons"]
    assert custom(talk.say(first))["citations"][0]["title"] == offered[0]["title"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "la lampada ha preso fuoco"),
        ("it", "vi scriverà il mio avvocato"),
        ("en", "delete all the personal data you hold about me"),
        ("en", "one of your staff insulted me because of my skin colour"),
        ("en", "I want to kill myself"),
    ],
)
def test_a_sensitive_topic_goes_to_a_person_in_one_turn(conversation, language, text):
    turn = conversation(language).say(text)
    assert turn["reading"]["intent"].startswith("sensitive_")
    assert custom(turn)["handoff"] == {"why": "sensitive"}


def test_despair_out_of_hours_names_who_listens_and_starts_no_form(conversation):
    turn = conversation("it", desk_open=False).say("non ho più voglia di vivere")
    said = " ".join(message["text"] for message in turn["messages"])
    assert "112" in said and "02 2327 2327" in said
    assert [button["payload"] for button in turn["messages"][-1]["buttons"]] == ["/leave_message"]


def test_the_form_in_english_with_everything_going_wrong(conversation):
    talk = conversation("en", desk_open=False)
    assert custom(talk.say("I will sue you"))["asked_person"] == {"why": "sensitive"}
    assert "name" in last(talk.say("12345"))
    assert "e-mail" in last(talk.say("my name is Anna Rossi"))
    assert custom(talk.say("anna@"))["observed"] == "reentered_field"
    talk.say("anna@example.com")
    assert "few words" in last(talk.say("no, the email is anna.rossi@example.com"))
    assert last(talk.say("in Italian please")).startswith("In poche parole")
    talk.slots["language"] = "it"
    taken = custom(talk.say("Il libro pagato non è mai arrivato a casa"))["ticket"]
    assert (taken["name"], taken["contact"]) == ("Anna Rossi", "anna.rossi@example.com")
    assert custom(talk.say("ho sbagliato, la mail è a@example.org"))["correct_contact"] == "a@example.org"


def test_the_language_changes_on_request_and_the_last_answer_with_it(conversation):
    talk = conversation("it")
    talk.say("a che ora apre la libreria?")
    turn = talk.say("english please")
    assert custom(turn)["language"] == "en"
    assert custom(turn)["citations"][0]["lang"] == "en"


@pytest.mark.parametrize("language", ["it", "en"])
def test_gibberish_brings_a_person_and_is_never_repeated(conversation, language):
    talk = conversation(language)
    for text in ("qwrt zxcv plok", "blorp fnarg mibble", "grmbl pfft wrrx trmp"):
        turn = talk.say(text)
        assert text not in str(turn["messages"])
    assert turn["messages"][-1]["buttons"][0]["payload"] == "/request_person"


def test_another_language_is_told_what_is_spoken_here(conversation):
    turn = conversation("it").say("où est ma commande, s'il vous plaît ?")
    assert "inglese" in last(turn) and "English" in last(turn)
    assert custom(turn).keys() & {"citations"} == set()


@pytest.mark.parametrize(("language", "name"), [("it", "mi chiamo Teresa"), ("en", "Noah"), ("it", "Grazia Deledda")])
def test_names_are_taken_for_names(conversation, language, name):
    talk = conversation(language)
    talk.choose("/leave_message")
    assert "e-mail" in last(talk.say(name))
