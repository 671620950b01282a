"""The agents' door: the desk page, its API and its live connection."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final

import msgspec
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from sanic.response import HTTPResponse, JSONResponse, json

from desk import body, card, guard, labels, origins
from desk.counter import WrapUp
from desk.errors import BadRequest
from desk.guard import needs
from desk.live import DESK, Lagging, Subscription
from desk.pages import language_of, page
from desk.parts import parts_of
from desk.wire import ClientId
from touchpoints.vocabulary import STAGES

blueprint = Blueprint("agents")
SIGN_IN_CHECK_S: Final = 20
_anything: Final = msgspec.json.Decoder()


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent says; `substantive` unless it only keeps the customer company."""

    text: str
    client_id: ClientId
    substantive: bool = True


_reply: Final = msgspec.json.Decoder(Reply)
_wrap_up: Final = msgspec.json.Decoder(WrapUp)


@blueprint.get("/desk")
@needs("agent", page=True)
async def desk_page(request: Request) -> HTTPResponse:
    language = language_of(request)
    return page(
        request,
        "desk.html",
        reasons=labels.options(language, "reason", parts_of(request).configuration.reasons),
        stages=[(one, labels.label(language, "stage", one)) for one in STAGES if one != "unknown"],
        texts=labels.texts(language, "desk", "labels"),
    )


@blueprint.get("/api/v1/conversations")
@needs("agent")
async def conversations(request: Request) -> JSONResponse:
    """The queue in order, what agents hold, open tickets, and conversations the assistant holds now."""
    parts = parts_of(request)
    listed = await parts.database.read(lambda conn: card.board(conn, parts.conversations.now()))
    return json({**listed, "you": request.ctx.agent.id, "present": parts.live.agents_present()})


@blueprint.get("/api/v1/conversations/<thread_id:str>")
@needs("agent")
async def conversation(request: Request, thread_id: str) -> JSONResponse:
    """The handoff card: what was asked, answered and tried, the facts given, and the whole transcript."""
    parts = parts_of(request)
    shown = await parts.database.read(lambda conn: card.card(conn, thread_id, parts.conversations.now()))
    return json(shown)


@blueprint.post("/api/v1/conversations/<thread_id:str>/take")
@needs("agent")
async def take(request: Request, thread_id: str) -> JSONResponse:
    await parts_of(request).counter.take(thread_id, request.ctx.agent)
    return json({"ok": True})


@blueprint.post("/api/v1/conversations/<thread_id:str>/messages")
@needs("agent")
async def reply(request: Request, thread_id: str) -> JSONResponse:
    sent = body.decode(request.body or b"{}", _reply)
    agent = request.ctx.agent
    said = await parts_of(request).counter.reply(
        thread_id,
        agent,
        sent.text,
        substantive=sent.substantive,
        client_id=hashlib.sha256(f"{agent.id}:{sent.client_id}".encode()).hexdigest(),
    )
    return json({"seq": said.seq, "client_id": sent.client_id})


@blueprint.post("/api/v1/conversations/<thread_id:str>/return")
@needs("agent")
async def return_to_bot(request: Request, thread_id: str) -> JSONResponse:
    await parts_of(request).counter.return_to_bot(thread_id, request.ctx.agent)
    return json({"ok": True})


@blueprint.post("/api/v1/conversations/<thread_id:str>/wrap-up")
@needs("agent")
async def wrap_up(request: Request, thread_id: str) -> JSONResponse:
    await parts_of(request).counter.wrap_up(thread_id, request.ctx.agent, body.decode(request.body or b"{}", _wrap_up))
    return json({"ok": True})


@blueprint.websocket("/api/v1/desk/ws")
async def live(request: Request, ws: Websocket) -> None:
    """The agent's live connection: queue news always, one conversation's frames when it is open.

    The page sends {"type": "open", "thread"} (or null) and {"type": "typing"}; everything else is plain HTTP.
    """
    parts = parts_of(request)
    agent = await guard.signed_in(request)
    origin = request.headers.get("origin")
    if agent is None or not guard.may(agent, "agent") or origin is None or not origins.own(request, origin):
        await ws.close(1008, "not signed in")
        return
    with parts.live.present(agent.id), parts.live.listen(DESK) as inbox:
        tasks = [asyncio.create_task(work) for work in (_pass_on(ws, inbox), _end_with_sign_in(request, ws))]
        try:
            await _listen(request, ws, inbox)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _end_with_sign_in(request: Request, ws: Websocket) -> None:
    """Who signs out or is disabled stops reading customers' words."""
    while await guard.signed_in(request):
        await asyncio.sleep(SIGN_IN_CHECK_S)
    await ws.close(1008, "not signed in")


async def _listen(request: Request, ws: Websocket, inbox: Subscription) -> None:
    parts, watched = parts_of(request), None
    async for raw in ws:
        try:
            sent = body.decode(raw, _anything)
        except BadRequest:
            continue
        if not isinstance(sent, dict):
            continue
        if sent.get("type") == "open":
            if watched:
                parts.live.leave(inbox, watched)
            allowed = await guard.signed_in(request) is not None
            watched = sent["thread"] if allowed and isinstance(sent.get("thread"), str) else None
            # a conversation's frames don't name it: what comes before this line belongs to the one watched earlier
            inbox.offer({"type": "opened", "thread": watched})
            if watched:
                parts.live.join(inbox, watched)
        elif sent.get("type") == "typing" and watched:
            parts.counter.typing(watched)


async def _pass_on(ws: Websocket, inbox: Subscription) -> None:
    try:
        while True:
            await ws.send(msgspec.json.encode(await inbox.next()).decode())
    except Lagging:
        await ws.close(1013, "too slow; reconnect")
    except WebsocketClosed:
        pass  # the page has gone; the other direction ends by itself
