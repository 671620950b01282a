"""How fast the record takes events in, updates one contact and computes a quarter's metrics, on both databases."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.record import import_speed, one_event, quarter
from bench.record.database import Place, places
from bench.table import table

Say = Callable[[str], None]
MILLION: Final = 1_000_000
QUICK: Final = 50_000
POSTGRESQL: Final = "SPORTELLO_TEST_DATABASE_URL"


def figures(quick: bool, say: Say) -> str:
    """The suite's figures as Markdown. PostgreSQL is measured when the tests' server is named in the environment."""
    rows = QUICK if quick else MILLION
    with tempfile.TemporaryDirectory(prefix="sportello-bench-") as folder:
        found = [_measured(place, rows, quick, say) for place in places(Path(folder), os.environ.get(POSTGRESQL))]
    columns = ["", *(name for name, _ in found)]
    lines = [[what, *(measured[what] for _, measured in found)] for what in found[0][1]]
    return f"### {rows:,} interactions of one quarter\n\n{table(columns, lines)}"


def _measured(place: Place, rows: int, quick: bool, say: Say) -> tuple[str, dict[str, str]]:
    with place as url:
        say(f"{place.name}: importing")
        found = import_speed.measured(url, 20_000 if quick else 200_000)
    with place as url:
        say(f"{place.name}: making {rows:,} interactions")
        quarter.fill(url, rows)
        say(f"{place.name}: one event at a time")
        found |= one_event.measured(url, 50 if quick else 200)
        say(f"{place.name}: all metrics")
        found |= quarter.measured(url)
    return place.name, found
