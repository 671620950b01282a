"""One more event: appended, and its contact derived anew, in a database that holds a long history."""

from __future__ import annotations

import random
from statistics import median, quantiles

from bench.record.dialogues import QUARTER_FROM, dialogue
from bench.record.stopwatch import Stopwatch
from touchpoints.store import append, migrate, open_engine, refresh


def measured(url: str, times: int) -> dict[str, str]:
    """Milliseconds of append + derivation + commit."""
    engine = open_engine(url)
    migrate(engine)
    chance = random.Random(7)
    took: list[Stopwatch] = []
    for number in range(times):
        told = (dialogue(f"live{number}", QUARTER_FROM, chance) * 2)[:21]
        told = [{**event, "seq": seq} for seq, event in enumerate(told, 1)]
        with engine.begin() as connection:
            append(connection, told[:-1])
            refresh(connection)
        with Stopwatch() as one, engine.begin() as connection:
            append(connection, told[-1:])
            refresh(connection)
        took.append(one)
    engine.dispose()
    wall = [1000 * one.wall for one in took]
    cpu = median(1000 * one.cpu for one in took)
    return {"one event, ms": f"{cpu:.1f} ({median(wall):.1f} wall; 95th percentile {quantiles(wall, n=20)[-1]:.1f})"}
