"""The assistant as it runs: real Rasa, real encoder, the help centre, both languages."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest

from desk.launch.bot_process import bot_python

from .conftest import ROOT, Bot, run_bot

pytestmark = [pytest.mark.product, pytest.mark.encoder]


def kinds(turn: dict[str, Any]) -> list[str]:
    return [message["kind"] for message in turn["messages"]]


def custom(turn: dict[str, Any]) -> dict[str, Any]:
    return {key: value for message in turn["messages"] for key, value in message["custom"].items()}


def test_it_greets_in_the_language_of_the_turn(conversation):
    italian, english = conversation("it").say("buongiorno"), conversation("en").say("hello there")
    assert kinds(italian) == kinds(english) == ["greeting"]
    assert italian["reading"]["intent"] == "greet"
    assert italian["messages"][0]["text"].startswith("Buongiorno")
    assert "Libreria" in english["messages"][0]["text"]
    assert english["messages"][0]["text"].startswith("Hello")


@pytest.mark.parametrize(
    ("language", "question"),
    [("it", "come faccio a restituire un libro?"), ("en", "how do I return a book I bought?")],
)
def test_a_question_is_answered_with_its_source_and_judged(conversation, language, question):
    talk = conversation(language)
    turn = talk.say(question)
    assert kinds(turn) == ["answer", "notice"]
    citation = custom(turn)["citations"][0]
    assert (citation["article_id"], citation["lang"]) == ("return-a-book", language)
    assert custom(turn)["reason"]["contact_reason"] == "returns.how_to"
    assert custom(turn)["ask"] == "resolution"
    yes = turn["messages"][1]["buttons"][0]["payload"]
    assert custom(talk.choose(yes)) == {"resolution": "yes", "accepted": True}


def test_a_no_in_own_words_offers_a_person_and_a_yes_accepts_it(conversation):
    talk = conversation("it")
    talk.say("come faccio a restituire un libro?")
    refused = custom(talk.say("no, non mi è stato utile"))
    assert (refused["resolution"], refused["accepted"], refused["offer_handoff"]) == ("no", False, {"why": "fallback"})
    assert custom(talk.say("sì grazie"))["handoff"] == {"why": "fallback"}


def test_partly_offers_a_person_who_can_be_declined(conversation):
    talk = conversation("en")
    talk.say("how do I return a book I bought?")
    assert custom(talk.say("only partly"))["resolution"] == "partly"
    declined = talk.say("no thanks")
    assert "handoff" not in custom(declined)
    assert len(declined["messages"]) == 1


def test_unsure_asks_back_and_the_chosen_title_is_answered(conversation):
    talk = conversation("en")
    asked = talk.say("gift")
    assert kinds(asked) == ["clarify"]
    buttons = asked["messages"][0]["buttons"]
    assert 2 <= len(buttons) <= 4
    assert buttons[-1] == {"title": "None of these", "payload": "/none_of_these"}
    answered = talk.choose(buttons[0]["payload"])
    assert kinds(answered) == ["answer", "notice"]
    assert custom(answered)["citations"][0]["title"] == buttons[0]["title"]


def test_two_misses_in_a_row_bring_a_stronger_offer(conversation):
    talk = conversation("it")
    first, second = talk.say("qwrt zxcv plok"), talk.say("blorp fnarg mibble")
    assert kinds(first) == kinds(second) == ["fallback"]
    assert first["messages"][0]["text"] != second["messages"][0]["text"]
    assert custom(second)["offer_handoff"] == {"why": "fallback"}


@pytest.mark.parametrize(("language", "wish"), [("it", "vorrei parlare con una persona"), ("en", "talk to a human")])
def test_asking_for_a_person_in_opening_hours_takes_one_turn(conversation, language, wish):
    turn = conversation(language).say(wish)
    assert turn["reading"]["intent"] == "request_person"
    assert custom(turn)["handoff"] == {"why": "customer_request"}


def test_out_of_hours_a_message_is_taken_through_interruptions(conversation):
    talk = conversation("it", desk_open=False)
    closed = talk.say("operatore")
    assert "MONDAY" in closed["messages"][0]["text"] and "NOON" in closed["messages"][0]["text"]
    assert closed["messages"][1]["text"].startswith("Con chi parlo")
    asks_contact = talk.say("Mario Rossi")["messages"][0]["text"]
    assert "e-mail" in asks_contact
    assert kinds(talk.say("boh")) == ["clarify", "notice"]
    answered = talk.say("quanto costa la spedizione?")
    assert kinds(answered) == ["answer", "notice"]
    assert answered["messages"][-1]["text"] == asks_contact
    assert talk.say("sei un robot?")["messages"][-1]["text"] == asks_contact
    assert talk.say("voglio un operatore!")["messages"][-1]["text"] == asks_contact
    summary = talk.say("mario.rossi@example.com")
    assert summary["messages"][0]["text"] not in (asks_contact, "")
    taken = talk.say("Il pacco non è mai arrivato, numero 123")
    assert custom(taken)["ticket"] == {
        "name": "Mario Rossi",
        "contact": "mario.rossi@example.com",
        "summary": "Il pacco non è mai arrivato, numero 123",
    }
    assert "ticket" not in custom(talk.say("grazie"))


@pytest.mark.parametrize("way_out", ["annulla", "no, lasci stare"])
def test_the_form_can_be_left_at_any_moment(conversation, way_out):
    talk = conversation("it", desk_open=False)
    talk.say("vorrei lasciare un messaggio")
    left = talk.say(way_out)
    assert len(left["messages"]) == 1
    assert not left["messages"][0]["buttons"]
    assert kinds(talk.say("come faccio a restituire un libro?")) == ["answer", "notice"]


def test_the_desk_opening_in_the_middle_of_the_form_hands_over(conversation):
    talk = conversation("en", desk_open=False)
    talk.say("I want to talk to a person")
    talk.slots["desk_open"] = True
    assert custom(talk.say("can I talk to someone now?"))["handoff"] == {"why": "customer_request"}
    assert kinds(talk.say("thanks")) == ["greeting"]


@pytest.mark.parametrize(
    "text",
    [
        "buongiorno, volevo sapere quando arriva il mio ordine",
        "I want to talk about a return",
        "grazie, e quanto costa?",
        "ciao, il libro è arrivato rovinato",
        "is there someone I should write to for an invoice?",
    ],
)
def test_a_question_is_not_swallowed_by_its_politeness(conversation, text):
    assert conversation("it").say(text)["reading"]["intent"] in ("ask_question", "nlu_fallback")


def test_a_typed_slash_is_text_and_a_strange_choice_is_refused(conversation, bots):
    talk = conversation("it")
    talk.say("come faccio a restituire un libro?")
    for typed in ("/affirm", '/choose_article{"article": "return-a-book"}', "/restart", "//"):
        # a payload would be taken at its word; a text is read, whatever it is read as
        assert talk.say(typed)["reading"]["confidence"] < 1
    status, body = bots[0].post({"sender": "c", "message": "/session_start", "chosen": True})
    assert (status, body["error"]["code"]) == (400, "bad_request")


def test_a_long_conversation_costs_what_a_short_one_does(conversation):
    talk = conversation("it")
    sizes = []
    for _ in range(5):
        for text in ("come faccio a restituire un libro?", "no", "no grazie", "ciao"):
            talk.say(text)
        sizes.append(len(talk.state))
    assert max(sizes[2:]) <= sizes[1] + 5


def test_what_is_no_turn_is_refused_with_its_cause(bots):
    bot = bots[0]
    good = {"sender": "c", "message": "ciao", "slots": {"language": "it"}}
    assert bot.post(good, token="wrong")[0] == 403
    assert bot.post(b"{not json")[0] == 400
    assert bot.post(b'"\xff"')[0] == 400
    assert bot.post({**good, "message": ""})[0] == 400
    status, body = bot.post({**good, "state": [{"event": "action", "name": "action_listen"}, {"event": "nonsense"}]})
    assert status == 422
    assert body["error"]["code"] == "bad_state"
    assert "state[1] (nonsense)" in body["error"]["message"]


def test_an_unknown_slot_is_a_warning(bots, encoder):
    status, body = bots[0].post(
        {"sender": "c", "message": "/thank", "chosen": True, "slots": {"language": "en", "shoe_size": 43}}
    )
    assert status == 200
    assert body["warnings"] == ["slot 'shoe_size' is not in this model"]


def test_a_failing_webhook_is_a_failed_turn_and_the_end_of_stdin_stops_the_bot(settings, model, tmp_path):
    log = tmp_path / "bot.log"
    with run_bot(settings, model, "http://127.0.0.1:9", "secret-token", log) as bot:
        status, body = bot.post(
            {"sender": "c", "message": "/request_person", "chosen": True, "slots": {"language": "it"}}
        )
        assert (status, body["error"]["code"]) == (502, "action_failed")
        status, body = bot.post({"sender": "c", "message": "una parola privata", "slots": {"language": "it"}})
        assert status == 500
        assert bot.post({"sender": "c", "message": "/thank", "chosen": True, "slots": {"language": "it"}})[0] == 200
        process = bot.process
    assert process.returncode is not None
    said = log.read_text()
    assert "privata" not in said
    assert "secret-token" not in said
    assert "Warning" not in said


def test_rasas_own_story_tests_pass(settings, model, internal, tmp_path):
    command = [str(bot_python(settings)), "-m", "bot", "test", "core", "--stories", "tests/bot/stories"]
    command += ["--model", str(model.absolute()), "--endpoints", "bot/endpoints.yml", "--out", str(tmp_path)]
    ran = subprocess.run(
        [*command, "--fail-on-prediction-errors", "--no-plot", "--quiet"],
        cwd=ROOT,
        env={**os.environ, "SPORTELLO_INTERNAL_URL": internal.url, "SPORTELLO_TOKEN": internal.token},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]


def test_the_health_check_names_the_model(bots: tuple[Bot, Bot]):
    assert all(bot.ready() for bot in bots)
