"""Walks by the dozen or the thousand against a running product."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.product import Product
from tests.simulation import record
from tests.simulation.scripts import SCRIPTS
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


def run(product: Product, seeds: Iterable[int], at_once: int = 4) -> Ran:
    """One walk per seed; the seed chooses the script, the language and everything else that is left to chance."""
    ran, began = Ran(), time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        done = [one for one in pool.map(lambda seed: _walk(product, seed, ran), seeds) if one is not None]
    ran.failures += record.check(done, product.home)
    for walk in done:
        walk.customer.client.close()
    ran.seconds = time.monotonic() - began
    return ran


def _walk(product: Product, seed: int, ran: Ran) -> Walk | None:
    script = SCRIPTS[seed % len(SCRIPTS)]
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
