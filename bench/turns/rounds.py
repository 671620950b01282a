"""Rounds of load: product, product with repeated text, with two bots, stock Rasa, floor; all see the same weather."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from bench.processes import cpu_seconds
from bench.turns import load, product, wordings
from bench.turns.floor import Floor
from bench.turns.load import Sample
from bench.turns.stock.assistant import RestCustomer
from knowledge.article import Article

AT_ONCE: Final = (1, 8, 32)
SYSTEMS: Final = ("turn", "repeated", "two", "stock", "floor")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    window: float
    warm_up: float
    late_turns: int  # measured at each length of a conversation


@dataclass
class Targets:
    """What is up and running, and the ids of its processes."""

    product_url: str
    product_pids: Mapping[str, Sequence[int]]
    two_url: str  # the product with two bot processes
    two_pids: Mapping[str, Sequence[int]]
    stock_url: str
    stock_pids: Mapping[str, Sequence[int]]
    floor: Floor
    articles: Sequence[Article]


@dataclass
class Measured:
    """The samples of every round, by system and number at once."""

    samples: dict[tuple[str, int], list[Sample]] = field(default_factory=dict)

    def of(self, system: str, at_once: int) -> list[Sample]:
        return self.samples.setdefault((system, at_once), [])

    def turns(self, system: str) -> int:
        return sum(sample.turns for at_once in AT_ONCE for sample in self.of(system, at_once))

    def searched(self, system: str) -> int:
        return sum(sample.searched for at_once in AT_ONCE for sample in self.of(system, at_once))

    def failures(self, system: str) -> int:
        return sum(sample.failures for at_once in AT_ONCE for sample in self.of(system, at_once))


class Rounds:
    """Runs the plan against the targets."""

    def __init__(self, plan: Plan, targets: Targets, say: Say) -> None:
        self.plan, self.targets, self.say = plan, targets, say
        self.measured = Measured()
        self._texts: dict[str, Iterator[str]] = {
            "turn": wordings.fresh(targets.articles),
            "stock": wordings.fresh(targets.articles),
            "repeated": wordings.repeated(targets.articles),
            "two": wordings.fresh(targets.articles),
        }

    async def run(self) -> Measured:
        """All rounds. Each system sees the same texts in the same order."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:
            for system in SYSTEMS:  # first calls load and compile things; they are nobody's turns
                self.say(f"{system}: warming up")
                await self._sample(system, max(AT_ONCE), 0, http)
            for number in range(1, self.plan.rounds + 1):
                for at_once in AT_ONCE:
                    for system in SYSTEMS:
                        sample = await self._sample(system, at_once, number, http)
                        self.measured.of(system, at_once).append(sample)
                        self.say(
                            f"round {number}  {system:8} {at_once:2} at once  p50 {sample.p50 * 1000:7.1f} ms  "
                            f"p95 {sample.p95 * 1000:7.1f} ms  {sample.rate:6.1f}/s"
                        )
        return self.measured

    async def _sample(self, system: str, at_once: int, number: int, http: aiohttp.ClientSession) -> Sample:
        if system == "floor":
            return self.targets.floor.measure(at_once, self.plan.window, self.plan.warm_up)
        if system == "stock":
            names = [f"stock-{number}-{at_once}-{place}" for place in range(at_once)]
            askers = [RestCustomer(http, self.targets.stock_url, name) for name in names]
            sample = await self._load(askers, system, self.targets.stock_pids)
            sample.searched = sum(asker.searched for asker in askers)
            return sample
        two = system == "two"
        url = self.targets.two_url if two else self.targets.product_url
        customers = [product.WidgetCustomer(http, url) for _ in range(at_once)]
        return await self._load(customers, system, self.targets.two_pids if two else self.targets.product_pids)

    async def _load(self, customers: Sequence[load.Customer], system: str, pids: Mapping[str, Sequence[int]]) -> Sample:
        before = {name: cpu_seconds(group) for name, group in pids.items()}
        sample = await load.run(customers, self._texts[system], self.plan.window, self.plan.warm_up)
        turns = max(1, sample.turns)
        sample.cpu = {name: (cpu_seconds(group) - before[name]) / turns for name, group in pids.items()}
        return sample
