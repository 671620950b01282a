"""The load: a number of customers, each sending the next text as soon as the last one was answered."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Customer(Protocol):
    """Somebody who asks and waits for the reply."""

    async def prepare(self) -> None:
        """Whatever must be there before the next question; not part of a turn's time."""

    async def ask(self, text: str) -> bool:
        """Send one text and wait for the reply. False when the reply was a failure."""

    async def close(self) -> None: ...


@dataclass
class Sample:
    """What a few seconds of load measured. `seconds` holds the time of each turn that ended in the window."""

    at_once: int
    window: float
    seconds: list[float] = field(default_factory=list)
    turns: int = 0  # all of them, those of the warm-up included
    failures: int = 0
    searched: int = 0  # turns whose reply was searched for, where the reply tells
    cpu: dict[str, float] = field(default_factory=dict)  # per turn, by process

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.seconds) / self.window

    def percentile(self, share: float) -> float:
        """Seconds within which that share of the turns ended."""
        if not self.seconds:
            return float("nan")
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("nan")

    @property
    def p95(self) -> float:
        return self.percentile(0.95)


async def run(customers: Sequence[Customer], texts: Iterator[str], window: float, warm_up: float) -> Sample:
    """Keep every customer asking for the warm-up and the window; turns that end in the window are counted."""
    sample = Sample(len(customers), window)
    for customer in customers:
        await customer.prepare()
    first = time.perf_counter() + warm_up
    last = first + window

    async def chat(customer: Customer) -> None:
        while time.perf_counter() < last:
            await customer.prepare()
            text = next(texts)
            began = time.perf_counter()
            answered = await customer.ask(text)
            ended = time.perf_counter()
            sample.turns += 1
            sample.failures += not answered
            if answered and first <= ended < last:
                sample.seconds.append(ended - began)

    try:
        await asyncio.gather(*(chat(customer) for customer in customers))
    finally:
        await asyncio.gather(*(customer.close() for customer in customers), return_exceptions=True)
    return sample
