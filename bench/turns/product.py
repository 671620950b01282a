"""The product under test, started as a stranger starts it, and customers who reach it as the widget does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

from bench.processes import Started
from desk import catalogue
from desk.launch.supervisor import free_port
from desk.settings import PREFIX

KEPT: Final = {"encoder", "assistant", "knowledge", "articles.sha256"}  # what takes minutes to make
START_SECONDS: Final = 400.0
CHILDREN: Final = {"app": "desk.server", "bot": "bot run"}
REPLY_SECONDS: Final = 30.0
TURNS_PER_CONVERSATION: Final = 8  # then another customer comes
UNLIMITED: Final = "100000000"
APOLOGIES: Final = {catalogue.text(language, "conversation.apology") for language in ("it", "en")}


def environment() -> dict[str, str]:
    """This process's environment without settings of the product: only defaults are measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "DATABASE_URL"))}


@contextlib.contextmanager
def running(home: Path, bots: int = 1) -> Iterator[tuple[str, Started]]:
    """The demonstration on this home, as `make run` starts it: its address and its supervisor.

    The home starts without conversations, so that one run is like another.
    """
    home.mkdir(parents=True, exist_ok=True)
    for part in home.iterdir():
        if part.name not in KEPT:
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    limits = {f"{PREFIX}MESSAGES_PER_MINUTE": UNLIMITED, f"{PREFIX}SESSIONS_PER_MINUTE": UNLIMITED}
    started = Started(
        [sys.executable, "-m", "desk", "demo", "run", "--port", str(port)],
        {**environment(), f"{PREFIX}HOME": str(home), f"{PREFIX}BOT_PROCESSES": str(bots), **limits},
        home.parent / f"{home.name}.log",
        stop_with=signal.SIGINT,
    )
    try:
        started.wait_until(lambda: answers(f"{url}/health/ready"), START_SECONDS)
        yield url, started
    finally:
        started.stop()


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def second(home: Path, other: Path) -> Path:
    """Another home with what takes minutes to make taken over from the first."""
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    for part in home.iterdir():
        if part.name in KEPT:
            shutil.copytree(part, other / part.name) if part.is_dir() else shutil.copy2(part, other / part.name)
    return other


class WidgetCustomer:
    """A customer on the widget's WebSocket; after a few turns, or when somebody else took over, a new one."""

    def __init__(self, http: aiohttp.ClientSession, url: str, turns: int = TURNS_PER_CONVERSATION) -> None:
        self._http, self._url, self._turns = http, url, turns
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._asked = 0
        self._left_to_people = False

    async def prepare(self) -> None:
        if self._socket is None or self._left_to_people or self._asked >= self._turns:
            await self.close()
            await self._open()

    async def _open(self) -> None:
        opening = self._http.post(f"{self._url}/api/v1/widget/session", json={"locale": "it", "page": "/shop"})
        async with opening as response:
            response.raise_for_status()
            token = msgspec.json.decode(await response.read())["token"]
        self._socket = await self._http.ws_connect(f"{self._url}/api/v1/widget/ws")
        self._asked, self._left_to_people = 0, False
        await self._send({"type": "hello", "token": token, "after": 0})
        while (await self._receive())["type"] != "holder":  # the last frame of the welcome
            pass

    async def ask(self, text: str) -> bool:
        """From the customer's frame to the first frame of the reply, which the desk has stored by then."""
        self._asked += 1
        client_id = f"m{self._asked}"
        await self._send({"type": "message", "client_id": client_id, "text": text})
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                return await self._hear(client_id)
        except TimeoutError:
            self._left_to_people = True  # a late reply must not be taken for the next one
            return False

    async def _hear(self, client_id: str) -> bool:
        asked: int | None = None
        while True:
            frame = await self._receive()
            match frame["type"]:
                case "ack" if frame["client_id"] == client_id:
                    asked = frame["seq"]
                case "error" if frame.get("client_id") == client_id:
                    return False
                case "holder":
                    self._left_to_people = frame["holder"] != "assistant"
                case "message" if asked is not None and frame["seq"] > asked:
                    return frame["text"] not in APOLOGIES

    async def _send(self, frame: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send_str(msgspec.json.encode(frame).decode())

    async def _receive(self) -> dict[str, Any]:
        assert self._socket is not None
        frame: dict[str, Any] = msgspec.json.decode(await self._socket.receive_str())
        return frame

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
