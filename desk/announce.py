"""Telling whoever is connected what has just been stored. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from desk import frames, survey
from desk.live import DESK, Live
from desk.store import threads
from desk.store.database import Database
from desk.store.threads import Message


@dataclass
class Announcer:
    """Pushes to the customer's tabs and to the agents at the desk."""

    database: Database
    live: Live
    brand: str

    def said(self, thread_id: str, *messages: Message) -> None:
        for message in messages:
            self.live.publish(thread_id, frames.message(message))

    def held(self, thread_id: str, holder: str, name: str | None = None) -> None:
        self.live.publish(thread_id, frames.holder(holder, name))

    def typing(self, thread_id: str, who: str) -> None:
        self.live.publish(thread_id, frames.typing(who))

    def read(self, thread_id: str, seq: int) -> None:
        self.live.publish(thread_id, {"type": "read", "seq": seq})

    def asked(self, thread_id: str, language: str, items: list[str]) -> None:
        if items:
            self.live.publish(thread_id, survey.frame(language, items, self.brand))

    def desk(self, what: str, thread_id: str) -> None:
        """Agents watching the queue learn that this conversation has changed."""
        self.live.publish(DESK, {"type": what, "thread": thread_id})

    async def queue(self) -> None:
        """Everybody waiting learns their place, and every agent that the queue is different."""
        waiting = await self.database.read(lambda conn: threads.held_by(conn, ["queue"]))
        for place, thread in enumerate(waiting, start=1):
            self.live.publish(thread.id, frames.holder("queue", position=place))
        self.live.publish(DESK, {"type": "queue", "length": len(waiting)})
