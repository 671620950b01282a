"""A desk by script: the widget's wire with replies told in advance, on a free loopback port.

The same server answers as two origins: the desk at http://127.0.0.1:PORT, and a shop that embeds its widget at
http://localhost:PORT under a content policy that allows the desk and nothing inline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic, Websocket
from sanic.response import file, html
from sanic.response import json as reply_json

Frame = dict[str, Any]
STATIC = Path(__file__).parents[2] / "desk" / "static"
NOTICE = {
    "it": {
        "automated": "Le risponde un programma, dalle pagine del centro assistenza. Può chiedere una persona.",
        "privacy": "Conserviamo la conversazione per rispondere e per migliorare il servizio.",
    },
    "en": {
        "automated": "A program answers you, from the pages of our help centre. You can ask for a person.",
        "privacy": "We keep the conversation to answer you and to improve the service.",
    },
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
}
SHOP = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><script async src="{desk}/widget.js" {data}></script></head>
<body><main><h1>Shop</h1><p><a href="/elsewhere">Elsewhere</a></p></main></body></html>"""


@dataclass
class FakeDesk:
    """What the desk will do, and what it has been sent."""

    port: int
    scripts: dict[str, list[Frame]] = field(default_factory=dict)  # customer's text or choice -> frames sent back
    stored: list[Frame] = field(default_factory=list)  # message frames both sides may see, in order of seq
    received: list[Frame] = field(default_factory=list)  # every client frame, repeats included
    sessions: list[Frame] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    holder: Frame = field(default_factory=lambda: {"holder": "assistant"})
    websocket: bool = True  # False: refuse WebSockets, as some proxies do
    accent: str = "#7a2f3b"
    away: bool = False  # True: refuse everything
    drop_before_ack: bool = False  # the next message is stored, and the line cut before it is acknowledged
    refuse_next: Frame | None = None  # the error body the next message gets
    sockets: set[Websocket] = field(default_factory=set)
    loop: asyncio.AbstractEventLoop | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        return f"http://localhost:{self.port}/"

    def script(self, said: str, *frames: Frame) -> None:
        self.scripts[said] = list(frames)

    def texts(self, sender: str = "customer") -> list[str]:
        return [one["text"] for one in self.stored if one["from"] == sender]

    def push(self, *frames: Frame) -> None:
        """Send frames to every tab, from the test's thread."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._push(list(frames)), self.loop).result(10)

    def cut(self) -> None:
        """Break every line, as a restart would."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._cut(), self.loop).result(10)

    async def _cut(self) -> None:
        for ws in list(self.sockets):
            await ws.close(1012)

    async def _push(self, frames: list[Frame], besides: Websocket | None = None) -> None:
        for frame in frames:
            if frame["type"] == "message":
                frame = self.store(frame)
            if frame["type"] == "holder":
                self.holder = {key: value for key, value in frame.items() if key != "type"}
            for ws in self.sockets - {besides}:
                await ws.send(json.dumps(frame))
        self.changed.set()

    def store(self, frame: Frame) -> Frame:
        stored = {
            "at": "2026-11-23T10:30:00+00:00",
            "citations": [],
            "choices": [],
            **frame,
            "seq": len(self.stored) + 1,
        }
        self.stored.append(stored)
        return stored

    async def take(self, frame: Frame, ws: Websocket | None = None) -> Frame:
        """One client frame; the reply to it. Replies by script follow on every line."""
        self.received.append(frame)
        if frame["type"] not in ("message", "choose", "answer"):
            return {"type": "ack"}
        client_id = frame["client_id"]
        if self.refuse_next:
            error, self.refuse_next = self.refuse_next, None
            return {"type": "error", "client_id": client_id, **error}
        if frame["type"] == "answer":
            return {"type": "ack", "client_id": client_id}
        known = next((one for one in self.stored if one.get("client_id") == client_id), None)
        if known is None:
            text = frame.get("text") or self._title(frame["value"])
            known = self.store({"type": "message", "from": "customer", "text": text, "client_id": client_id})
            for other in self.sockets - {ws}:
                await other.send(json.dumps(known))
            follow = self.scripts.get(text, [])
            asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(self._push(follow)))
        return {"type": "ack", "client_id": client_id, "seq": known["seq"]}

    def _title(self, value: str) -> str:
        offered = [choice for one in self.stored for choice in one["choices"]]
        return next(choice["title"] for choice in offered if choice["value"] == value)


def brand(desk: FakeDesk, lang: str) -> Frame:
    return {
        "name": "Libreria del Mezzanino", "notice": NOTICE[lang], "accent": desk.accent, "languages": ["it", "en"],
        "privacy_url": f"{desk.url}/privacy", "demo": True,
    }  # fmt: skip


def make_app(desk: FakeDesk) -> Sanic:
    app = Sanic(f"fake_desk_{desk.port}")
    app.config.AUTO_EXTEND = False
    app.config.TOUCHUP = False
    app.config.MOTD = False

    @app.on_request
    async def away(request: Request) -> HTTPResponse | None:
        return reply_json({}, 503, headers=CORS) if desk.away and "/api/" in request.path else None

    serve_widget(app)
    serve_session(app, desk)
    serve_socket(app, desk)
    serve_polling(app, desk)
    serve_shop(app, desk)
    return app


