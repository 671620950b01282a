"""`python -m bench.record.asking URL`: asks for a quarter's metrics, again and again, and reads the columns once."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench.record import quarter
from bench.record.stopwatch import Stopwatch
from touchpoints.columns import segments
from touchpoints.configuration import default
from touchpoints.report import report
from touchpoints.schema import segment
from touchpoints.store import append, open_engine, reading, refresh

_TIMES = 5


def main() -> None:
    """Print the figures as JSON."""
    url = sys.argv[1]
    with open_engine(url).connect() as connection:
        connection.execute(segment.select().limit(0))  # drivers load what they need
    with Stopwatch() as cold:
        engine, first = open_engine(url), None
        first = _asked(engine)
    repeated = []
    for number in range(_TIMES):
        _happens(engine, number)
        with Stopwatch() as again:
            found = _asked(engine)
        repeated.append(again)
        if found["metrics"]["contacts"]["n"] != first["metrics"]["contacts"]["n"] + number + 1:
            raise SystemExit("a new contact was not counted")
    with Stopwatch() as columns, reading(engine) as connection:
        for one in segments.stored(connection):
            segments.read(connection, one.until_change)
    with Stopwatch() as rows:
        quarter.rows_of_columns(url)
    usual = median(one.cpu for one in repeated), median(one.wall for one in repeated)
    print(json.dumps({
        "reading the columns once": str(columns),
        "all metrics, cold": f"{cold}, {cold.wall / columns.wall:.1f}× reading",
        "all metrics, repeated after a new event": f"{usual[0]:.2f} s ({usual[1]:.2f} s wall), "
        f"{usual[1] / columns.wall:.1f}× reading",
        "the same rows without columns, read only": f"{rows}, {rows.wall / columns.wall:.1f}× reading",
    }))  # fmt: skip


def _asked(engine: Any) -> dict[str, Any]:
    with reading(engine) as connection:
        return report(connection, default(), "2026-01-01", "2026-03-31", "2026-05-01")


def _happens(engine: Any, number: int) -> None:
    at = datetime(2026, 2, 2, 10, tzinfo=UTC).isoformat()
    with engine.begin() as connection:
        append(connection, [{"conversation_id": f"n{number}", "seq": 1, "at": at, "type": "message.customer"}])
        refresh(connection)


if __name__ == "__main__":
    main()
