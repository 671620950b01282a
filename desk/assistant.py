"""Rasa over HTTP: one turn in, replies and the next dialogue state out.

Whatever goes wrong on the way (no connection, too slow, an error, an empty reply) is one thing to the caller: an
AssistantFailure, after which the customer is told honestly. After a few failures in a row the breaker opens, so that
a hanging assistant doesn't make every customer wait for the whole time-out.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import msgspec
import numpy as np
from numpy.typing import NDArray

FAILURES_TO_OPEN: Final = 3
OPEN_SECONDS: Final = 2.0
AT_ONCE: Final = 8  # turns in the bot's hands; it works on one at a time, and more only make all of them slower

Encode = Callable[[str], Awaitable[NDArray[np.float32]]]


class AssistantFailure(Exception):
    """The assistant gave no usable reply; `reason` is unreachable, timeout, error, empty or resting."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Button(msgspec.Struct, frozen=True):
    """A quick reply: what the customer reads and what the assistant is told when it is chosen."""

    title: str
    payload: str


class Utterance(msgspec.Struct, frozen=True):
    """One reply of the assistant; `kind` as in the record's `message.bot`, `custom` as agreed with the actions."""

    text: str
    kind: str
    buttons: list[Button] = []
    custom: dict[str, Any] = {}


class Turn(msgspec.Struct, frozen=True):
    """What came back for one customer message."""

    messages: list[Utterance]
    reading: dict[str, Any]
    state: list[dict[str, Any]]


@dataclass
class Breaker:
    """Opens after failures in a row and lets one try through when it has rested."""

    failures: int = 0
    opened_at: float = 0.0

    def resting(self) -> bool:
        return self.failures >= FAILURES_TO_OPEN and time.monotonic() - self.opened_at < OPEN_SECONDS

    def failed(self) -> None:
        self.failures += 1
        self.opened_at = time.monotonic()

    def worked(self) -> None:
        self.failures = 0


@dataclass
class Assistant:
    """The bot process behind one address; `encode` gives a text's query vector."""

    url: str
    token: str
    encode: Encode
    timeout_s: float = 8.0
    breaker: Breaker = field(default_factory=Breaker)
    _session: aiohttp.ClientSession | None = None
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30),
                headers={"X-Sportello-Token": self.token},
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def reply(
        self,
        thread_id: str,
        message_id: str,
        text: str,
        *,
        chosen: bool,
        state: list[dict[str, Any]],
        slots: dict[str, Any],
    ) -> Turn:
        """Run one turn. Raises AssistantFailure."""
        if self.breaker.resting():
            raise AssistantFailure("resting", "too many failures in a row")
        try:
            turn = await asyncio.wait_for(self._turn(thread_id, message_id, text, chosen, state, slots), self.timeout_s)
        except TimeoutError as error:
            self.breaker.failed()
            raise AssistantFailure("timeout", f"no reply within {self.timeout_s:g} s") from error
        except aiohttp.ClientError as error:
            self.breaker.failed()
            raise AssistantFailure("unreachable", type(error).__name__) from error
        except AssistantFailure:
            self.breaker.failed()
            raise
        self.breaker.worked()
        return turn

    async def _turn(
        self,
        thread_id: str,
        message_id: str,
        text: str,
        chosen: bool,
        state: list[dict[str, Any]],
        slots: dict[str, Any],
    ) -> Turn:
        body: dict[str, Any] = {
            "sender": thread_id,
            "message_id": message_id,
            "message": text,
            "chosen": chosen,
            "state": state,
            "slots": slots,
        }
        if not chosen:
            vector = np.ascontiguousarray(await self.encode(text), dtype="<f4")
            body["vector"] = base64.b64encode(vector.tobytes()).decode()
        headers = {"Content-Type": "application/json"}
        address, sent = f"{self.url}/webhooks/turn/webhook", msgspec.json.encode(body)
        async with self._places, self._open().post(address, data=sent, headers=headers) as response:
            answered = await response.read()
            if response.status != 200:
                raise AssistantFailure("error", f"status {response.status}")
        try:
            turn = msgspec.json.decode(answered, type=Turn)
        except msgspec.DecodeError as error:
            raise AssistantFailure("error", f"malformed reply: {error}") from error
        if not turn.messages:
            raise AssistantFailure("empty", "no reply to the message")
        return turn

    async def ready(self) -> bool:
        """Whether the assistant is up with a model loaded."""
        try:
            async with self._open().get(
                f"{self.url}/webhooks/turn/", timeout=aiohttp.ClientTimeout(total=2)
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def wait_until_ready(self, seconds: float) -> bool:
        """Wait for a starting assistant; False when it isn't up in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if await self.ready():
                return True
            await asyncio.sleep(0.2)
        return False
