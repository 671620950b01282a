from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from desk.errors import BadRequest
from desk.server import make_parts, open_database
from desk.store import threads, tickets
from tests.desk.conftest import CLOSED, Desk
from tests.desk.fakes import ANSWER, LetterEncoder


async def test_a_question_is_stored_answered_and_recorded(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    said = await desk.messages(thread_id)
    assert [one.sender for one in said] == ["customer", "assistant"]
    assert said[1].extras["citations"] == [{"title": "Where is my order?", "url": "/help/en/track-order", "lang": "en"}]
    assert await desk.events(thread_id) == [
        "conversation.started",
        "message.customer",
        "reading",
        "message.bot",
        "resolution.asked",
    ]
    assert (await desk.get(thread_id)).state == [{"event": "user", "text": "where is my order?"}]


async def test_an_article_without_an_address_is_cited_by_its_page_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWER.custom["citations"][0], "url", "")
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    assert (await desk.messages(thread_id))[1].extras["citations"][0]["url"] == "/help/en/track-order"


async def test_opening_the_widget_records_nothing(desk: Desk) -> None:
    assert await desk.events(await desk.thread()) == []


async def test_a_repeated_client_id_is_stored_once_and_answered_once(desk: Desk) -> None:
    thread_id = await desk.thread()
    first = await desk.say(thread_id, "where is my order?", "same")
    again = await desk.say(thread_id, "where is my order?", "same")
    assert again.seq == first.seq
    assert len(await desk.messages(thread_id)) == 2
    assert len(desk.assistant.asked) == 1


async def test_messages_sent_while_a_turn_runs_are_answered_in_order(desk: Desk) -> None:
    thread_id = await desk.thread()
    desk.assistant.gate.clear()
    for number in range(3):
        await desk.parts.conversations.receive(thread_id, f"m{number}", f"question {number}")
    desk.assistant.gate.set()
    await desk.settle()
    assert [asked["text"] for asked in desk.assistant.asked] == ["question 0", "question 1", "question 2"]
    said = await desk.messages(thread_id)
    assert [one.sender for one in said].count("assistant") == 3


async def test_a_failing_assistant_gets_an_honest_apology_and_the_offer_of_a_person(desk: Desk) -> None:
    thread_id = await desk.thread()
    desk.assistant.down = True
    await desk.say(thread_id, "where is my order?")
    apology = (await desk.messages(thread_id))[-1]
    assert apology.extras["kind"] == "failure"
    assert [choice["value"] for choice in apology.extras["choices"]] == ["/request_person"]
    assert (await desk.events(thread_id))[-2:] == ["message.bot", "handoff.offered"]
    desk.assistant.down = False
    await desk.say(thread_id, "where is my order now?")
    assert (await desk.messages(thread_id))[-1].extras["kind"] == "answer"


async def test_a_person_can_be_asked_for_while_the_assistant_is_down(desk: Desk) -> None:
    thread_id = await desk.thread()
    desk.assistant.down = True
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.choose(thread_id, "c1", "/request_person")
    await desk.settle()
    assert (await desk.get(thread_id)).holder == "queue"
    assert (await desk.events(thread_id))[-1] == "handoff.requested"


async def test_a_choice_that_was_not_offered_is_refused(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "hello")
    with pytest.raises(BadRequest) as refused:
        await desk.parts.conversations.choose(thread_id, "c1", "/restart")
    assert refused.value.code == "unknown_choice"


