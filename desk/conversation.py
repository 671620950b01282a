"""The one service: what customers, the assistant and agents can do to a conversation.

Everything a customer says is stored before anything else happens. One turn at a time runs in a conversation; a reply
that was computed while somebody else took over is dropped.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from desk import clock, frames, survey, turn
from desk.announce import Announcer
from desk.assistant import Assistant, AssistantFailure, Turn
from desk.brand import Brand
from desk.errors import BadRequest
from desk.hours import Hours
from desk.live import Live
from desk.store import threads
from desk.store.database import Database
from desk.store.threads import Message, Thread
from knowledge import language

log = structlog.get_logger()
QUIET: Final = timedelta(hours=24)  # after this much silence the next word begins a new contact
STARTING_SECONDS: Final = 90.0


@dataclass(frozen=True)
class Stored:
    """A customer's message on disk: new or known already, who holds the conversation, whether it was closed before."""

    message: Message
    fresh: bool
    holder: str = ""
    reopened: bool = False


@dataclass
class Conversations:
    """Conversations of one desk, over its store, its assistant and whoever is connected."""

    database: Database
    assistant: Assistant
    live: Live
    announce: Announcer
    hours: Hours
    brand: Brand
    now: clock.Clock = clock.now
    _turns: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    # -- what the customer does

    async def receive(self, thread_id: str, client_id: str, text: str) -> Message:
        """Store what the customer wrote, then have it answered. A repeated client id is stored once."""
        return await self._receive(thread_id, client_id, text, None)

    async def choose(self, thread_id: str, client_id: str, value: str) -> Message:
        """A quick reply counts as the customer's words. Raises BadRequest when it was not on offer."""
        offered = await self.database.read(lambda conn: _offered(conn, thread_id))
        if value not in offered:
            repeated = await self.database.read(lambda conn: threads.by_client_id(conn, thread_id, client_id))
            if repeated is not None:
                return repeated
            raise BadRequest("that choice was not offered", code="unknown_choice", field="value")
        return await self._receive(thread_id, client_id, offered[value], value)

    async def _receive(self, thread_id: str, client_id: str, text: str, choice: str | None) -> Message:
        stored = await self.database.write(lambda conn: self._store(conn, thread_id, client_id, text, choice))
        message = stored.message
        if stored.fresh:
            self.announce.said(thread_id, message)
            if stored.reopened:
                self.announce.held(thread_id, "assistant")
            if stored.holder != "assistant":
                self.announce.desk("message", thread_id)
        if message.turn == "pending":
            self._begin_turns(thread_id)
        return message

    def _store(self, conn: Connection, thread_id: str, client_id: str, text: str, choice: str | None) -> Stored:
        repeated = threads.by_client_id(conn, thread_id, client_id)
        if repeated is not None:
            return Stored(repeated, fresh=False)
        at = self.now()
        thread = threads.load(conn, thread_id)
        reopened = thread.holder == "nobody"
        self._begin_contact(thread, at)
        if thread.facts.get("survey"):
            thread.facts["survey_passed"] = True  # still taken when answered, not put before the customer again
        if choice is None:
            thread.language = language.detect(text, thread.language, self.brand.languages)
        owed = "pending" if thread.holder == "assistant" else None
        message = thread.say(at, "customer", text, client_id=client_id, choice=choice, turn=owed)
        thread.record(at, {"type": "message.customer", "text": text})
        threads.save(conn, thread)
        return Stored(message, fresh=True, holder=thread.holder, reopened=reopened)

    def _begin_contact(self, thread: Thread, at: datetime) -> None:
        """The first word, or the first after a close or a day of silence, starts a contact with the assistant."""
        if thread.event_seq == 0:
            thread.record(at, self._started(thread))
        if thread.holder == "nobody":
            thread.hand_to("assistant")
            thread.survey, thread.facts, thread.state = "none", {}, []
        elif thread.holder == "assistant" and at - thread.last_at >= QUIET:
            thread.survey, thread.facts = "none", {}

    def _started(self, thread: Thread) -> dict[str, Any]:
        return {
            "type": "conversation.started",
            "customer_key": thread.customer_key,
            "key_strength": thread.key_strength,
            "channel": "chat",
            "touchpoint_type": "chat",
            "environment": "digital",
            "entry_page": thread.page,
            "language": thread.locale,
        }

    async def answer(self, thread_id: str, item: str, value: Any) -> None:
        """An answer to a survey question; the first answer to each is the one that counts."""
        event = survey.event(item, value)

        def store(conn: Connection) -> None:
            thread = threads.load(conn, thread_id)
            if item not in thread.facts.get("survey", []):
                raise BadRequest("that question was not asked", code="unknown_item", field="item")
            thread.record(self.now(), event)
            thread.facts["survey"] = [asked for asked in thread.facts["survey"] if asked != item]
            if not thread.facts["survey"]:
                thread.survey = "answered"
            threads.save(conn, thread)

        await self.database.write(store)

    async def leave_queue(self, thread_id: str) -> None:
        """The customer stops waiting; the assistant answers again."""

        def leave(conn: Connection) -> Message | None:
            at = self.now()
            thread = threads.load(conn, thread_id)
            if thread.holder != "queue":
                return None
            thread.record(at, {"type": "handoff.left"})
            thread.hand_to("assistant")
            said = turn.system_line(thread, at, "left_queue")
            threads.save(conn, thread)
            return said

        said = await self.database.write(leave)
        if said is not None:
            self.announce.said(thread_id, said)
            self.announce.held(thread_id, "assistant")
            await self.announce.queue()

    async def end(self, thread_id: str) -> None:
        """The customer ends the chat. How it went is asked once, when there was something to judge."""

        def close(conn: Connection) -> tuple[Message | None, list[str], str]:
            at = self.now()
            thread = threads.load(conn, thread_id)
            if thread.holder == "nobody" or thread.message_seq == 0:
                return None, [], thread.language
            asked: list[str] = []
            thread.record(at, {"type": "customer.left"})
            if thread.survey == "none" and "answer_seq" in thread.facts:
                asked = turn.offer_survey(thread, at, survey.AFTER_AN_AGENT)
            thread.record(at, {"type": "closed", "by": "customer"})
            thread.hand_to("nobody")
            said = turn.system_line(thread, at, "ended")
            threads.save(conn, thread)
            return said, asked, thread.language

        said, asked, spoken = await self.database.write(close)
        if said is not None:
            self.announce.said(thread_id, said)
            self.announce.held(thread_id, "nobody")
            self.announce.asked(thread_id, spoken, asked)
            await self.announce.queue()

    # -- the assistant's turn

    def _begin_turns(self, thread_id: str) -> None:
        running = self._turns.get(thread_id)
        if running is None or running.done():
            self._turns[thread_id] = asyncio.create_task(self._run_turns(thread_id))

    async def _run_turns(self, thread_id: str) -> None:
        """Answer what is owed in this conversation, one message after the other."""
        try:
            while owed := await self.database.read(lambda conn: threads.next_pending(conn, thread_id)):
                await self._answer_one(owed)
        except Exception:
            # the message stays owed: the customer's next word or the next start tries again
            log.exception("turn_crashed", thread=thread_id)
            self._turns.pop(thread_id, None)
            return
        self._turns.pop(thread_id, None)
        # a message stored between the last look and the line above would otherwise wait for the next one
        if await self.database.read(lambda conn: threads.next_pending(conn, thread_id)):
            self._begin_turns(thread_id)

    async def _answer_one(self, owed: Message) -> None:
        self.live.publish(owed.thread_id, frames.typing("assistant"))
        thread, slots = await self.database.read(lambda conn: self._situation(conn, owed.thread_id))
        reply: Turn | None = None
        try:
            reply = await self.assistant.reply(
                thread.id,
                f"{thread.id}:{owed.seq}",
                owed.choice or owed.text,
                chosen=owed.choice is not None,
                state=thread.state,
                slots=slots,
            )
        except AssistantFailure as failure:
            log.warning("turn_failed", thread=thread.id, reason=failure.reason, detail=str(failure))
        outcome = await self.database.write(lambda conn: self._finish(conn, owed, thread.epoch, reply))
        if outcome is not None:
            await self._announce(owed.thread_id, outcome)

    def _situation(self, conn: Connection, thread_id: str) -> tuple[Thread, dict[str, Any]]:
        """The thread, and what the actions need to know of the desk, as slots."""
        thread = threads.get(conn, thread_id)
        at = self.now()
        return thread, {
            "language": thread.language,
            "brand": self.brand.name,
            "desk_open": self.hours.is_open(at),
            "agents_available": self.live.agents_present(),
            "queue_length": threads.queue_length(conn),
            "reopens_at": self.hours.say(self.hours.reopens(at), thread.language),
            "callback_by": self.hours.say(self.hours.callback_due(at), thread.language),
        }

    def _finish(self, conn: Connection, owed: Message, epoch: int, reply: Turn | None) -> turn.Outcome | None:
        """End the turn in one transaction. None when the reply came too late to be anybody's."""
        at = self.now()
        thread = threads.load(conn, owed.thread_id)
        late = thread.epoch != epoch or thread.holder != "assistant"
        if not threads.settle(conn, owed, "dropped" if late else "done" if reply else "failed") or late:
            return None
        if reply is not None:
            outcome = turn.apply(conn, thread, reply, at, self.hours.callback_due(at))
        elif owed.choice == turn.REQUEST_PERSON:
            # asking for a person must work without the assistant too
            key = "queued" if self.hours.is_open(at) else "queued_closed"
            reopens = self.hours.say(self.hours.reopens(at), thread.language)
            outcome = turn.Outcome([turn.system_line(thread, at, key, reopens=reopens)], handoff="customer_request")
        else:
            outcome = turn.apologise(thread, at)
        if outcome.handoff:
            turn.hand_off(thread, outcome.handoff, at)
        elif outcome.closed:
            thread.record(at, {"type": "closed", "by": "customer"})
            thread.hand_to("nobody")
        threads.save(conn, thread)
        return outcome

    async def _announce(self, thread_id: str, outcome: turn.Outcome) -> None:
        self.announce.said(thread_id, *outcome.messages)
        if outcome.survey:
            spoken = await self.database.read(lambda conn: threads.get(conn, thread_id).language)
            self.announce.asked(thread_id, spoken, outcome.survey)
        if outcome.closed and not outcome.handoff:
            self.announce.held(thread_id, "nobody")
        if outcome.handoff or outcome.ticket:
            await self.announce.queue()

    async def answer_owed(self) -> None:
        """At start: answer, or apologise for, every stored customer message that got no reply."""
        owed = await self.database.read(threads.threads_owed)
        if owed:
            await self.assistant.wait_until_ready(STARTING_SECONDS)
            log.info("recovering_turns", threads=len(owed))
        for thread_id in owed:
            self._begin_turns(thread_id)

    async def settle_turns(self) -> None:
        """Before a stop: let running turns end; what doesn't is answered at the next start."""
        if self._turns:
            await asyncio.wait(list(self._turns.values()), timeout=self.assistant.timeout_s)


def _offered(conn: Connection, thread_id: str) -> dict[str, str]:
    """Choices on offer: those of the latest messages that carried any, value to title."""
    offered: dict[str, str] = {}
    for said in threads.messages_after(conn, thread_id, 0, limit=50):
        offered.update({choice["value"]: choice["title"] for choice in said.extras.get("choices", [])})
    return offered
