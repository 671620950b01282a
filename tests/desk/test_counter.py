from __future__ import annotations

import pytest

from desk import card
from desk.counter import WrapUp
from desk.errors import Conflict, NotFound
from desk.store import tickets
from tests.desk.conftest import CLOSED, Desk


async def test_an_agent_takes_answers_and_wraps_up(desk: Desk) -> None:
    thread_id, agent = await desk.thread(), await desk.agent()
    await desk.say(thread_id, "where is my order?")
    await desk.say(thread_id, "person please")
    desk.pass_time(minutes=3)
    await desk.parts.counter.take(thread_id, agent)
    await desk.parts.counter.reply(thread_id, agent, "It arrives tomorrow.", client_id="r1")
    await desk.parts.counter.reply(thread_id, agent, "It arrives tomorrow.", client_id="r1")
    await desk.parts.counter.wrap_up(thread_id, agent, WrapUp(active_s=60, wrap_s=5, resolution="yes"))
    assert (await desk.events(thread_id))[-7:] == [
        "handoff.requested",
        "handoff.taken",
        "message.agent",
        "wrapped_up",
        "resolution.asked",
        "survey.offered",
        "closed",
    ]
    thread = await desk.get(thread_id)
    assert (thread.holder, thread.facts["survey"]) == ("nobody", ["resolution", "ces", "csat"])


async def test_two_agents_can_not_take_the_same_conversation(desk: Desk) -> None:
    thread_id = await desk.thread()
    giulia, marco = await desk.agent("Giulia"), await desk.agent("Marco")
    await desk.say(thread_id, "person please")
    await desk.parts.counter.take(thread_id, giulia)
    await desk.parts.counter.take(thread_id, giulia)  # a second click changes nothing
    with pytest.raises(Conflict, match="Giulia"):
        await desk.parts.counter.take(thread_id, marco)
    with pytest.raises(Conflict):
        await desk.parts.counter.reply(thread_id, marco, "hello")
    assert (await desk.events(thread_id)).count("handoff.taken") == 1


async def test_a_conversation_given_back_is_the_assistants_again(desk: Desk) -> None:
    thread_id, agent = await desk.thread(), await desk.agent()
    await desk.say(thread_id, "person please")
    await desk.parts.counter.take(thread_id, agent)
    await desk.parts.counter.return_to_bot(thread_id, agent)
    await desk.say(thread_id, "where is my order?")
    assert (await desk.messages(thread_id))[-1].extras["kind"] == "answer"


async def test_a_form_left_open_before_a_person_came_does_not_go_on_after_them(desk: Desk) -> None:
    agent, thread_id = await desk.agent(), await desk.thread()
    await desk.say(thread_id, "a person please")
    assert (await desk.get(thread_id)).state
    await desk.parts.counter.take(thread_id, agent)
    await desk.parts.counter.return_to_bot(thread_id, agent)
    assert (await desk.get(thread_id)).state == []


async def test_the_card_keeps_the_customer_from_being_asked_twice(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.say(thread_id, "person please")
    desk.pass_time(minutes=2)
    shown = await desk.parts.database.read(lambda conn: card.card(conn, thread_id, desk.at))
    assert shown["asked"] == ["where is my order?", "person please"]
    assert [link["url"] for link in shown["answered"]] == ["/help/en/track-order"]
    assert shown["tried"]["answer"] == 1
    assert shown["facts"]["contact_reason"] == "delivery.where_is_order"
    assert (shown["why"], shown["waiting_s"]) == ("customer_request", 120)
    assert [message["text"] for message in shown["messages"]][0] == "where is my order?"


async def test_a_ticket_is_in_the_queue_until_its_conversation_is_wrapped_up(desk: Desk) -> None:
    desk.at = CLOSED
    thread_id, agent = await desk.thread(), await desk.agent()
    await desk.say(thread_id, "message for you")
    board = await desk.parts.database.read(lambda conn: card.board(conn, desk.at))
    assert [one["contact"] for one in board["tickets"]] == ["someone@example.org"]
    assert board["tickets"][0]["late"] is False
    await desk.parts.counter.take(thread_id, agent)
    await desk.parts.counter.wrap_up(thread_id, agent, WrapUp())
    assert await desk.parts.database.read(tickets.unanswered) == []
    assert "commitment.met" in await desk.events(thread_id)


async def test_an_unknown_conversation_is_not_found(desk: Desk) -> None:
    agent = await desk.agent()
    with pytest.raises(NotFound):
        await desk.parts.counter.take("c-nothing", agent)
