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
CONVERSATIONS: Final = 9  # of each length; some are in the middle of leaving a message, which takes longer
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

    `repeats` turns are measured from each length on, in each of a few conversations, since one may be in the middle of
    leaving a message; for the first turn in as many new conversations. The middle conversation counts.
    """
    async with aiohttp.ClientSession() as http:
        going = {(length, one): LongCustomer(http, url) for length in LENGTHS[1:] for one in range(CONVERSATIONS)}
        say(f"{CONVERSATIONS} conversations each of {', '.join(map(str, LENGTHS[1:]))} turns")
        for left in range(LENGTHS[-1] - 1, 0, -1):  # all arrive together: one that waits for long is hung up on
            for (length, _), customer in going.items():
                if left < length:
                    await _turn(customer, next(texts))
        asked = [(length, one) for length in LENGTHS for one in range(CONVERSATIONS)]
        seconds: dict[tuple[int, int], list[float]] = {each: [] for each in asked}
        for number in range(repeats):
            first = number % len(asked)  # whoever comes after a new conversation meets what that leaves to do
            for each in (*asked[first:], *asked[:first]):
                customer = going.get(each) or LongCustomer(http, url)
                seconds[each].append(await _turn(customer, next(texts)))
                if each not in going:
                    await customer.close()
        for customer in going.values():
            await customer.close()
    middle = {each: statistics.median(of) for each, of in seconds.items()}
    return [
        Length(length, statistics.median(middle[length, one] for one in range(CONVERSATIONS)), repeats * CONVERSATIONS)
        for length in LENGTHS
    ]


async def _turn(customer: LongCustomer, text: str) -> float:
    await customer.prepare()
    began = time.perf_counter()
    await customer.ask(text)
    return time.perf_counter() - began
