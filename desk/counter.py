"""The agents' side of the counter: take a conversation, answer, give it back to the assistant, wrap it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from sqlalchemy import Connection

from desk import clock, survey, turn
from desk.announce import Announcer
from desk.errors import BadRequest, Conflict, NotFound
from desk.store import accounts, threads, tickets
from desk.store.accounts import Agent
from desk.store.database import Database
from desk.store.threads import Message, Thread
from desk.wire import clean
from touchpoints import vocabulary as v
from touchpoints.configuration import Configuration

LONGEST_REPLY: Final = 8000
Seconds = Annotated[float, msgspec.Meta(ge=0, le=7 * 86_400)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class WrapUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the agent knows at the end of a contact; whatever is left out stays unknown. Times are seconds."""

    active_s: Seconds | None = None
    wrap_s: Seconds | None = None
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    reason: Word | None = None
    journey_stage: v.Stage | None = None
    service_kind: v.ServiceKind | None = None
    entity_ref: Word | None = None
    cause_area: v.Area | None = None
    cause_stage: v.Stage | None = None
    cause_certainty: v.Certainty | None = None
    demand_type: v.Demand | None = None
    resolution: v.Answer | None = None
    tags: Annotated[list[Word], msgspec.Meta(max_length=20)] = []


@dataclass
class Counter:
    """What a signed-in agent can do to a conversation."""

    database: Database
    announce: Announcer
    configuration: Configuration
    shares: survey.Shares = survey.Shares()
    now: clock.Clock = clock.now

    async def take(self, thread_id: str, agent: Agent) -> None:
        """Hold this conversation from now on. Raises NotFound, or Conflict when a colleague holds it."""

        def take(conn: Connection) -> Message | None:
            at = self.now()
            thread = _load(conn, thread_id)
            if thread.holder == "agent" and thread.agent_id == agent.id:
                return None
            if thread.holder == "agent":
                name = accounts.names(conn).get(thread.agent_id or "", "")
                raise Conflict(f"{name} has taken this conversation", code="taken")
            thread.hand_to("agent", agent.id)
            thread.record(at, {"type": "handoff.taken", "agent": agent.id})
            # what the customer had just written is the agent's to answer now
            said = turn.system_line(thread, at, "agent_joined", name=agent.name)
            accounts.note(conn, at, agent.name, "take", thread.id)
            threads.save(conn, thread)
            return said

        said = await self.database.write(take)
        if said is not None:
            self.announce.said(thread_id, said)
            self.announce.held(thread_id, "agent", agent.name)
            self.announce.desk("taken", thread_id)
            await self.announce.queue()

    async def reply(
        self, thread_id: str, agent: Agent, text: str, *, substantive: bool = True, client_id: str | None = None
    ) -> Message:
        """Say something to the customer; `substantive` when it answers the question rather than keeps it company."""
        text = clean(text, LONGEST_REPLY)

        def say(conn: Connection) -> tuple[Message, bool]:
            thread = _held(conn, thread_id, agent)
            repeated = threads.by_client_id(conn, thread_id, client_id) if client_id else None
            if repeated is not None:
                return repeated, False
            at = self.now()
            said = thread.say(at, "agent", text, name=agent.name, client_id=client_id)
            spoken = {"type": "message.agent", "text": said.text, "agent": agent.id, "substantive": substantive}
            thread.record(at, spoken)
            if substantive:
                thread.facts["agent_answered"] = True
            threads.save(conn, thread)
            return said, True

        said, fresh = await self.database.write(say)
        if fresh:
            self.announce.said(thread_id, said)
        return said

    async def return_to_bot(self, thread_id: str, agent: Agent) -> None:
        """The assistant answers again from the customer's next word on."""

        def give_back(conn: Connection) -> Message:
            at = self.now()
            thread = _held(conn, thread_id, agent)
            thread.record(at, {"type": "returned_to_bot"})
            thread.state = []  # a form or a question left open before a person came is not what comes next
            thread.hand_to("assistant")
            said = turn.system_line(thread, at, "returned", name=agent.name)
            threads.save(conn, thread)
            return said

        said = await self.database.write(give_back)
        self.announce.said(thread_id, said)
        self.announce.held(thread_id, "assistant")
        self.announce.desk("returned", thread_id)

    async def wrap_up(self, thread_id: str, agent: Agent, wrap_up: WrapUp) -> None:
        """End the contact: what the agent knows goes on record, tickets close, the customer is asked how it went."""

        if wrap_up.reason is not None and wrap_up.reason not in self.configuration.reasons:
            raise BadRequest("that reason is not in the configuration", code="invalid_value", field="reason")

        def close(conn: Connection) -> tuple[Message | None, list[str], str]:
            at = self.now()
            thread = _load(conn, thread_id)
            left = thread.holder == "nobody" and thread.agent_id == agent.id  # the customer closed it first
            if not left:
                thread = _held(conn, thread_id, agent)
            known = {key: value for key, value in msgspec.to_builtins(wrap_up).items() if value is not None}
            thread.record(at, {"type": "wrapped_up", "agent": agent.id, **known})
            for closed in tickets.close_of_thread(conn, thread.id, at):
                thread.record(at, {"type": "commitment.met", "id": closed.id})
            accounts.note(conn, at, agent.name, "wrap_up", thread.id)
            if left:
                thread.agent_id = None
                threads.save(conn, thread)
                return None, [], thread.language
            asked: list[str] = []
            if thread.survey == "none":
                asked = turn.offer_survey(thread, at, survey.AFTER_AN_AGENT, self.shares)
            thread.record(at, {"type": "closed", "by": "agent"})
            thread.hand_to("nobody")
            said = turn.system_line(thread, at, "resolved", name=agent.name)
            threads.save(conn, thread)
            return said, asked, thread.language

        said, asked, language = await self.database.write(close)
        if said is not None:
            self.announce.said(thread_id, said)
            self.announce.held(thread_id, "nobody")
            self.announce.asked(thread_id, language, asked)
        self.announce.desk("closed", thread_id)

    def typing(self, thread_id: str) -> None:
        self.announce.typing(thread_id, "agent")


def _load(conn: Connection, thread_id: str) -> Thread:
    try:
        return threads.load(conn, thread_id)
    except KeyError:
        raise NotFound("no such conversation") from None


def _held(conn: Connection, thread_id: str, agent: Agent) -> Thread:
    """The conversation, which this agent must be holding."""
    thread = _load(conn, thread_id)
    if thread.holder != "agent" or thread.agent_id != agent.id:
        raise Conflict("you do not hold this conversation; take it first", code="not_held")
    return thread
