"""Promises, observations and summaries for tests, with everything but what a test is about already said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from touchpoints.configuration import default
from touchpoints.cx import ledger, observations
from touchpoints.cx.summary import summary
from touchpoints.store import append, reading, refresh

NOW = datetime(2026, 4, 30, 12, tzinfo=UTC)
MARCH = {"period_from": "2026-03-01", "period_to": "2026-03-31", "as_of": "2026-04-20"}


def promise(name: str = "design", **said: Any) -> dict[str, Any]:
    return {
        "id": name,
        "text": {"it": "Una promessa", "en": "A promise"},
        "areas": ["product"],
        "owner": "product",
        "metric": "reviews_4plus",
        "target": 80,
        "direction": "at_least",
    } | said


def observed(**said: Any) -> dict[str, Any]:
    return {
        "source": "reviews",
        "touchpoint_type": "product",
        "cx_area": "product",
        "journey_stage": "post_purchase",
        "environment": "in_store",
        "metric_id": "reviews_4plus",
        "numerator": 688,
        "denominator": 800,
        "n": 800,
        "population": "buyers who reviewed",
        "period_start": "2026-03-01",
        "period_end": "2026-03-31",
    } | said


def mean(value: float, sd: float, n: int, **said: Any) -> dict[str, Any]:
    return observed(numerator=None, denominator=None, value=value, sd=sd, n=n) | said


def on_record(
    engine: Engine,
    *,
    events: Sequence[dict[str, Any]] = (),
    imports: Sequence[dict[str, Any]] = (),
    valid_from: date = date(2026, 1, 1),
    **entries: Sequence[dict[str, Any]],
) -> None:
    """Puts events, observations and entries (by kind) on record."""
    with engine.begin() as connection:
        append(connection, events)
        for kind, known in entries.items():
            for entry in known:
                ledger.record(connection, kind, entry, NOW, "lead", valid_from)
        if imports:
            observations.add(connection, imports, NOW, "lead")
        refresh(connection)


def summed_up(engine: Engine, **asked: Any) -> dict[str, Any]:
    """The summary of March 2026, unless asked for something else."""
    with reading(engine) as connection:
        return summary(connection, default(), **(MARCH | asked))


def statuses(document: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["status"] for row in document["promises"]["rows"]}
