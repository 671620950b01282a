"""What a turn carries beside its words: references, language, surveys, messages for people."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import Connection, select

from desk.assistant import Button, Utterance
from desk.gist import gist
from desk.mentions import References, note
from desk.payment_cards import mask
from desk.store import tickets
from desk.survey import AFTER_AN_AGENT, Shares
from desk.tongue import spoken
from desk.turns import TYPING_AFTER_S
from tests.desk.conftest import CLOSED, Desk
from tests.desk.fakes import ANSWER

REFERENCES = References.of(
    {
        "references": {"order": r"LM-\d{5}", "products": ["Lampada Gufo"]},
        "it": {"shelves": [{"books": [{"title": "Sale grosso"}]}]},
    }
)
CLOSES = {"kind": "notice", "asked_person": {"why": "sensitive"}}


async def events(desk: Desk, thread_id: str, kind: str) -> list[dict[str, Any]]:
    """The attributes of a conversation's events of one type."""
    from touchpoints.schema import event

    def read(conn: Connection) -> list[dict[str, Any]]:
        chosen = select(event.c.attributes).where(event.c.conversation_id == thread_id, event.c.type == kind)
        return [json.loads(row) for row in conn.execute(chosen.order_by(event.c.seq)).scalars()]

    return await desk.parts.database.read(read)


def says(desk: Desk, *utterances: Utterance) -> None:
    """The scripted assistant says this to whatever comes next."""
    queue = list(utterances)
    normal = desk.assistant._say
    desk.assistant._say = lambda text: queue.pop(0) if queue else normal(text)  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("text", "order", "product"),
    [
        ("il mio ordine LM-20931 non arriva", "LM-20931", None),
        ("lm-20931", "LM-20931", None),
        ("ordine n. 123456", "123456", None),
        ("MZ-204817", "MZ-204817", None),
        ("482913", None, None),
        ("3331234567", None, None),
        ("my order number is 4471-2231", "4471-2231", None),
        ("ho comprato la lampada gufo", None, "Lampada Gufo"),
        ("Sale grosso è arrivato rovinato, ordine 55123", "55123", "Sale grosso"),
        ("pago 123456 euro in 3 rate", None, None),
        ("l'ordine di 2 libri", None, None),
    ],
)
def test_orders_and_products_are_recognised(text: str, order: str | None, product: str | None) -> None:
    assert (REFERENCES.order(text), REFERENCES.product(text)) == (order, product)


def test_an_order_is_kept_when_a_product_is_named_later() -> None:
    facts: dict[str, Any] = {}
    note(facts, REFERENCES, "ordine LM-20931")
    note(facts, REFERENCES, "è la lampada gufo")
    assert facts == {"order": "LM-20931", "product": "Lampada Gufo", "entity_ref": "LM-20931"}


def test_a_bad_pattern_of_the_brand_is_left_out() -> None:
    assert References.of({"references": {"order": "("}}).order("ordine 12345") == "12345"


async def test_a_reference_goes_with_every_reading_and_onto_the_card(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "my order number is 44712231")
    assert desk.assistant.asked[-1]["slots"]["only_reference"] is True
    await desk.say(thread_id, "where is it?")
    assert desk.assistant.asked[-1]["slots"]["order_known"] is True
    assert [one["entity_ref"] for one in await events(desk, thread_id, "reading")] == ["44712231", "44712231"]
    from desk import card

    seen = await desk.parts.database.read(lambda conn: card.card(conn, thread_id, desk.at))
    assert seen["facts"]["entity_ref"] == "44712231"
    assert "order" not in seen["facts"]


@pytest.mark.parametrize(
    ("text", "current", "language"),
    [
        ("hello", "it", "en"),
        ("grazie", "en", "it"),
        ("ok", "en", "en"),
        ("no", "it", "it"),
        ("👍", "en", "en"),
        ("dove si trova il mio ordine?", "en", "it"),
        ("where is my order, please?", "it", "en"),
    ],
)
def test_the_language_is_told_from_each_message_and_kept_for_ok_and_no(text: str, current: str, language: str) -> None:
    assert spoken(text, current, ("it", "en"), {}) == language


def test_a_language_asked_for_holds_until_the_customer_has_written_in_it() -> None:
    facts: dict[str, Any] = {"language_asked": "en"}
    assert spoken("quando arriva il mio ordine?", "en", ("it", "en"), facts) == "en"
    assert spoken("and how much do I have to pay?", "en", ("it", "en"), facts) == "en"
    assert spoken("e quanto devo pagare per la spedizione?", "en", ("it", "en"), facts) == "it"


