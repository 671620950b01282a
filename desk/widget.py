"""The customer's door: sessions, the WebSocket and its polling twin. Parses, calls, answers; decides nothing."""

from __future__ import annotations

import asyncio
from collections import Counter as Count
from typing import Annotated, Any, Final

import msgspec
import structlog
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from sanic.response import HTTPResponse, JSONResponse, empty, json

from desk import body, frames, origins, survey, wire
from desk.errors import BadRequest, DeskError, NotSignedIn, TooMany
from desk.live import Lagging, Subscription
from desk.parts import Parts, parts_of
from desk.store import accounts, threads
from desk.store.threads import Thread

log = structlog.get_logger()
HELLO_SECONDS: Final = 10
LONGEST_WAIT: Final = 25
CONNECTIONS_PER_CUSTOMER: Final = 20

blueprint = Blueprint("widget", url_prefix="/api/v1/widget")
_connections: Count[str] = Count()
_anything: Final = msgspec.json.Decoder()


class SessionRequest(msgspec.Struct, frozen=True):
    """What a browser says of itself when it opens the chat."""

    locale: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    page: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    user_jwt: str | None = None
    token: Annotated[str, msgspec.Meta(max_length=200)] | None = None


_session_request: Final = msgspec.json.Decoder(SessionRequest)


@blueprint.options("/session", name="session_preflight")
@blueprint.options("/messages", name="messages_preflight")
async def preflight(request: Request) -> HTTPResponse:
    """What a browser asks before it lets an embedding page call."""
    origins.check(request, parts_of(request).settings.allowed_origins)
    return empty()


@blueprint.post("/session")
async def open_session(request: Request) -> JSONResponse:
    """Open the conversation this browser or this customer has, or a new one."""
    parts = parts_of(request)
    origins.check(request, parts.settings.allowed_origins)
    parts.session_limit.spend(request.remote_addr or request.ip)
    asked = body.decode(request.body or b"{}", _session_request)
    opened = await parts.sessions.open(
        locale=asked.locale, page=asked.page.replace("\x00", ""), token=asked.token, user_jwt=asked.user_jwt
    )
    return json(opened)


@blueprint.post("/messages")
async def post_frame(request: Request) -> JSONResponse:
    """The polling twin's way in: one frame; `{client_id, text}` alone is a message."""
    parts = parts_of(request)
    origins.check(request, parts.settings.allowed_origins)
    thread = await _bearer(request, parts)
    frame = wire.decode(_typed(request.body))
    reply = await parts.wire.take(thread.id, frame)
    return json(reply or {"type": "ack"})


def _typed(raw: bytes) -> bytes:
    """A body without a type is a message, or a choice when it has a value."""
    sent = body.decode(raw, _anything)
    if isinstance(sent, dict) and "type" not in sent:
        sent["type"] = "choose" if "value" in sent else "message"
        return msgspec.json.encode(sent)
    return raw


@blueprint.get("/messages")
async def get_frames(request: Request) -> JSONResponse:
    """The polling twin's way out: messages after a number, waiting up to `wait` seconds for the first."""
    parts = parts_of(request)
    origins.check(request, parts.settings.allowed_origins)
    after, wait = _number(request, "after", 0, 2**31), _number(request, "wait", 0, LONGEST_WAIT)
    thread = await _bearer(request, parts)
    with parts.live.listen(thread.id) as inbox:
        found = await _missed(parts, thread.id, after)
        if not found and wait:
            await _something(inbox, wait)
            found = await _missed(parts, thread.id, after)
    thread = await parts.database.read(lambda conn: threads.get(conn, thread.id))
    shown = [frames.message(one) for one in found]
    return json({"messages": shown, "state": await _standing(parts, thread)})


