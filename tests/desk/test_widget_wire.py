from __future__ import annotations

import json
from typing import Any

import httpx
import jwt
import pytest
import websockets

from tests.desk.conftest import Served


class Tab:
    """One browser tab's connection."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def receive(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind, passing over the others."""
        while True:
            frame: dict[str, Any] = json.loads(await self.socket.recv())
            if frame["type"] == kind:
                return frame


async def session(served: Served, **body: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=served.url) as client:
        answered = await client.post("/api/v1/widget/session", json={"locale": "en", "page": "/shop", **body})
        assert answered.status_code == 200, answered.text
        return dict(answered.json())


async def connect(served: Served, token: str, after: int = 0) -> Tab:
    tab = Tab(await websockets.connect(f"{served.ws}/api/v1/widget/ws"))
    await tab.send(type="hello", token=token, after=after)
    return tab


async def test_a_question_over_the_websocket_is_acknowledged_then_answered(served: Served) -> None:
    opened = await session(served)
    assert opened["last_seq"] == 0
    assert opened["brand"]["notice"]["automated"]
    tab = await connect(served, opened["token"])
    assert (await tab.receive("welcome"))["last_seq"] == 0
    await tab.send(type="message", client_id="m1", text="where is my order?")
    assert await tab.receive("ack") == {"type": "ack", "client_id": "m1", "seq": 1}
    answer = await tab.receive("message")
    assert (answer["seq"], answer["from"]) == (2, "assistant")
    assert answer["citations"][0]["url"] == "/help/en/track-order"
    assert [choice["value"] for choice in answer["choices"]] == ["/affirm", "/deny"]
    await tab.socket.close()


async def test_a_second_tab_sees_the_same_conversation(served: Served) -> None:
    opened = await session(served)
    first, second = await connect(served, opened["token"]), await connect(served, opened["token"])
    await second.receive("holder")
    await first.send(type="message", client_id="m1", text="hello")
    seen = [await second.receive("message") for _ in range(2)]
    assert [one["from"] for one in seen] == ["customer", "assistant"]
    assert seen[0]["client_id"] == "m1"
    await first.socket.close()
    await second.socket.close()


async def test_a_reconnecting_tab_gets_what_it_missed_and_a_repeat_is_stored_once(served: Served) -> None:
    opened = await session(served)
    tab = await connect(served, opened["token"])
    await tab.send(type="message", client_id="m1", text="hello")
    await tab.receive("ack")
    await tab.socket.close()
    await served.desk.settle()
    again = await connect(served, opened["token"], after=1)
    assert (await again.receive("message"))["seq"] == 2
    await again.send(type="message", client_id="m1", text="hello")
    assert (await again.receive("ack"))["seq"] == 1
    await again.socket.close()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ('{"type": "message", "client_id": "m1", "text": ""}', "empty"),
        ('{"type": "message", "client_id": "m1", "text": "  \\u0000 "}', "empty"),
        (json.dumps({"type": "message", "client_id": "m1", "text": "x" * 100_000}), "too_long"),
        ('{"type": "message", "client_id": "m1"', "invalid_json"),
        ('{"type": "message", "client_id": "<b>", "text": "x"}', "invalid_frame"),
        ('{"type": "message", "client_id": "m1", "text": "\\ud800"}', "invalid_json"),
        ('{"type": "hello", "token": "x", "after": 9223372036854775808}', "invalid_frame"),
        ('{"type": "message", "more": ' + "[" * 5000, "invalid_json"),
        ('{"type": "drop_tables"}', "invalid_frame"),
        ("[]", "invalid_frame"),
        ('{"type": "choose", "client_id": "m1", "value": "/request_person"}', "unknown_choice"),
    ],
)
async def test_a_bad_frame_gets_a_named_error_and_the_connection_goes_on(served: Served, sent: str, code: str) -> None:
    opened = await session(served)
    tab = await connect(served, opened["token"])
    await tab.socket.send(sent)
    assert (await tab.receive("error"))["code"] == code
    await tab.send(type="message", client_id="m2", text="hello")
    assert (await tab.receive("ack"))["client_id"] == "m2"
    await tab.socket.close()