async def test_a_change_of_language_is_kept_by_the_desk(desk: Desk) -> None:
    thread_id = await desk.thread("it")
    says(desk, Utterance("All right.", "notice", [], {"language": "en"}))
    await desk.say(thread_id, "in inglese per favore")
    assert (await desk.get(thread_id)).language == "en"
    await desk.say(thread_id, "dove si trova il mio ordine adesso?")
    assert desk.assistant.asked[-1]["slots"]["language"] == "en"


@pytest.mark.parametrize(
    ("text", "choice"), [("👍🏽", "/affirm"), ("👎", "/deny"), ("❤️ 🙏", "/thank"), ("👍👎", None), ("👍 ok", None)]
)
def test_signs_stand_for_words_where_they_are_clear(text: str, choice: str | None) -> None:
    assert gist(text) == choice


async def test_a_thumb_up_reaches_the_assistant_as_a_yes_and_is_stored_as_it_came(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.say(thread_id, "👍")
    assert (desk.assistant.asked[-1]["text"], desk.assistant.asked[-1]["chosen"]) == ("/affirm", True)
    assert [one.text for one in await desk.messages(thread_id) if one.sender == "customer"][-1] == "👍"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("il mio iban è IT60X0542811101000000123456 grazie", "il mio iban è •••• 3456 grazie"),
        ("GB82 WEST 1234 5698 7654 32", "•••• 4 32"),
        ("exp 12/27 cvv 123", "exp 12/27 cvv •••"),
        ("il codice di sicurezza è 4321", "il codice di sicurezza è •••"),
        ("IT60X0542811101000000123457 è sbagliato", "IT60X0542811101000000123457 è sbagliato"),
        ("il codice sconto ESTATE123 e il cvv", "il codice sconto ESTATE123 e il cvv"),
    ],
)
def test_accounts_and_security_codes_are_hidden(said: str, kept: str) -> None:
    assert mask(said)[0] == kept


@pytest.mark.parametrize("number", ["4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005"])
def test_card_numbers_are_hidden(number: str) -> None:
    hidden, found = mask(f"la carta è {number}, grazie")
    assert found
    assert number not in hidden
    assert hidden.endswith(f"{number[-4:]}, grazie")


