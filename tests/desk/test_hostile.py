"""What strangers, races and bad luck do to the desk, and what must not come of it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from desk.counter import WrapUp
from desk.demo import prepare as demo
from desk.errors import BadRequest, Conflict, NotSignedIn
from desk.settings import load
from desk.store import erasure, threads
from tests.desk.conftest import Desk, Served
from tests.desk.test_guard import sign_in
from tests.desk.test_widget_wire import connect, session


async def test_copies_of_a_message_that_arrive_together_are_stored_once(desk: Desk) -> None:
    thread_id = await desk.thread()
    sent = [desk.parts.conversations.receive(thread_id, "same", "where is my order?") for _ in range(6)]
    stored = await asyncio.gather(*sent)
    await desk.settle()
    assert {one.seq for one in stored} == {stored[0].seq}
    assert [one.sender for one in await desk.messages(thread_id)] == ["customer", "assistant"]


async def test_signing_in_on_the_site_while_the_first_message_arrives_loses_neither(desk: Desk) -> None:
    import jwt

    signed = jwt.encode({"sub": "customer-9", "exp": 4_000_000_000}, desk.parts.settings.jwt_secret, algorithm="HS256")
    for _ in range(5):
        opened = await desk.parts.sessions.open(locale="en", page="/", token=None, user_jwt=None)
        thread_id = (await desk.parts.sessions.find(opened["token"])).id
        await asyncio.gather(
            desk.parts.conversations.receive(thread_id, "m1", "hello"),
            desk.parts.sessions.open(locale="en", page="/", token=opened["token"], user_jwt=signed),
        )
        await desk.settle()
        assert [one.text for one in await desk.messages(thread_id)] == ["hello", "Hello!"]


async def test_an_older_message_still_owed_is_answered_first(desk: Desk) -> None:
    thread_id = await desk.thread()

    def store_only(conn: Connection) -> None:
        desk.parts.conversations._store(conn, thread_id, "m1", "first question", None)

    await desk.parts.database.write(store_only)
    await desk.say(thread_id, "second question")
    assert [asked["text"] for asked in desk.assistant.asked] == ["first question", "second question"]


async def test_a_turn_that_breaks_on_our_side_is_apologised_for_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread_id = await desk.thread()

    def broken(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("desk.turn.apply", broken)
    await desk.say(thread_id, "where is my order?")
    monkeypatch.undo()
    assert (await desk.messages(thread_id))[-1].extras["kind"] == "failure"
    assert await desk.parts.database.read(threads.threads_owed) == []
    await desk.say(thread_id, "where is my order now?")
    assert len(desk.assistant.asked) == 2


async def test_nothing_more_is_stored_for_an_erased_customer(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    key = (await desk.get(thread_id)).customer_key
    await desk.parts.database.write(lambda conn: erasure.erase(conn, key))
    with pytest.raises(NotSignedIn):
        await desk.parts.conversations.receive(thread_id, "late", "my name is Agatha")


async def test_a_yes_a_day_later_confirms_nothing(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    desk.pass_time(hours=25)
    await desk.say(thread_id, "hello")
    assert desk.assistant.asked[-1]["state"] == []
    with pytest.raises(BadRequest):
        await desk.parts.conversations.choose(thread_id, "c1", "/affirm")


async def test_a_yes_just_before_the_end_is_on_record(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    desk.assistant.gate.clear()
    await desk.parts.conversations.choose(thread_id, "c1", "/affirm")
    asyncio.get_running_loop().call_later(0.2, desk.assistant.gate.set)
    await desk.parts.conversations.end(thread_id)
    events = await desk.events(thread_id)
    assert events.index("resolution.answered") < events.index("closed")


async def test_an_agent_wraps_up_what_the_customer_closed(desk: Desk) -> None:
    thread_id, agent = await desk.thread(), await desk.agent()
    await desk.say(thread_id, "person please")
    await desk.parts.counter.take(thread_id, agent)
    await desk.parts.counter.reply(thread_id, agent, "It arrives tomorrow.")
    await desk.parts.conversations.end(thread_id)
    await desk.parts.counter.wrap_up(thread_id, agent, WrapUp(active_s=30, wrap_s=5))
    events = await desk.events(thread_id)
    assert (events.count("handoff.taken"), events.count("closed"), events.count("wrapped_up")) == (1, 1, 1)
    assert "survey.offered" in events
    with pytest.raises(Conflict):
        await desk.parts.counter.wrap_up(thread_id, agent, WrapUp())


async def test_a_survey_answer_sent_again_is_acknowledged_again(desk: Desk) -> None:
    thread_id = await desk.thread()
    await desk.say(thread_id, "where is my order?")
    await desk.parts.conversations.end(thread_id)
    await desk.parts.conversations.answer(thread_id, "csat", 4)
    await desk.parts.conversations.answer(thread_id, "csat", 4)
    assert (await desk.events(thread_id)).count("survey.answered") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"resolution": "banana"},
        {"active_s": -5},
        {"active_s": 1e300},
        {"concurrency": 0},
        {"demand_type": "zz"},
        {"reason": "not.a.reason"},
        {"tags": ["x"] * 21},
        {"entity_ref": "x" * 200},
        {"journey_stage": "\x00"},
        {"surprise": 1},
    ],
)
async def test_a_wrap_up_that_says_nonsense_is_refused_by_name(served: Served, wrong: dict[str, Any]) -> None:
    agent = await served.desk.agent()
    thread_id = await served.desk.thread()
    await served.desk.say(thread_id, "person please")
    await served.desk.parts.counter.take(thread_id, agent)
    async with httpx.AsyncClient(base_url=served.url) as client:
        await sign_in(client, "Giulia")
        refused = await client.post(f"/api/v1/conversations/{thread_id}/wrap-up", json=wrong)
        assert refused.status_code == 400, refused.text
    assert "wrapped_up" not in await served.desk.events(thread_id)


@pytest.mark.parametrize(
    ("method", "path", "headers", "content"),
    [
        ("POST", "/login", {"Origin": "http://["}, b""),
        ("POST", "/api/v1/widget/session", {"Origin": "http://["}, b"{}"),
        ("POST", "/api/v1/widget/session", {}, b"[" * 5000),
        ("GET", "/api/v1/widget/messages", {"Authorization": "Bearer \xe9\xff"}, b""),
        ("GET", "/desk", {"Cookie": "sportello_session=\xe9\xff"}, b""),
        ("GET", "/widget/" + "x" * 300, {}, b""),
        ("GET", "/static/" + "x" * 300, {}, b""),
        ("GET", "/static/%00", {}, b""),
        ("GET", "/static/", {}, b""),
        ("GET", "/widget/..%2f..%2fserver.py", {}, b""),
        ("GET", "/static/..%2f..%2fserver.py", {}, b""),
        ("GET", "/help/it/%00", {}, b""),
    ],
)
async def test_an_odd_request_is_refused_not_failed_on(
    served: Served, method: str, path: str, headers: dict[str, str], content: bytes
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    async with httpx.AsyncClient(base_url=served.url) as client:
        answered = await client.request(method, path, headers=encoded, content=content)
        assert answered.status_code in (302, 400, 401, 403, 404), answered.text


@pytest.mark.parametrize("as_of", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "nonsense"])
async def test_a_moment_out_of_range_is_refused_by_name(served: Served, as_of: str) -> None:
    await served.desk.agent("Chiara", "lead")
    async with httpx.AsyncClient(base_url=served.url) as client:
        await sign_in(client, "Chiara")
        refused = await client.get("/api/v1/metrics", params={"as_of": as_of})
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "as_of")


async def test_a_burst_of_guesses_is_as_many_as_it_is(served: Served) -> None:
    await served.desk.agent("Giulia")
    async with httpx.AsyncClient(base_url=served.url) as client:
        guesses = [client.post("/login", data={"name": "Giulia", "password": f"guess number {n}"}) for n in range(12)]
        said = [answered.status_code for answered in await asyncio.gather(*guesses)]
        assert (said.count(401), said.count(429)) == (5, 7)


async def test_what_can_not_be_read_still_names_its_message(served: Served) -> None:
    tab = await connect(served, (await session(served))["token"])
    await tab.socket.send('{"type": "message", "client_id": "m7", "text": "ciao \\ud83d"}')
    refused = await tab.receive("error")
    assert (refused["client_id"], refused["code"]) == ("m7", "invalid_json")
    await tab.socket.close()


async def test_a_flood_of_typing_reaches_nobody(served: Served) -> None:
    opened = await session(served)
    thread = await served.desk.parts.sessions.find(opened["token"])
    tab = await connect(served, opened["token"])
    await tab.receive("holder")
    with served.desk.parts.live.listen(thread.id) as inbox:
        for _ in range(400):
            await tab.send(type="typing")
        await tab.send(type="message", client_id="m1", text="hello")
        await tab.receive("ack")
        assert inbox._inbox.qsize() <= 130
    await tab.socket.close()


async def test_a_tab_whose_catching_up_fails_is_closed_not_left_deaf(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    import websockets

    opened = await session(served)
    thread = await served.desk.parts.sessions.find(opened["token"])
    tab = await connect(served, opened["token"])
    await tab.receive("holder")

    async def broken(*_: Any) -> Any:
        raise OSError("the database went away")

    monkeypatch.setattr("desk.widget._missed", broken)
    served.desk.parts.live.publish(thread.id, {"type": "message", "seq": 99, "from": "agent"})
    with pytest.raises(websockets.ConnectionClosed):
        await asyncio.wait_for(tab.receive("message"), 5)


def test_the_demo_never_uses_somebody_elses_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/real")
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path))
    assert demo.settings(load()).database == f"sqlite:///{tmp_path / 'sportello.sqlite'}"