def serve_widget(app: Sanic) -> None:
    @app.get("/widget.js")
    async def loader(_: Request) -> HTTPResponse:
        return await file(STATIC / "widget" / "widget.js", mime_type="text/javascript")

    @app.get("/widget/<name:path>")
    async def module(_: Request, name: str) -> HTTPResponse:
        if not (STATIC / "widget" / name).is_file():
            return HTTPResponse("", 404, CORS)
        return await file(STATIC / "widget" / name, mime_type="text/javascript", headers=CORS)


def serve_session(app: Sanic, desk: FakeDesk) -> None:
    @app.options("/api/v1/widget/session", name="session_preflight")
    @app.options("/api/v1/widget/messages", name="messages_preflight")
    async def preflight(_: Request) -> HTTPResponse:
        return HTTPResponse("", 204, CORS)

    @app.post("/api/v1/widget/session")
    async def session(request: Request) -> HTTPResponse:
        desk.sessions.append(request.json)
        token = request.json.get("token")
        if token is not None and token not in desk.tokens:
            return reply_json({"error": {"code": "unknown_session", "message": ""}}, 401, headers=CORS)
        if token is None:  # one conversation at a time: a new customer's starts empty
            token = f"token-{len(desk.sessions)}"
            desk.stored.clear()
        desk.tokens.add(token)
        lang = request.json["locale"] if request.json["locale"] in NOTICE else "en"
        answer = {
            "token": token,
            "expires_at": "2027-01-01T00:00:00Z",
            "brand": brand(desk, lang),
            "last_seq": len(desk.stored),
        }
        return reply_json(answer, headers=CORS)


def serve_socket(app: Sanic, desk: FakeDesk) -> None:
    @app.websocket("/api/v1/widget/ws")
    async def ws(_: Request, ws: Websocket) -> None:
        hello = json.loads(await ws.recv() or "{}")
        if not desk.websocket or desk.away:
            return
        if hello.get("token") not in desk.tokens:
            await ws.send(json.dumps({"type": "error", "code": "unknown_session", "message": ""}))
            return
        await ws.send(json.dumps({"type": "welcome", "last_seq": len(desk.stored), "holder": desk.holder["holder"]}))
        for frame in desk.stored[hello["after"] :]:
            await ws.send(json.dumps(frame))
        await ws.send(json.dumps({"type": "holder", **desk.holder}))
        desk.sockets.add(ws)
        try:
            async for raw in ws:
                frame = json.loads(raw)
                reply = await desk.take(frame, ws)
                if desk.drop_before_ack and frame["type"] == "message":
                    desk.drop_before_ack = False
                    return
                if len(reply) > 1:
                    await ws.send(json.dumps(reply))
        finally:
            desk.sockets.discard(ws)


def serve_polling(app: Sanic, desk: FakeDesk) -> None:
    @app.post("/api/v1/widget/messages")
    async def post(request: Request) -> HTTPResponse:
        return reply_json(await desk.take(request.json), headers=CORS)

    @app.get("/api/v1/widget/messages")
    async def get(request: Request) -> HTTPResponse:
        if request.headers["authorization"].removeprefix("Bearer ") not in desk.tokens:
            return reply_json({"error": {"code": "unknown_session", "message": ""}}, 401, headers=CORS)
        after, wait = int(request.args.get("after")), min(int(request.args.get("wait")), 2)
        if not desk.stored[after:] and wait:
            desk.changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(desk.changed.wait(), wait)
        state = [{"type": "holder", **desk.holder}]
        return reply_json({"messages": desk.stored[after:], "state": state}, headers=CORS)


def serve_shop(app: Sanic, desk: FakeDesk) -> None:
    @app.get("/<path:path>")
    async def shop(request: Request, path: str) -> HTTPResponse:
        data = request.args.get("data", 'data-locale="it" data-accent="#7a2f3b"')
        page = html(SHOP.format(desk=desk.url, data=data, lang=request.args.get("lang", "it")))
        page.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; script-src {desk.url}; "
            f"connect-src {desk.url} {desk.url.replace('http', 'ws')}"
        )
        return page


@contextlib.contextmanager
def running_desk() -> Iterator[FakeDesk]:
    """A fake desk in a thread of its own."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    desk = FakeDesk(listener.getsockname()[1])
    started, stopping = threading.Event(), asyncio.Event()

    async def serve() -> None:
        desk.loop = asyncio.get_running_loop()
        app = make_app(desk)
        server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.start_serving()
        started.set()
        await stopping.wait()
        await desk._cut()
        server.close()
        await server.wait_closed()
        Sanic.unregister_app(app)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(20), "the fake desk did not start"
    try:
        yield desk
    finally:
        assert desk.loop is not None
        desk.loop.call_soon_threadsafe(stopping.set)
        thread.join(20)