@pytest.mark.parametrize(
    "text", ["ISBN 978-88-04-66823-7", "4111 1111 1111 1112", "+39 333 1234567", "ordine 12345678"]
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == (text, False)


async def test_a_card_number_is_never_stored_and_the_customer_is_told(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "charge 4111 1111 1111 1111 please")
    said = await desk.messages(thread_id)
    assert [one.sender for one in said] == ["customer", "system", "assistant"]
    assert "4111 1111" not in json.dumps([one.text for one in said])
    assert "4111 1111" not in json.dumps(await events(desk, thread_id, "message.customer"))
    assert "4111 1111" not in desk.assistant.asked[-1]["text"]


async def test_after_a_no_the_survey_waits_until_no_person_is_to_come(desk: Desk) -> None:
    thread_id = await desk.thread()
    offer = {"resolution": "no", "accepted": False, "offer_handoff": {"why": "fallback"}}
    says(desk, ANSWER, Utterance("Sorry.", "notice", [Button("No", "/deny")], offer),
         Utterance("All right.", "notice", [], {"declined": True}))  # fmt: skip
    await desk.say(thread_id, "where is my order?")
    await desk.say(thread_id, "no")
    assert (await desk.get(thread_id)).survey == "none"
    await desk.say(thread_id, "no thanks")
    assert (await desk.get(thread_id)).facts["survey"] == ["ces", "csat"]


async def test_who_leaves_after_a_no_is_asked_what_has_not_been_asked(desk: Desk) -> None:
    thread_id = await desk.thread()
    says(desk, ANSWER, Utterance("Sorry.", "notice", [], {"resolution": "no", "accepted": False}))
    await desk.say(thread_id, "where is my order?")
    await desk.say(thread_id, "no")
    await desk.parts.conversations.end(thread_id)
    assert (await desk.get(thread_id)).facts["survey"] == ["ces", "csat"]


def test_questions_replace_each_other_so_that_there_are_never_more_than_three() -> None:
    shares = Shares.of({"survey": {"expectation": 0.5, "empathy": 2}})
    assert (shares.expectation, shares.empathy) == (0.5, 0.0)
    asked = [Shares(0.5, 0.5).choose(AFTER_AN_AGENT, f"c-{number}") for number in range(400)]
    assert all(len(items) == 3 and items[0] == "resolution" for items in asked)
    assert 120 < sum("expectation_match" in items for items in asked) < 280
    assert 120 < sum("felt_understood" in items for items in asked) < 280
    assert Shares().choose(AFTER_AN_AGENT, "c-1") == AFTER_AN_AGENT


async def test_a_person_asked_for_out_of_hours_is_on_record_with_the_wait_that_was_stated(desk: Desk) -> None:
    desk.at = CLOSED
    thread_id = await desk.thread()
    left = {"contact": "a@example.org", "summary": "Call me back", "name": "Anna"}
    says(desk, Utterance("Closed.", "notice", [], CLOSES), Utterance("Noted.", "notice", [], {"ticket": left}),
         Utterance("Corrected.", "notice", [], {"correct_contact": "b@example.org"}))  # fmt: skip
    await desk.say(thread_id, "a person")
    await desk.say(thread_id, "Call me back")
    (asked,) = await events(desk, thread_id, "handoff.requested")
    assert asked["why"] == "sensitive"
    assert asked["stated_wait_s"] > 24 * 3600
    await desk.say(thread_id, "no, it's b@example.org")
    (ticket,) = await desk.parts.database.read(lambda conn: tickets.of_thread(conn, thread_id))
    assert (ticket.name, ticket.contact, ticket.summary) == ("Anna", "b@example.org", "Call me back")
    await desk.parts.conversations.end(thread_id)
    assert "customer.left" not in await desk.events(thread_id)


async def test_a_message_given_up_goes_back_to_the_assistant(desk: Desk) -> None:
    thread_id = await desk.thread()
    says(
        desk,
        Utterance("Closed.", "notice", [], CLOSES),
        Utterance("All right.", "notice", [], {"ticket_cancelled": True}),
    )
    await desk.say(thread_id, "a person")
    await desk.say(thread_id, "cancel")
    assert (await desk.events(thread_id))[-1] == "returned_to_bot"


async def test_a_message_can_be_left_instead_of_waiting_in_the_queue(desk: Desk) -> None:
    thread_id = await desk.thread()
    busy = Utterance("Busy.", "notice", [Button("Leave", "/leave_message")], {"handoff": {"why": "customer_request"}})
    says(desk, busy, Utterance("Your name?", "notice", [], {}))
    await desk.say(thread_id, "person")
    assert (await desk.get(thread_id)).holder == "queue"
    await desk.parts.conversations.choose(thread_id, "c9", "/leave_message")
    await desk.settle()
    assert (await desk.get(thread_id)).holder == "assistant"
    assert (await desk.messages(thread_id))[-1].text == "Your name?"
    await desk.say(thread_id, "message: call me")
    assert (await desk.events(thread_id)).count("handoff.requested") == 1
    assert "ticket.opened" in await desk.events(thread_id)


async def test_the_first_sure_reason_stays_and_guesses_give_way(desk: Desk) -> None:
    thread_id = await desk.thread()

    def about(reason: str, confidence: float) -> Utterance:
        proposed = {"contact_reason": reason, "journey_stage": "purchase", "confidence": confidence,
                    "service_kind": "assistance"}  # fmt: skip
        return Utterance("Which?", "clarify", [], {"reason": proposed})

    says(desk, about("delivery.cost", 0.3), about("billing.invoice", 0.8), about("store.hours", 0.9))
    for text in ("one", "two", "three"):
        await desk.say(thread_id, text)
    facts = (await desk.get(thread_id)).facts
    assert (facts["contact_reason"], facts["service_kind"]) == ("billing.invoice", "assistance")
    readings = await events(desk, thread_id, "reading")
    assert [(one["reason"], one["confidence"]) for one in readings][0] == ("delivery.cost", 0.3)


async def test_a_conversation_taken_up_after_a_week_starts_afresh(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "my order number is 44712231")
    desk.pass_time(days=7)
    await desk.say(thread_id, "where is it?")
    asked = desk.assistant.asked[-1]
    assert asked["state"] == []
    assert asked["slots"]["order_known"] is False


async def test_a_conversation_taken_up_within_the_day_goes_on(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    desk.pass_time(hours=20)
    await desk.say(thread_id, "yes")
    assert desk.assistant.asked[-1]["state"] == [{"event": "user", "text": "where is my order?"}]


async def test_that_a_reply_is_being_written_is_said_only_when_it_takes_a_while(desk: Desk) -> None:
    thread_id = await desk.thread()
    with desk.parts.live.listen(thread_id) as inbox:
        await desk.say(thread_id, "Where is my order?")
        quick = [inbox._inbox.get_nowait()["type"] for _ in range(inbox._inbox.qsize())]
        desk.assistant.gate.clear()
        await desk.parts.conversations.receive(thread_id, "slow", "Where is it now?")
        await asyncio.sleep(TYPING_AFTER_S + 0.1)
        desk.assistant.gate.set()
        await desk.settle()
        slow = [inbox._inbox.get_nowait()["type"] for _ in range(inbox._inbox.qsize())]
    assert "typing" not in quick
    assert slow[:2] == ["message", "typing"]