async def test_a_choice_is_stored_in_the_words_the_customer_saw(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.choose(thread_id, "c1", "/affirm")
    await desk.settle()
    said = await desk.messages(thread_id)
    assert (said[2].sender, said[2].text) == ("customer", "Yes")
    assert desk.assistant.asked[-1]["chosen"] is True
    assert desk.assistant.asked[-1]["text"] == "/affirm"
    assert (await desk.events(thread_id))[-4:] == [
        "message.bot",
        "answer.judged",
        "resolution.answered",
        "survey.offered",
    ]


async def test_a_reply_computed_while_an_agent_took_over_is_dropped(desk: Desk) -> None:
    thread_id, agent = await desk.thread(), await desk.agent()
    desk.assistant.gate.clear()
    await desk.parts.conversations.receive(thread_id, "m1", "where is my order?")
    while not desk.assistant.asked:
        await asyncio.sleep(0.01)
    await desk.parts.counter.take(thread_id, agent)
    desk.assistant.gate.set()
    await desk.settle()
    assert [one.sender for one in await desk.messages(thread_id)] == ["customer", "system"]
    assert "message.bot" not in await desk.events(thread_id)


async def test_the_assistant_is_silent_while_people_hold_the_conversation(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "person please")
    asked = len(desk.assistant.asked)
    await desk.say(thread_id, "are you there?")
    assert len(desk.assistant.asked) == asked
    assert (await desk.get(thread_id)).holder == "queue"


async def test_leaving_the_queue_gives_the_conversation_back_to_the_assistant(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "person please")
    await desk.parts.conversations.leave_queue(thread_id)
    assert (await desk.get(thread_id)).holder == "assistant"
    assert (await desk.events(thread_id))[-1] == "handoff.left"
    await desk.say(thread_id, "where is my order?")
    assert (await desk.messages(thread_id))[-1].extras["kind"] == "answer"


async def test_ending_asks_how_it_went_once(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.end(thread_id)
    await desk.parts.conversations.end(thread_id)
    events = await desk.events(thread_id)
    assert events[-4:] == ["customer.left", "resolution.asked", "survey.offered", "closed"]
    assert events.count("closed") == 1
    await desk.parts.conversations.answer(thread_id, "csat", 4)
    await desk.parts.conversations.answer(thread_id, "csat", 5)
    assert (await desk.events(thread_id)).count("survey.answered") == 1


@pytest.mark.parametrize(("item", "value"), [("csat", 6), ("csat", True), ("ces", 0), ("nps", 9), ("resolution", "si")])
async def test_an_answer_that_was_not_on_the_scale_is_refused(desk: Desk, item: str, value: object) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.end(thread_id)
    with pytest.raises(BadRequest):
        await desk.parts.conversations.answer(thread_id, item, value)


async def test_the_next_word_after_an_end_begins_anew(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.end(thread_id)
    await desk.say(thread_id, "one more thing")
    thread = await desk.get(thread_id)
    assert (thread.holder, thread.survey) == ("assistant", "none")
    assert desk.assistant.asked[-1]["state"] == []


async def test_open_tabs_learn_that_a_closed_conversation_goes_on(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.end(thread_id)
    with desk.parts.live.listen(thread_id) as inbox:
        await desk.parts.conversations.receive(thread_id, "again", "hello")
        frames = [await inbox.next() for _ in range(2)]
    assert [frame["type"] for frame in frames] == ["message", "holder"]
    assert frames[1]["holder"] == "assistant"


async def test_a_message_left_out_of_hours_is_a_ticket_with_a_promised_time(desk: Desk) -> None:
    desk.at = CLOSED
    thread_id = await desk.thread()
    await desk.say(thread_id, "message for you")
    (left,) = await desk.parts.database.read(tickets.unanswered)
    assert left.contact == "someone@example.org"
    assert left.due_at.isoformat() == "2026-03-09T12:00:00+00:00"  # Monday 9:00 in Rome, and four hours
    assert (await desk.events(thread_id))[-2:] == ["ticket.opened", "commitment.made"]
    slots = desk.assistant.asked[-1]["slots"]
    assert slots["desk_open"] is False
    assert "9" in slots["reopens_at"]


async def test_language_follows_the_customer_and_stays_for_short_words(desk: Desk) -> None:
    thread_id = await desk.thread("en")
    await desk.say(thread_id, "vorrei sapere dov'è finito il mio ordine, grazie")
    assert desk.assistant.asked[-1]["slots"]["language"] == "it"
    await desk.say(thread_id, "ok")
    assert desk.assistant.asked[-1]["slots"]["language"] == "it"


async def test_a_stored_message_without_a_reply_is_answered_once_after_a_restart(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "hello")

    def store_only(conn: object) -> None:
        desk.parts.conversations._store(conn, thread_id, "m9", "where is my order?", None)  # type: ignore[arg-type]

    await desk.parts.database.write(store_only)
    again = make_parts(
        desk.parts.settings, open_database(desk.parts.settings), LetterEncoder(), "http://127.0.0.1:9", "token"
    )
    await again.turns.assistant.close()
    again.turns.assistant = desk.assistant  # type: ignore[assignment]
    for _ in range(2):
        await again.turns.recover()
        while again.turns._running:
            await again.turns.settle()
    answers = [one for one in await desk.messages(thread_id) if one.extras.get("kind") == "answer"]
    assert len(answers) == 1
    again.encoding.close()
    again.database.close()


async def test_several_stored_messages_without_a_reply_are_all_answered_after_a_restart(desk: Desk) -> None:
    thread_id = await desk.thread()

    def store_only(conn: Connection) -> None:
        for number in range(3):
            desk.parts.conversations._store(conn, thread_id, f"m{number}", f"question {number}", None)

    await desk.parts.database.write(store_only)
    await desk.parts.turns.recover()
    await desk.settle()
    assert [asked["text"] for asked in desk.assistant.asked] == ["question 0", "question 1", "question 2"]


async def test_two_processes_can_not_answer_the_same_message_twice(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "hello")
    owed = await desk.parts.database.write(
        lambda conn: desk.parts.conversations._store(conn, thread_id, "m9", "where?", None).message
    )
    first = await desk.parts.database.write(lambda conn: threads.settle(conn, owed, "done"))
    second = await desk.parts.database.write(lambda conn: threads.settle(conn, owed, "done"))
    assert (first, second) == (True, False)
