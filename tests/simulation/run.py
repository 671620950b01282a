"""Walks by the dozen or the thousand against a running product."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.product import Product
from tests.simulation import record
from tests.simulation.scripts import SCRIPTS, resumes_after_a_restart
from tests.simulation.walk import DeadEnd, Walk


@dataclass
class Ran:
    """What came of the walks: how many of each script, what went wrong, turns and seconds."""

    walks: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    turns: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        total = sum(self.walks.values())
        return f"{total} walks, {self.turns} turns in {self.seconds:.0f} s: {len(self.failures)} went wrong"


Script = Callable[[Walk], None]


def run(product: Product, seeds: Iterable[int], at_once: int = 4) -> Ran:
    """One walk per seed; the seed chooses the script, the language and everything else that is left to chance."""
    ran, began = Ran(), time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        done = [
            one for one in pool.map(lambda seed: _walk(product, seed, _chosen(seed), ran), seeds) if one is not None
        ]
    return _held_against_the_record(product, done, ran, began)


def restart(product: Product, seed: int) -> Ran:
    """One walk in the middle of which the bot is killed; nobody else may be walking."""
    ran, began = Ran(), time.monotonic()
    done = _walk(product, seed, resumes_after_a_restart, ran)
    return _held_against_the_record(product, [done] if done else [], ran, began)


def _held_against_the_record(product: Product, done: list[Walk], ran: Ran, began: float) -> Ran:
    ran.failures += record.check(done, product.home)
    for walk in done:
        walk.customer.client.close()
    ran.seconds = time.monotonic() - began
    return ran


def _chosen(seed: int) -> Script:
    return SCRIPTS[seed % len(SCRIPTS)]


def _walk(product: Product, seed: int, script: Script, ran: Ran) -> Walk | None:
    walk = Walk(product, seed)
    try:
        script(walk)
    except DeadEnd as dead_end:
        ran.failures.append(f"{script.__name__} (seed {seed}): {dead_end}\n    " + "\n    ".join(walk.log))
        return None
    finally:
        ran.walks[script.__name__] += 1
        ran.turns += walk.ledger.turns
    return walk
