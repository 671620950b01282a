"""Who is connected, and pushing to them. In process: a subscriber gets what is published while it listens.

Nothing relies on a push arriving: every frame about a message carries its number, and a listener that missed one
reads it from the store.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

Frame = dict[str, Any]
DESK: Final = "desk"  # the topic of everybody who watches the queue
BACKLOG: Final = 200


class Lagging(Exception):
    """The listener didn't keep up and was cut off; it reconnects and reads what it missed from the store."""


class Subscription:
    """One connection's inbox, over any number of topics."""

    def __init__(self) -> None:
        self._inbox: asyncio.Queue[Frame | None] = asyncio.Queue(BACKLOG)
        self.topics: set[str] = set()

    def offer(self, frame: Frame) -> None:
        try:
            self._inbox.put_nowait(frame)
        except asyncio.QueueFull:
            # make room for the end mark: the listener is cut off rather than kept on stale news
            while not self._inbox.empty():
                self._inbox.get_nowait()
            self._inbox.put_nowait(None)

    async def next(self) -> Frame:
        """The next frame. Raises Lagging."""
        frame = await self._inbox.get()
        if frame is None:
            raise Lagging
        return frame


class Live:
    """Topics and their listeners in this process, and which agents are present."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Subscription]] = defaultdict(set)
        self._present: dict[str, int] = defaultdict(int)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Subscription]:
        """A subscription for as long as the block lasts."""
        one = Subscription()
        for topic in topics:
            self.join(one, topic)
        try:
            yield one
        finally:
            for topic in list(one.topics):
                self.leave(one, topic)

    def join(self, one: Subscription, topic: str) -> None:
        one.topics.add(topic)
        self._listeners[topic].add(one)

    def leave(self, one: Subscription, topic: str) -> None:
        one.topics.discard(topic)
        self._listeners[topic].discard(one)
        if not self._listeners[topic]:
            del self._listeners[topic]

    def publish(self, topic: str, frame: Frame) -> None:
        for one in tuple(self._listeners.get(topic, ())):
            one.offer(frame)

    @contextmanager
    def present(self, agent_id: str) -> Iterator[None]:
        """The agent is at the desk for as long as the block lasts."""
        self._present[agent_id] += 1
        try:
            yield
        finally:
            self._present[agent_id] -= 1
            if not self._present[agent_id]:
                del self._present[agent_id]

    def agents_present(self) -> int:
        return len(self._present)
