"""A desk with everything real but the assistant and the encoder."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic
from sqlalchemy import Connection, select

from desk import clock
from desk.launch import home
from desk.launch.supervisor import free_port
from desk.parts import App, Parts
from desk.server import make_parts, make_public, open_database
from desk.settings import Settings
from desk.store import accounts, threads
from desk.store.accounts import Agent
from tests.desk.fakes import LetterEncoder, ScriptedAssistant
from touchpoints.schema import event as event_table

OPEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday, 11:00 in Rome
CLOSED = datetime(2026, 3, 7, 21, 0, tzinfo=UTC)  # a Saturday night


@dataclass
class Desk:
    """The parts, the scripted assistant and a clock that tests set."""

    parts: Parts
    assistant: ScriptedAssistant
    at: datetime = OPEN

    def pass_time(self, **passed: float) -> None:
        self.at += timedelta(**passed)

    async def thread(self, locale: str = "en") -> str:
        opened = await self.parts.sessions.open(locale=locale, page="/", token=None, user_jwt=None)
        return (await self.parts.sessions.find(opened["token"])).id

    async def say(self, thread_id: str, text: str, client_id: str | None = None) -> threads.Message:
        """Send as the customer would, and wait for the turn to end."""
        client_id = client_id or f"m{len(self.assistant.asked)}-{abs(hash(text)) % 10**6}"
        stored = await self.parts.conversations.receive(thread_id, client_id, text)
        await self.settle()
        return stored

    async def settle(self) -> None:
        while self.parts.turns._running:
            await self.parts.turns.settle()

    async def messages(self, thread_id: str) -> list[threads.Message]:
        return await self.parts.database.read(lambda conn: threads.messages_after(conn, thread_id, 0))

    async def events(self, thread_id: str) -> list[str]:
        def read(conn: Connection) -> list[str]:
            chosen = select(event_table.c.type).where(event_table.c.conversation_id == thread_id)
            return list(conn.execute(chosen.order_by(event_table.c.seq)).scalars())

        return await self.parts.database.read(read)

    async def get(self, thread_id: str) -> threads.Thread:
        return await self.parts.database.read(lambda conn: threads.get(conn, thread_id))

    async def agent(self, name: str = "Giulia", role: str = "agent") -> Agent:
        return await self.parts.database.write(
            lambda conn: accounts.add(conn, name, role, f"long enough for {name}", clock.now())
        )


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    folder = tmp_path / "home"
    home.make(folder)
    return Settings(
        home=folder,
        database_url=database_url,
        jwt_secret="a secret of at least thirty-two bytes",
        allowed_origins="https://shop.example https://other.example",
    )


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    parts = make_parts(settings, open_database(settings), LetterEncoder(), "http://127.0.0.1:9", "token")
    assistant: Any = ScriptedAssistant()
    one = Desk(parts, assistant)
    for part in (parts.turns, parts.conversations, parts.counter, parts.sessions):
        part.now = lambda: one.at
    await parts.turns.assistant.close()
    parts.turns.assistant = assistant
    yield one
    await one.settle()
    parts.encoding.close()
    parts.database.close()


@dataclass
class Served:
    """The desk behind a real port."""

    desk: Desk
    url: str
    app: App

    @property
    def ws(self) -> str:
        return self.url.replace("http://", "ws://")


@pytest.fixture
async def served(desk: Desk) -> AsyncIterator[Served]:
    app = make_public(desk.parts, f"test-{secrets.token_hex(4)}")
    app.config.TOUCHUP = False  # the second app of a process can't be rewritten
    port = free_port()
    server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    yield Served(desk, f"http://127.0.0.1:{port}", app)
    await desk.settle()
    await server.before_stop()
    server.close()
    await server.wait_closed()
    await server.after_stop()
    Sanic.unregister_app(app)
