"""All metrics of a quarter: in a new process, and again after a new event; beside reading the same columns once."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice

from sqlalchemy import insert, select, update

from bench.record.dialogues import interactions
from touchpoints.columns import segments
from touchpoints.configuration import default
from touchpoints.derivation import derived_as
from touchpoints.facts import Facts, encode
from touchpoints.instant import SECOND
from touchpoints.schema import derivation, interaction
from touchpoints.store import migrate, open_engine

_AT_ONCE = 50_000


def fill(url: str, rows: int) -> None:
    """Interactions as a derivation would have left them, packed into one segment."""
    engine = open_engine(url)
    migrate(engine)
    made, change = interactions(rows), 0
    with engine.begin() as connection:
        connection.execute(update(derivation).values(config_version=derived_as(default())))
        while part := list(islice(made, _AT_ONCE)):
            change += 1
            connection.execute(insert(interaction), [_row(facts, change) for facts in part])
            connection.execute(update(derivation).values(change=change))
            segments.write(connection, change, everything=change * _AT_ONCE >= rows)
    engine.dispose()


def measured(url: str) -> dict[str, str]:
    """What a process of its own finds (asking.py)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.record.asking", url], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def rows_of_columns(url: str) -> int:
    """Reads the interactions as rows, as one without columns would; returns how many."""
    engine = open_engine(url)
    with engine.connect() as connection:
        count = len(connection.execute(select(interaction.c.facts)).all())
    engine.dispose()
    return count


def _row(facts: Facts, change: int) -> dict[str, object]:
    return {
        "conversation_id": facts.conversation_id,
        "ordinal": facts.ordinal,
        "customer_key": facts.customer_key,
        "started_at": facts.started_at,
        "events_from": facts.started_at,
        "events_until": facts.last_event_at + 60 * SECOND,
        "facts": encode(facts),
        "change": change,
    }