def _number(request: Request, name: str, default: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not given.isdecimal() or len(given) > 10:
        raise BadRequest(f"{name} must be a whole number", code="invalid_value", field=name)
    return min(int(given), most)


async def _bearer(request: Request, parts: Parts) -> Thread:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Authorization: Bearer with the session's token is needed", code="unknown_session")
    return await parts.sessions.find(token.strip())


async def _missed(parts: Parts, thread_id: str, after: int) -> list[threads.Message]:
    return await parts.database.read(lambda conn: threads.messages_after(conn, thread_id, after))


async def _something(inbox: Subscription, seconds: int) -> None:
    """Wait for a message to be published, or for the time to pass."""
    try:
        async with asyncio.timeout(seconds):
            while (await inbox.next())["type"] not in ("message", "holder", "survey"):
                pass
    except (TimeoutError, Lagging):
        pass


async def _standing(parts: Parts, thread: Thread) -> list[dict[str, Any]]:
    """Frames that say how things stand: who holds the conversation, and a survey still open."""

    def read(conn: Any) -> tuple[int, dict[str, str]]:
        return threads.queue_position(conn, thread), accounts.names(conn)

    position, names = await parts.database.read(read)
    name = names.get(thread.agent_id) if thread.agent_id else None
    standing = [frames.holder(thread.holder, name, position or None)]
    if thread.facts.get("survey") and not thread.facts.get("survey_passed"):
        standing.append(survey.frame(thread.language, thread.facts["survey"], parts.brand.name))
    return standing


@blueprint.websocket("/ws")
async def chat(request: Request, ws: Websocket) -> None:
    """One browser tab's connection: hello first, then frames both ways."""
    parts = parts_of(request)
    try:
        origins.check(request, parts.settings.allowed_origins)
        hello = await _hello(ws)
        thread = await parts.sessions.find(hello.token)
        if _connections[thread.id] >= CONNECTIONS_PER_CUSTOMER:
            raise TooMany("too many tabs", retry_after=60)
    except DeskError as error:
        await _send(ws, frames.error(error.body()))
        await ws.close(1008, error.code)
        return
    _connections[thread.id] += 1
    connection = Connection(parts, ws, thread.id, hello.after)
    try:
        await connection.run()
    finally:
        _connections[thread.id] -= 1
        if not _connections[thread.id]:
            del _connections[thread.id]


async def _hello(ws: Websocket) -> wire.Hello:
    try:
        raw = await asyncio.wait_for(ws.recv(), HELLO_SECONDS)
    except TimeoutError:
        raise BadRequest("hello was expected", code="invalid_frame") from None
    frame = wire.decode(raw or b"")
    if not isinstance(frame, wire.Hello):
        raise BadRequest("the first frame must be hello", code="invalid_frame")
    return frame


async def _send(ws: Websocket, frame: frames.Frame) -> None:
    await ws.send(msgspec.json.encode(frame).decode())


class Connection:
    """Frames in, frames out, for one tab. `seen` is the last number this tab has been sent or has said itself."""

    def __init__(self, parts: Parts, ws: Websocket, thread_id: str, seen: int) -> None:
        self.parts, self.ws, self.thread_id, self.seen = parts, ws, thread_id, seen
        self.own: set[str] = set()

    async def run(self) -> None:
        with self.parts.live.listen(self.thread_id) as inbox:
            thread = await self.parts.database.read(lambda conn: threads.get(conn, self.thread_id))
            await _send(self.ws, wire.greeting(thread))
            await self._catch_up()
            for frame in await _standing(self.parts, thread):
                await _send(self.ws, frame)
            out = asyncio.create_task(self._out(inbox))
            try:
                async for raw in self.ws:
                    await self._in(raw)
            finally:
                out.cancel()
                await asyncio.gather(out, return_exceptions=True)

    async def _in(self, raw: str | bytes) -> None:
        reply: frames.Frame | None
        try:
            frame = wire.decode(raw)
            reply = await self._take(frame)
        except DeskError as error:
            reply = wire.failed(error, raw)
        if reply is not None:
            await _send(self.ws, reply)

    async def _take(self, frame: wire.ClientFrame) -> frames.Frame | None:
        if not isinstance(frame, wire.Message | wire.Choose):
            return await self.parts.wire.take(self.thread_id, frame)
        self.own.add(frame.client_id)  # before it is pushed to every tab, this one included
        try:
            return await self.parts.wire.take(self.thread_id, frame)
        except DeskError:
            self.own.discard(frame.client_id)
            raise

    async def _out(self, inbox: Subscription) -> None:
        """Pass on what is published. Whatever goes wrong, the tab isn't left deaf: it reconnects and catches up."""
        try:
            while True:
                await self._pass_on(await inbox.next())
        except Lagging:
            await self.ws.close(1013, "too slow; reconnect")
        except WebsocketClosed:
            pass  # the tab has gone; the other direction ends by itself
        except Exception:
            log.exception("connection_failed", thread=self.thread_id)
            await self.ws.close(1011, "failed; reconnect")

    async def _pass_on(self, frame: frames.Frame) -> None:
        if frame["type"] == "message":
            if frame["seq"] <= self.seen:
                return
            if frame["seq"] > self.seen + 1:  # a frame was missed: the store has it
                await self._catch_up()
                return
            self.seen = frame["seq"]
            if frame.get("client_id") in self.own:
                return
        elif frame["type"] == "read" or (frame["type"] == "typing" and frame["from"] == "customer"):
            return
        await _send(self.ws, frame)

    async def _catch_up(self) -> None:
        for one in await _missed(self.parts, self.thread_id, self.seen):
            if one.client_id is None or one.client_id not in self.own:
                await _send(self.ws, frames.message(one))
            self.seen = max(self.seen, one.seq)
