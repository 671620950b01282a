"""What a turn costs early and late in one conversation."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import aiohttp

from bench.turns.product import WidgetCustomer

LENGTHS: Final = (1, 20, 100, 400)
WITHOUT_END: Final = 10_000


@dataclass(frozen=True)
class Length:
    """Seconds of the turns from this one on, their median and how many were measured."""

    turn: int
    p50: float
    n: int


class LongCustomer(WidgetCustomer):
    """A customer whose conversation goes on; one who is passed to people leaves the queue and asks again."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        super().__init__(http, url, WITHOUT_END)

    async def prepare(self) -> None:
        if self._left_to_people and self._socket is not None:
            await self._send({"type": "leave_queue"})
            while (await self._receive()).get("holder") != "assistant":
                pass
            self._left_to_people = False
        await super().prepare()


async def measure(url: str, texts: Iterator[str], repeats: int, say: Callable[[str], None]) -> list[Length]:
    """Conversations that have come this far take turns, one turn at a time, so that all see the same weather.

    `repeats` turns are measured from each length on; for the first turn that is as many new conversations.
    """
    async with aiohttp.ClientSession() as http:
        going = {length: LongCustomer(http, url) for length in LENGTHS[1:]}
        for length, customer in going.items():
            say(f"a conversation of {length} turns")
            for _ in range(length - 1):
                await _turn(customer, next(texts))
        seconds: dict[int, list[float]] = {length: [] for length in LENGTHS}
        for _ in range(repeats):
            for length in LENGTHS:
                customer = going.get(length) or LongCustomer(http, url)
                seconds[length].append(await _turn(customer, next(texts)))
                if length not in going:
                    await customer.close()
        for customer in going.values():
            await customer.close()
    return [Length(length, statistics.median(of), len(of)) for length, of in seconds.items()]


async def _turn(customer: LongCustomer, text: str) -> float:
    await customer.prepare()
    began = time.perf_counter()
    await customer.ask(text)
    return time.perf_counter() - began
