"""What a customer can do to a conversation: write, choose, answer, leave the queue, end.

Everything a customer says is stored before anything else happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from desk import clock, mentions, payment_cards, survey, turn
from desk.announce import Announcer
from desk.brand import Brand
from desk.errors import BadRequest, NotSignedIn
from desk.store import threads
from desk.store.database import Database
from desk.store.erasure import ERASED
from desk.store.threads import Message, Thread
from desk.tongue import spoken
from desk.turns import Owed, Turns

LEAVE_MESSAGE: Final = "/leave_message"
QUIET: Final = timedelta(hours=24)  # after this much silence the next word begins a new contact


@dataclass(frozen=True)
class Stored:
    """A customer's message on disk: new or known already, who holds the conversation, whether it was closed before.

    `owed` is what the assistant's turn starts from, when it is the assistant's turn.
    """

    message: Message
    fresh: bool
    holder: str = ""
    reopened: bool = False
    owed: Owed | None = None
    notice: Message | None = None
    left_queue: bool = False


@dataclass
class Conversations:
    """The customer's side of the counter."""

    database: Database
    turns: Turns
    announce: Announcer
    brand: Brand
    shares: survey.Shares = survey.Shares()
    now: clock.Clock = clock.now

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
        if choice is None:
            self.turns.expect(text)
        stored = await self.database.write(lambda conn: self._store(conn, thread_id, client_id, text, choice))
        message = stored.message
        if stored.fresh:
            self.announce.said(thread_id, message, *([stored.notice] if stored.notice else []))
            if stored.reopened or stored.left_queue:
                self.announce.held(thread_id, "assistant")
            if stored.left_queue:
                await self.announce.queue()
            if stored.holder != "assistant":
                self.announce.desk("message", thread_id)
        if message.turn == "pending":
            self.turns.begin(thread_id, stored.owed)
        return message

    def _store(self, conn: Connection, thread_id: str, client_id: str, text: str, choice: str | None) -> Stored:
        thread = _open(conn, thread_id)  # locked before the look, so that two copies of a message meet here
        repeated, others_owed = threads.sent_or_owed(conn, thread_id, client_id)
        if repeated is not None:
            return Stored(repeated, fresh=False)
        at = self.now()
        reopened = thread.holder == "nobody"
        self._begin_contact(thread, at)
        left_queue = choice == LEAVE_MESSAGE and thread.holder == "queue"
        if left_queue:  # instead of waiting; what is left is for the same people, so nothing was given up
            thread.hand_to("assistant")
            thread.facts["asked_person"] = True
        if thread.facts.get("survey"):
            thread.facts["survey_passed"] = True  # still taken when answered, not put before the customer again
        hidden = False
        if choice is None:
            text, hidden = payment_cards.mask(text)
            thread.language = spoken(text, thread.language, self.brand.languages, thread.facts)
            mentions.note(thread.facts, self.turns.references, text)
        owed = "pending" if thread.holder == "assistant" else None
        message = thread.say(at, "customer", text, client_id=client_id, choice=choice, turn=owed)
        thread.record(at, {"type": "message.customer", "text": text})
        notice = turn.system_line(thread, at, "card_hidden") if hidden else None
        threads.save(conn, thread)
        # an older message that is still owed goes first, and this one's turn starts from what that leaves behind
        due = self.turns.owe(conn, thread, message, at) if owed and not others_owed else None
        return Stored(message, True, thread.holder, reopened, due, notice, left_queue)

    def _begin_contact(self, thread: Thread, at: datetime) -> None:
        """The first word, or the first after a close or a day of silence, starts a contact with the assistant."""
        if thread.event_seq == 0:
            thread.record(at, self._started(thread))
        closed = thread.holder == "nobody"
        if closed or (thread.holder == "assistant" and at - thread.last_at >= QUIET):
            # what was offered or asked in the contact before is no longer on the table
            thread.survey, thread.state, thread.facts = "none", [], {"begins": thread.message_seq + 1}
        if closed:
            thread.hand_to("assistant")

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
            thread = _open(conn, thread_id)
            if item in thread.facts.get("answered", []):
                return  # said before and acknowledged, the acknowledgement lost
            if item not in thread.facts.get("survey", []):
                raise BadRequest("that question was not asked", code="unknown_item", field="item")
            thread.record(self.now(), event)
            thread.facts["survey"] = [asked for asked in thread.facts["survey"] if asked != item]
            thread.facts["answered"] = [*thread.facts.get("answered", []), item]
            if not thread.facts["survey"]:
                thread.survey = "answered"
            threads.save(conn, thread)

        await self.database.write(store)

    async def leave_queue(self, thread_id: str) -> None:
        """The customer stops waiting; the assistant answers again."""

        def leave(conn: Connection) -> Message | None:
            at = self.now()
            thread = _open(conn, thread_id)
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
        await self.turns.finish(thread_id)  # a "yes" just given belongs to this contact

        def close(conn: Connection) -> tuple[Message | None, list[str], str]:
            at = self.now()
            thread = _open(conn, thread_id)
            if thread.holder == "nobody" or thread.message_seq == 0:
                return None, [], thread.language
            asked: list[str] = []
            if not thread.facts.get("message_left"):  # who left a message hasn't gone from it: an answer is owed
                thread.record(at, {"type": "customer.left"})
            if thread.survey == "none" and (items := _left_to_ask(thread)):
                asked = turn.offer_survey(thread, at, items, self.shares)
            thread.record(at, {"type": "closed", "by": "customer"})
            thread.hand_to("nobody", thread.agent_id)  # whose wrap-up is still to come
            said = turn.system_line(thread, at, "ended")
            threads.save(conn, thread)
            return said, asked, thread.language

        said, asked, spoken = await self.database.write(close)
        if said is not None:
            self.announce.said(thread_id, said)
            self.announce.held(thread_id, "nobody")
            self.announce.asked(thread_id, spoken, asked)
            await self.announce.queue()


def _left_to_ask(thread: Thread) -> tuple[str, ...]:
    """What may be asked of somebody who leaves: nothing before there was something to judge, nothing twice."""
    if thread.facts.get("agent_answered") or "answer_seq" in thread.facts:
        return survey.AFTER_AN_AGENT
    return survey.AFTER_THE_ASSISTANT if "judged" in thread.facts else ()


def _offered(conn: Connection, thread_id: str) -> dict[str, str]:
    """Choices on offer in this contact, value to title."""
    offered: dict[str, str] = {}
    begins = threads.get(conn, thread_id).facts.get("begins", 1)
    for said in threads.messages_after(conn, thread_id, begins - 1, limit=50):
        offered.update({choice["value"]: choice["title"] for choice in said.extras.get("choices", [])})
    return offered


def _open(conn: Connection, thread_id: str) -> Thread:
    """The conversation, to be changed. Raises NotSignedIn when its customer has been erased meanwhile."""
    thread = threads.load(conn, thread_id)
    if thread.customer_key.startswith(ERASED):
        raise NotSignedIn("this conversation is no more", code="unknown_session")
    return thread
