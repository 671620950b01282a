"""Packed columns: whatever is packed, merged, replaced or not derived yet, a report says the same."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.touchpoints.history import Conversation, events
from tests.touchpoints.worked_example import week
from touchpoints.columns import held, segments
from touchpoints.columns.layout import digest
from touchpoints.columns.table import unpack
from touchpoints.configuration import default
from touchpoints.report import report
from touchpoints.schema import segment
from touchpoints.store import append, erase, migrate, open_engine, reading, recompute, refresh

WEEK = ("2026-03-02", "2026-03-08", "2026-03-20")


def whole(engine: Engine) -> dict[str, Any]:
    with reading(engine) as connection:
        return report(connection, default(), *WEEK, by="contact_reason", compare=("2026-03-09", "2026-03-15"))


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, Any]:
    engine = open_engine(f"sqlite:///{tmp_path / 'plain.sqlite'}")
    migrate(engine)
    with engine.begin() as connection:
        append(connection, events(*week()))
    found = whole(engine)  # all derived in memory
    engine.dispose()
    return found


@pytest.mark.parametrize("pack_at", [1, 3, 5000])
def test_a_report_between_any_two_events_leaves_the_last_one_right(
    engine: Engine, expected: dict[str, Any], pack_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events arrive in random order, are derived one batch at a time, packed often; the same process keeps asking."""
    monkeypatch.setattr(segments, "PACK_AT", pack_at)
    monkeypatch.setattr(held, "_SLACK", 3)
    monkeypatch.setattr(held, "_UNSORTED", 4)
    arriving = events(*week())
    random.Random(pack_at).shuffle(arriving)
    for start in range(0, len(arriving), 13):
        with engine.begin() as connection:
            append(connection, arriving[start : start + 13])
        whole(engine)
        with engine.begin() as connection:
            refresh(connection)
        whole(engine)
    assert whole(engine) == expected
    engine.dispose()  # a new pool: nothing is kept in memory
    assert whole(engine) == expected
    with engine.begin() as connection:
        recompute(connection)
    assert whole(engine) == expected


def test_what_is_rolled_back_is_not_remembered(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, events(*week()))
        refresh(connection)
    before = whole(engine)
    more = Conversation("x", "2026-03-03 10:00:00", customer="X", reason="delivery.late").asks()
    connection = engine.connect()
    with connection.begin() as transaction:
        append(connection, events(more))
        refresh(connection)
        assert report(connection, default(), *WEEK)["metrics"]["contacts"]["n"] == 11
        transaction.rollback()
    connection.close()
    assert whole(engine) == before
    with engine.begin() as other:
        append(other, events(Conversation("y", "2026-03-03 10:00:00").asks()))
        refresh(other)
    assert whole(engine)["metrics"]["contacts"]["n"] == 11


def test_a_million_small_changes_make_few_segments(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "PACK_AT", 2)
    for day in range(1, 28):
        with sqlite.begin() as connection:
            told = [Conversation(f"c{day}-{i}", f"2026-03-{day:02} 10:0{i}:00").asks() for i in range(3)]
            append(connection, events(*told))
            refresh(connection)
    with reading(sqlite) as connection:
        kept = segments.stored(connection)
    assert sum(one.rows for one in kept) == 81
    assert len(kept) <= 6


def test_erasing_leaves_no_digest_of_the_key_in_packed_columns(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "PACK_AT", 1)
    with engine.begin() as connection:
        append(connection, events(*week()))
        refresh(connection)
    before = whole(engine)

    def customers() -> set[int]:
        with reading(engine) as connection:
            parts = [unpack(row.body, row.words) for row in connection.execute(select(segment))]
        return {int(one) for part in parts for one in part.numbers["customer"]}

    assert digest("key", "C") in customers()
    with engine.begin() as connection:
        erase(connection, "C")
    assert digest("key", "C") not in customers()
    assert whole(engine) == before


def test_a_customer_of_very_many_contacts_with_different_orders(sqlite: Engine) -> None:
    """Going through them one by one stays within what is near in time."""
    told = [
        Conversation(f"c{i:03}", f"2026-03-{1 + i // 24:02} {i % 24:02}:00:00", customer="A", reason="delivery.late")
        .says(0, entity_ref=f"o{i % 7}")
        .bot(5)
        for i in range(300)
    ]
    with sqlite.begin() as connection:
        append(connection, events(*told))
        refresh(connection)
    with reading(sqlite) as connection:
        found = report(connection, default(), "2026-03-01", "2026-03-31", "2026-05-01")["metrics"]
    assert (found["issues"]["n"], found["repeat_7d"]["numerator"]) == (7, 293)
