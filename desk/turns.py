"""The assistant's turns: one at a time per conversation, each ended in one transaction.

A turn is two waits for the store (the customer's message before, everything that follows from it after) and one for
the assistant. A reply that was computed while somebody else took over is dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from desk import clock, frames, turn
from desk.announce import Announcer
from desk.assistant import Assistant, AssistantFailure, Turn
from desk.brand import Brand
from desk.gist import gist
from desk.hours import Hours
from desk.live import Live
from desk.mentions import References
from desk.store import threads
from desk.store.database import Database
from desk.store.threads import Message, Thread
from desk.survey import Shares

log = structlog.get_logger()
STARTING_SECONDS: Final = 90.0
TYPING_AFTER_S: Final = 0.3


@dataclass(frozen=True)
class Owed:
    """A message the assistant owes a reply to, the conversation as it stood, and what the actions need of the desk."""

    message: Message
    thread: Thread
    slots: dict[str, Any]


@dataclass
class Turns:
    """Runs the turns of this process."""

    database: Database
    assistant: Assistant
    live: Live
    announce: Announcer
    hours: Hours
    brand: Brand
    references: References = References((), {})
    shares: Shares = Shares()
    now: clock.Clock = clock.now
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _again: set[str] = field(default_factory=set)
    _ahead: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, thread_id: str, owed: Owed | None = None) -> None:
        """Answer what is owed in a conversation; while a turn runs there, after it."""
        if thread_id in self._running:
            self._again.add(thread_id)
        else:
            self._running[thread_id] = asyncio.create_task(self._run(thread_id, owed))

    def expect(self, text: str) -> None:
        """A turn for this text is likely to follow: encode it while the message is being stored."""
        task = asyncio.create_task(self._encode_ahead(text))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _encode_ahead(self, text: str) -> None:
        with contextlib.suppress(Exception):  # the turn itself will meet the failure, and say so
            await self.assistant.encode(text)

    async def recover(self) -> None:
        """At start: answer, or apologise for, every stored customer message that got no reply."""
        owed = await self.database.read(threads.threads_owed)
        if owed:
            await self.assistant.wait_until_ready(STARTING_SECONDS)
            log.info("recovering_turns", threads=len(owed))
        for thread_id in owed:
            self.begin(thread_id)

    async def finish(self, thread_id: str) -> None:
        """Wait for the turn that runs in this conversation, if one does."""
        if thread_id in self._running:
            await asyncio.wait([self._running[thread_id]], timeout=self.assistant.timeout_s)

    async def settle(self) -> None:
        """Let running turns end; what doesn't in time is answered at the next start."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=self.assistant.timeout_s)

    def owe(self, conn: Connection, thread: Thread, message: Message, at: datetime) -> Owed:
        """What a turn for this message starts from."""
        slots = {
            "language": thread.language,
            "brand": self.brand.name,
            "desk_open": self.hours.is_open(at),
            "agents_available": self.live.agents_present(),
            "queue_length": threads.queue_length(conn),
            "reopens_at": self.hours.say(self.hours.reopens(at), thread.language),
            "callback_by": self.hours.say(self.hours.callback_due(at), thread.language),
            "order_known": "order" in thread.facts,
            "reference": self.references.order(message.text) if message.choice is None else None,
            "only_reference": message.choice is None and self.references.only(message.text),
        }
        return Owed(message, thread, slots)

    async def _run(self, thread_id: str, owed: Owed | None) -> None:
        try:
            if owed is not None:
                await self._answer(owed)
            if owed is None or thread_id in self._again:
                await self._answer_all(thread_id)
        except Exception:
            log.exception("turn_crashed", thread=thread_id)
            await self._give_up(thread_id)
        del self._running[thread_id]
        if thread_id in self._again:
            self._again.discard(thread_id)
            self.begin(thread_id)

    async def _answer_all(self, thread_id: str) -> None:
        """Answer what the store says is owed, to the last message."""
        while True:
            self._again.discard(thread_id)  # whoever asked until now has stored a message, which will be found
            owed = await self.database.read(lambda conn: self._next(conn, thread_id))
            if owed is None:
                return
            await self._answer(owed)

    async def _give_up(self, thread_id: str) -> None:
        """A turn that breaks on our side is one the customer is told about; it isn't tried for ever."""

        def apologise(conn: Connection) -> turn.Outcome | None:
            thread = threads.load(conn, thread_id)
            message = threads.next_pending(conn, thread_id)
            if message is None or not threads.settle(conn, message, "failed") or thread.holder != "assistant":
                return None
            outcome = turn.apologise(thread, self.now())
            threads.save(conn, thread)
            return outcome

        try:
            outcome = await self.database.write(apologise)
        except Exception:
            log.exception("apology_failed", thread=thread_id)  # the next start tries again
            return
        if outcome is not None:
            self.announce.said(thread_id, *outcome.messages)

    def _next(self, conn: Connection, thread_id: str) -> Owed | None:
        message = threads.next_pending(conn, thread_id)
        return None if message is None else self.owe(conn, threads.get(conn, thread_id), message, self.now())

    async def _answer(self, owed: Owed) -> None:
        """Run one turn."""
        thread, message = owed.thread, owed.message
        # most replies are there sooner than an eye could see that one is being written
        soon = asyncio.get_running_loop().call_later(
            TYPING_AFTER_S, self.live.publish, thread.id, frames.typing("assistant")
        )
        reply: Turn | None = None
        chosen = message.choice or gist(message.text)
        try:
            reply = await self.assistant.reply(
                thread.id,
                f"{thread.id}:{message.seq}",
                chosen or message.text,
                chosen=chosen is not None,
                state=thread.state,
                slots=owed.slots,
            )
        except AssistantFailure as failure:
            log.warning("turn_failed", thread=thread.id, reason=failure.reason, detail=str(failure))
        finally:
            soon.cancel()
        outcome = await self.database.write(lambda conn: self._finish(conn, owed, reply))
        if outcome is not None:
            await self._announce(thread, outcome)

    def _finish(self, conn: Connection, owed: Owed, reply: Turn | None) -> turn.Outcome | None:
        """End the turn in one transaction. No outcome when the reply came too late to be anybody's."""
        at, message = self.now(), owed.message
        thread = threads.load(conn, message.thread_id)
        late = thread.epoch != owed.thread.epoch or thread.holder != "assistant"
        settled = threads.settle(conn, message, "dropped" if late else "done" if reply else "failed")
        if late or not settled:
            return None
        outcome = self._outcome(conn, thread, message, reply, at)
        if outcome.handoff:
            turn.hand_off(thread, outcome.handoff, at)
        elif outcome.closed:
            thread.record(at, {"type": "closed", "by": "customer"})
            thread.hand_to("nobody")
        threads.save(conn, thread)
        return outcome

    def _outcome(
        self, conn: Connection, thread: Thread, message: Message, reply: Turn | None, at: datetime
    ) -> turn.Outcome:
        if reply is not None:
            return turn.apply(conn, thread, reply, at, self.hours.callback_due(at), self.shares)
        if message.choice != turn.REQUEST_PERSON:
            return turn.apologise(thread, at)
        # asking for a person must work without the assistant too
        key = "queued" if self.hours.is_open(at) else "queued_closed"
        reopens = self.hours.say(self.hours.reopens(at), thread.language)
        return turn.Outcome([turn.system_line(thread, at, key, reopens=reopens)], handoff="customer_request")

    async def _announce(self, thread: Thread, outcome: turn.Outcome) -> None:
        self.announce.said(thread.id, *outcome.messages)
        self.announce.asked(thread.id, thread.language, outcome.survey)
        if outcome.closed and not outcome.handoff:
            self.announce.held(thread.id, "nobody")
        if outcome.handoff or outcome.ticket:
            await self.announce.queue()
