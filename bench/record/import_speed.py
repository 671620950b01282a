"""Events from a file into the record: how many a second, and with how much memory."""

from __future__ import annotations

import json
import random
import resource
import tempfile
from pathlib import Path

from bench.record.dialogues import QUARTER_FROM, dialogue
from bench.record.stopwatch import Stopwatch
from touchpoints.instant import SECOND
from touchpoints.store import import_events, migrate, open_engine, refresh


def measured(url: str, events: int) -> dict[str, str]:
    """Import and derivation of a file of so many events, then the memory a file four times as long takes on top."""
    engine = open_engine(url)
    migrate(engine)
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        short, long = Path(folder) / "short.jsonl", Path(folder) / "long.jsonl"
        stored, size = _write(short, events, "s"), 0
        with Stopwatch() as importing, short.open("rb") as source, engine.begin() as connection:
            import_events(connection, source)
        with Stopwatch() as deriving, engine.begin() as connection:
            derived = refresh(connection)
        before = _peak()
        more = _write(long, 4 * events, "l")
        size = long.stat().st_size
        with long.open("rb") as source, engine.begin() as connection:
            import_events(connection, source)
        grown = _peak() - before
    engine.dispose()
    return {
        "import, events a second": f"{stored / importing.cpu:,.0f} ({stored / importing.wall:,.0f} wall)",
        "derivation, conversations a second": f"{derived / deriving.cpu:,.0f} ({derived / deriving.wall:,.0f} wall)",
        f"peak memory grown by a file of {size >> 20} MiB ({more:,} events)": f"{grown >> 20} MiB",
    }


def _write(path: Path, events: int, prefix: str) -> int:
    """A file of at least so many events; returns how many."""
    chance, written, number = random.Random(prefix), 0, 0
    with path.open("w", encoding="utf-8") as file:
        while written < events:
            number += 1
            told = dialogue(f"{prefix}{number}", QUARTER_FROM + number * SECOND, chance)
            file.writelines(json.dumps(one) + "\n" for one in told)
            written += len(told)
    return written


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
