"""Rasa over HTTP: one turn in, replies and the next dialogue state out.

Whatever goes wrong on the way (no connection, too slow, an error, an empty reply) is one thing to the caller: an
AssistantFailure, after which the customer is told honestly. After a few failures in a row a bot's breaker opens, so
that a hanging one doesn't make every customer wait for the whole time-out. A turn holds no state of its own, so one
whose bot has died is run again by another.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import msgspec
import numpy as np
import structlog
from numpy.typing import NDArray

from desk.bots import Bot, Bots

log = structlog.get_logger()
AWAY: Final = frozenset({"unreachable", "not_ready"})
SLOW_SECONDS: Final = 2.0  # a failure that took longer, such as an action's time-out, kept others waiting
WARM_UP: Final = "warm-up"

Encode = Callable[[str], Awaitable[NDArray[np.float32]]]


class AssistantFailure(Exception):
    """The assistant gave no usable reply.

    `reason` is unreachable, timeout, resting, empty, encoder, malformed, or the code the bot refused the turn with.
    """

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
    warnings: list[str] = []  # what of the dialogue state or the slots this model doesn't know and left out


class _Refusal(msgspec.Struct):
    code: str = "error"
    message: str = ""


class _Refused(msgspec.Struct):
    error: _Refusal = msgspec.field(default_factory=_Refusal)


@dataclass
class Assistant:
    """The bot processes behind their addresses, separated by spaces; `encode` gives a text's query vector."""

    url: str
    token: str
    encode: Encode
    timeout_s: float = 8.0
    bots: Bots = field(init=False)
    _session: aiohttp.ClientSession | None = None
    _warned: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bots = Bots.at(self.url)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
                headers={"X-Sportello-Token": self.token, "Content-Type": "application/json"},
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
        body: dict[str, Any] = {
            "sender": thread_id,
            "message_id": message_id,
            "message": text,
            "chosen": chosen,
            "state": state,
            "slots": slots,
        }
        try:
            async with asyncio.timeout(self.timeout_s):
                if not chosen:
                    body["vector"] = await self._vector(text)
                return await self._with_a_sound_state(body)
        except TimeoutError as error:
            raise AssistantFailure("timeout", f"no reply within {self.timeout_s:g} s") from error

    async def _vector(self, text: str) -> str:
        try:
            vector = np.ascontiguousarray(await self.encode(text), dtype="<f4")
        except Exception as error:  # whatever the encoder raises; the type alone, as the text may quote the customer
            raise AssistantFailure("encoder", type(error).__name__) from error
        return base64.b64encode(vector.tobytes()).decode()

    async def _with_a_sound_state(self, body: dict[str, Any]) -> Turn:
        """A dialogue state the bot can't use would end every further turn of its conversation: begin without one."""
        try:
            return await self._by_any_bot(body)
        except AssistantFailure as failure:
            if failure.reason != "bad_state" or not body["state"]:
                raise
            log.error("dialogue_state_dropped", thread=body["sender"], detail=str(failure))
        return await self._by_any_bot({**body, "state": []})

    async def _by_any_bot(self, body: dict[str, Any]) -> Turn:
        sent = msgspec.json.encode(body)
        bot = self.bots.choose()
        if bot is None:
            raise AssistantFailure("resting", "too many failures in a row")
        try:
            return await self._by(bot, sent)
        except AssistantFailure as failure:
            other = self.bots.choose(but=bot)
            if failure.reason not in AWAY or other is None:
                raise
            log.warning("turn_moved", thread=body["sender"], detail=str(failure))
        return await self._by(other, sent)

    async def _by(self, bot: Bot, sent: bytes) -> Turn:
        """One turn by this bot, whose breaker learns how it went."""
        began = time.monotonic()
        bot.breaker.enter()
        try:
            async with bot.place():
                turn = await self._post(bot.url, sent)
        except AssistantFailure as failure:
            # a quick no is no reason to rest: one message that breaks something must not cost the others their turns
            if failure.reason in AWAY or time.monotonic() - began > SLOW_SECONDS:
                bot.breaker.failed()
            else:
                bot.breaker.worked()
            raise
        except asyncio.CancelledError:  # most often the time-out, which is the bot's
            bot.breaker.failed()
            raise
        bot.breaker.worked()
        return turn

    async def _post(self, url: str, sent: bytes) -> Turn:
        try:
            async with self._open().post(f"{url}/webhooks/turn/webhook", data=sent) as response:
                status, answered = response.status, await response.read()
        except aiohttp.ClientError as error:
            raise AssistantFailure("unreachable", type(error).__name__) from error
        if status != 200:
            raise _refused(status, answered)
        try:
            turn = msgspec.json.decode(answered, type=Turn)
        except msgspec.DecodeError as error:
            raise AssistantFailure("malformed", str(error)) from error
        if not turn.messages:
            raise AssistantFailure("empty", "no reply to the message")
        for unknown in set(turn.warnings) - self._warned:
            self._warned.add(unknown)
            log.warning("unknown_to_the_model", detail=unknown)
        return turn

    async def warm_up(self, seconds: float, slots: dict[str, Any]) -> None:
        """Have each bot run two turns nobody sees, so that the first customer finds everything loaded and connected.

        One understands a text, the other runs an action.
        """
        async with asyncio.TaskGroup() as group:
            for bot in self.bots.all:
                group.create_task(self._warm_up(bot, seconds, slots))

    async def _warm_up(self, bot: Bot, seconds: float, slots: dict[str, Any]) -> None:
        if not await self._wait_for(bot, seconds):
            return
        turn: dict[str, Any] = {"sender": WARM_UP, "message_id": WARM_UP, "state": [], "slots": slots}
        with contextlib.suppress(AssistantFailure):  # the first customer will meet it, and it will be in the log
            text = {"message": "ciao", "chosen": False, "vector": await self._vector("ciao")}
            for said in (text, {"message": "/none_of_these", "chosen": True}):
                await self._post(bot.url, msgspec.json.encode({**turn, **said}))

    async def ready(self) -> bool:
        """Whether a bot is up with a model loaded."""
        found = await asyncio.gather(*(self._ready(bot) for bot in self.bots.all))
        return any(found)

    async def _ready(self, bot: Bot) -> bool:
        limit = aiohttp.ClientTimeout(total=2)
        try:
            async with self._open().get(f"{bot.url}/webhooks/turn/", timeout=limit) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def wait_until_ready(self, seconds: float) -> bool:
        """Wait for starting bots; False when none is up in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if await self.ready():
                return True
            await asyncio.sleep(0.2)
        return False

    async def _wait_for(self, bot: Bot, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if await self._ready(bot):
                return True
            await asyncio.sleep(0.2)
        return False


def _refused(status: int, answered: bytes) -> AssistantFailure:
    """What the bot says is wrong; its own words quote no customer."""
    try:
        refused = msgspec.json.decode(answered, type=_Refused).error
    except msgspec.DecodeError:
        refused = _Refusal()
    return AssistantFailure(refused.code, f"status {status} {refused.message}".strip())
