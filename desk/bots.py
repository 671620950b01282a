"""The bot processes: which of them takes the next turn. Any can, because none holds a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from desk.breaker import Breaker

AT_ONCE: Final = 8  # turns in one bot's hands; it works on one at a time, and more only make all of them slower


@dataclass
class Bot:
    """One bot process; `turns` counts those it works on and those that wait for it."""

    url: str
    breaker: Breaker = field(default_factory=Breaker)
    turns: int = 0
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place among the turns this bot works on at once."""
        self.turns += 1
        try:
            async with self._places:
                yield
        finally:
            self.turns -= 1


@dataclass
class Bots:
    """All bot processes of this desk."""

    all: Sequence[Bot]

    @classmethod
    def at(cls, addresses: str) -> Bots:
        """The bots at these addresses, separated by spaces."""
        return cls([Bot(url) for url in addresses.split()])

    def choose(self, but: Bot | None = None) -> Bot | None:
        """The least busy of those that aren't resting, `but` left out; None when there is none.

        One that has rested comes before the others, since only a turn shows that it is well again.
        """
        able = [bot for bot in self.all if bot is not but and not bot.breaker.open()]
        return min(able, key=lambda bot: (bot.breaker.failures == 0, bot.turns), default=None)