async def test_invalid_utf8_is_refused_by_name_over_http(served: Served) -> None:
    opened = await session(served)
    headers = {"Authorization": f"Bearer {opened['token']}"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
        refused = await client.post("/api/v1/widget/messages", content=b'{"client_id":"m1","text":"\xff\xfe"}')
        assert refused.status_code == 400
        assert refused.json()["error"]["code"] == "invalid_json"


async def test_an_unknown_session_is_refused_on_both_doors(served: Served) -> None:
    tab = await connect(served, "nobody's token")
    assert (await tab.receive("error"))["code"] == "unknown_session"
    async with httpx.AsyncClient(base_url=served.url) as client:
        refused = await client.get("/api/v1/widget/messages", headers={"Authorization": "Bearer nobody"})
        assert refused.status_code == 401
        assert (await client.get("/api/v1/widget/messages")).status_code == 401


async def test_the_polling_twin_says_the_same(served: Served) -> None:
    opened = await session(served)
    headers = {"Authorization": f"Bearer {opened['token']}"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
        sent = await client.post("/api/v1/widget/messages", json={"client_id": "m1", "text": "where is it?"})
        assert sent.json() == {"type": "ack", "client_id": "m1", "seq": 1}
        answered = await client.get("/api/v1/widget/messages", params={"after": 1, "wait": 5})
        (answer,) = answered.json()["messages"]
        assert answer["from"] == "assistant"
        bad = await client.get("/api/v1/widget/messages", params={"after": "x"})
        assert bad.json()["error"]["field"] == "after"


async def test_too_many_messages_are_refused_with_the_time_to_wait(served: Served) -> None:
    opened = await session(served)
    tab = await connect(served, opened["token"])
    for number in range(served.desk.parts.settings.messages_per_minute + 1):
        await tab.send(type="message", client_id=f"m{number}", text="hello")
    refused = await tab.receive("error")
    assert refused["code"] == "rate_limited"
    assert refused["retry_after"] >= 1
    await tab.socket.close()


async def test_another_site_may_not_use_the_wire_unless_it_is_allowed(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers={"Origin": "https://evil.example"}) as client:
        assert (await client.post("/api/v1/widget/session", json={})).status_code == 403
        preflight = await client.options("/api/v1/widget/session")
        assert "access-control-allow-origin" not in preflight.headers
    shop = {"Origin": "https://shop.example"}
    async with httpx.AsyncClient(base_url=served.url, headers=shop) as client:
        preflight = await client.options("/api/v1/widget/session")
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-headers"] == "authorization, content-type"
        opened = await client.post("/api/v1/widget/session", json={})
        assert opened.headers["access-control-allow-origin"] == "https://shop.example"
        refused = await client.get("/api/v1/widget/messages")
        assert refused.headers["access-control-allow-origin"] == "https://shop.example"


async def test_a_signed_in_customer_finds_their_conversation_on_another_device(served: Served) -> None:
    secret = served.desk.parts.settings.jwt_secret
    signed = jwt.encode({"sub": "customer-7", "exp": 4_000_000_000}, secret, algorithm="HS256")
    first = await session(served, user_jwt=signed)
    tab = await connect(served, first["token"])
    await tab.send(type="message", client_id="m1", text="hello")
    await tab.receive("ack")
    second = await session(served, user_jwt=signed)
    assert second["token"] != first["token"]
    again = await connect(served, second["token"])
    assert (await again.receive("message"))["text"] == "hello"
    thread = await served.desk.parts.sessions.find(second["token"])
    assert thread.key_strength == "authenticated"
    assert "customer-7" not in thread.customer_key
    await tab.socket.close()
    await again.socket.close()


@pytest.mark.parametrize("claims", [{"sub": "x"}, {"exp": 4_000_000_000}, {"sub": "x", "exp": 1}])
async def test_a_user_jwt_without_subject_or_expiry_is_refused(served: Served, claims: dict[str, Any]) -> None:
    signed = jwt.encode(claims, served.desk.parts.settings.jwt_secret, algorithm="HS256")
    async with httpx.AsyncClient(base_url=served.url) as client:
        refused = await client.post("/api/v1/widget/session", json={"user_jwt": signed})
        assert refused.json()["error"]["code"] == "invalid_identity"


async def test_an_unsigned_user_jwt_is_refused(served: Served) -> None:
    unsigned = jwt.encode({"sub": "x", "exp": 4_000_000_000}, "", algorithm="none")
    async with httpx.AsyncClient(base_url=served.url) as client:
        refused = await client.post("/api/v1/widget/session", json={"user_jwt": unsigned})
        assert refused.status_code == 400
