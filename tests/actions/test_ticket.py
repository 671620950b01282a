"""A message left for the people of the desk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.contact import find_contact, find_name

from .conftest import RETURNS


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("mario.rossi@example.com", "mario.rossi@example.com"),
        ("la mia mail è anna+libri@posta.example.it, grazie", "anna+libri@posta.example.it"),
        ("scrivete a A_B@example.co.uk.", "A_B@example.co.uk"),
        ("333 1234567", "3331234567"),
        ("+39 02 555-0199", "+39025550199"),
        ("chiamatemi al (02) 5550199 dopo le 18", "025550199"),
        ("020 7946 0018", "02079460018"),
        ("07700 900123", "07700900123"),
        ("02/5550199 oppure mario@example.com", "mario@example.com"),
    ],
)
def test_a_contact_is_found_in_a_sentence(text, contact):
    assert find_contact(text) == contact


@pytest.mark.parametrize(
    "text", ["", "boh", "mario@", "@example.com", "mario@example", "12345", "1" * 30, "a@b..it", "ordine 123", "1 2 3"]
)
def test_what_is_no_contact_is_refused(text):
    assert find_contact(text) is None


@given(st.text(max_size=200))
def test_any_text_is_survived(text):
    found = find_contact(text)
    assert found is None or "@" in found or found.lstrip("+").isdecimal()


def test_a_hostile_text_takes_no_time():
    assert find_contact("a." * 100_000 + "@") is None


async def test_taking_a_message_starts_an_empty_form(run):
    ran = await run("action_take_message", intent="leave_message", contact="old@example.com")
    assert ran.next_action == "ticket_form"
    assert ran.slots["contact"] is None


async def test_a_good_contact_is_kept_clean(run):
    ran = await run("validate_ticket_form", contact="scrivetemi a mario@example.com")
    assert ran.slots["contact"] == "mario@example.com"
    assert ran.responses == []


async def test_a_bad_contact_is_asked_again(run):
    ran = await run("validate_ticket_form", contact="boh")
    assert ran.slots["contact"] is None
    assert ran.said == ["utter_bad_contact"]


async def test_a_summary_needs_words_and_has_a_limit(run):
    short = await run("validate_ticket_form", summary="??")
    assert (short.slots["summary"], short.said) == (None, ["utter_bad_summary"])
    long = await run("validate_ticket_form", summary="parola " * 2000)
    assert len(long.slots["summary"]) == 2000


async def test_emptying_the_form_complains_of_nothing(run):
    ran = await run("validate_ticket_form", contact=None, summary=None)
    assert ran.responses == []


async def test_a_complete_message_goes_to_the_desk(run):
    given = {"customer_name": "Anna", "contact": "a@example.com", "summary": "Un libro rovinato"}
    ran = await run("action_submit_ticket", form=True, **given)
    assert ran.custom[0]["ticket"] == {"name": "Anna", "contact": "a@example.com", "summary": "Un libro rovinato"}
    assert ran.slots["message_left"] is True
    assert (ran.slots["contact"], ran.slots["summary"]) == (None, None)


@pytest.mark.parametrize("given_slots", [{}, {"contact": "a@example.com"}, {"summary": "Un libro rovinato"}])
async def test_an_incomplete_message_is_never_sent(run, given_slots):
    ran = await run("action_submit_ticket", form=True, **given_slots)
    assert "ticket" not in ran.custom[0]
    assert ran.custom[0]["kind"] == "failure"


async def test_cancelling_leaves_the_form(run):
    ran = await run("action_cancel_ticket", form=True, contact="a@example.com")
    assert ran.said == ["utter_ticket_cancelled"]
    assert ran.slots["contact"] is None
    assert any(event["event"] == "active_loop" and event["name"] is None for event in ran.events)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mario Rossi", "Mario Rossi"),
        ("mi chiamo Anna de' Bardi", "Anna de' Bardi"),
        ("I'm Kate.", "Kate"),
        ("buongiorno, sono Jean-Luc", "Jean-Luc"),
        ("perché?", None),
        ("sì grazie", None),
        ("12345", None),
        ("quanto costa spedire un libro in Svizzera per favore", None),
        ("", None),
    ],
)
def test_a_name_is_told_from_other_words(text, name):
    assert find_name(text) == name


async def test_a_contact_given_with_the_name_is_not_asked_for_again(run):
    ran = await run("validate_ticket_form", customer_name="Anna, anna@example.com")
    assert (ran.slots["customer_name"], ran.slots["contact"]) == ("Anna", "anna@example.com")


async def test_a_question_asked_instead_of_the_name_is_answered_and_the_name_still_wanted(run, retriever):
    retriever.decision, retriever.found = "answer", (RETURNS,)
    ran = await run("validate_ticket_form", form=True, customer_name="come rendo un libro?")
    assert ran.said == ["Ha 30 giorni."]
    assert ran.slots["customer_name"] is None


async def test_having_to_give_something_again_is_on_record(run):
    ran = await run("validate_ticket_form", contact="boh")
    assert ran.custom == [{"kind": "clarify", "observed": "reentered_field"}]


@pytest.mark.parametrize("intent", ["correct_contact", "nlu_fallback"])
async def test_a_contact_taken_back_is_no_summary(run, intent):
    said = "no, la mail è b@example.com"
    ran = await run("validate_ticket_form", said, intent=intent, form=True, contact="a@example.com", summary=said)
    assert (ran.slots["contact"], ran.slots["summary"]) == ("b@example.com", None)
    assert ran.said == ["utter_contact_corrected"]


async def test_the_contact_of_a_message_already_left_can_be_corrected(run):
    ran = await run("action_correct_contact", "no, la mail è b@example.com", message_left=True)
    assert ran.custom[0]["correct_contact"] == "b@example.com"
    without = await run("action_correct_contact", "no, la mail è b@example.com")
    assert "correct_contact" not in without.custom[0]


@pytest.mark.parametrize(("known", "said"), [(True, "utter_summary_wanted"), (False, "utter_summary_and_order_wanted")])
async def test_a_known_order_number_is_not_asked_for(run, known, said):
    assert (await run("action_ask_summary", form=True, order_known=known)).said == [said]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Name: Helen Marsh, email helen@example.org, charged twice", "Helen Marsh"),
        ("sono Anna Verdi, tel. 333 1234567", "Anna Verdi"),
        ("helen@example.org", None),
    ],
)
async def test_name_and_contact_may_come_in_one_message(run, said, name):
    ran = await run("validate_ticket_form", customer_name=said)
    assert ran.slots["customer_name"] == name
    assert ran.slots["contact"]
    assert ran.said == ([] if name else ["utter_contact_noted"])


@pytest.mark.parametrize("words", ["hurry up", "che tempo fa a milano", "sta bene adesso", "mah", "what is this"])
def test_sentences_are_no_names(words):
    assert find_name(words) is None


@pytest.mark.parametrize("name", ["Maria del Mare", "Dario Fo", "Jo March", "Nino Bixio", "Anna de' Bardi", "Li Wei"])
def test_names_are_names(name):
    assert find_name(name) == name


async def test_a_name_taken_back_is_no_summary(run):
    given = {"form": True, "customer_name": "Bob", "contact": "bob@example.com"}
    ran = await run("validate_ticket_form", **given, summary="sorry its actually Robert not Bob")
    assert (ran.said, ran.slots["customer_name"], ran.slots["summary"]) == (["utter_name_corrected"], "Robert", None)
    kept = await run("validate_ticket_form", **given, summary="sorry, actually I was charged twice")
    assert kept.slots["summary"] == "sorry, actually I was charged twice"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("non te lo dico", "deny"),
        ("non capisco", "deny"),
        ("non so", "deny"),
        ("no i mean right now", "deny"),
        ("I'd rather not say", "cancel"),
    ],
)
async def test_balking_at_a_question_does_not_throw_the_message_away(run, words, intent):
    ran = await run("action_cancel_ticket", words, intent=intent, form=True, contact="a@example.com")
    assert (ran.said, ran.next_action) == (["utter_why_asked"], "ticket_form")
    assert ran.slots["contact"] == "a@example.com"


@pytest.mark.parametrize(
    ("words", "intent"),
    [("no", "deny"), ("no grazie", "deny"), ("non lo so, annulla", "cancel"), ("/cancel", "cancel")],
)
async def test_a_plain_no_does(run, words, intent):
    assert (await run("action_cancel_ticket", words, intent=intent, form=True)).said == ["utter_ticket_cancelled"]


@pytest.mark.parametrize("words", ["perchè vi serve il mio nome?", "why do you need my phone number"])
async def test_whoever_asks_why_is_told(run, retriever, words):
    ran = await run("action_answer", words, form=True)
    assert (ran.said, retriever.asked) == (["utter_why_asked"], [])


async def test_why_a_number_is_wanted_is_no_summary(run):
    ran = await run("validate_ticket_form", form=True, summary="ma perché volete il mio numero?")
    assert (ran.said, ran.slots["summary"]) == (["utter_why_asked"], None)
