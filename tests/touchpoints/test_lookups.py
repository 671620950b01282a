"""What asks for a few rows looks them up: on a long record, reading them all to find them takes seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, event

from tests.touchpoints.history import Conversation, events, rome
from touchpoints import configuration
from touchpoints.columns import frame
from touchpoints.instant import from_datetime
from touchpoints.store import append, interactions, reading, refresh

WEEK = [Conversation(f"c{day}", f"2026-03-0{day} 10:00:00", customer=f"k{day}").asks() for day in range(1, 8)]
NOW = from_datetime(rome("2026-03-20 10:00:00"))


@pytest.fixture
def told(sqlite: Engine) -> Engine:
    with sqlite.begin() as connection:
        append(connection, events(*WEEK))
        refresh(connection)
    return sqlite


@contextmanager
def asked(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def plans(engine: Engine, work: Callable[[Connection], Any]) -> dict[str, list[str]]:
    """How SQLite goes about each question of some work."""
    with engine.connect() as connection, asked(engine) as statements:
        work(connection)
    with engine.connect() as connection:
        return {
            statement: [step[3] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in statements
        }


def looked_up(plan: list[str], table: str) -> bool:
    return any(step.startswith(f"SEARCH {table}") and "(conversation_id=?" in step for step in plan)


def test_the_contacts_behind_a_number_are_looked_up(told: Engine) -> None:
    known = configuration.default()
    with reading(told) as connection:
        interactions(connection, known, limit=5)  # the columns are read once

    def page(connection: Connection) -> None:
        rows = interactions(connection, known, limit=5).rows
        assert [row["id"] for row in rows] == ["c1", "c2", "c3", "c4", "c5"]

    found = [plan for statement, plan in plans(told, page).items() if statement.startswith("SELECT interaction.facts")]
    assert any(looked_up(plan, "interaction") for plan in found)


def test_events_sent_twice_are_looked_up(told: Engine) -> None:
    found = plans(told, lambda connection: append(connection, events(*WEEK)))
    assert found and all(looked_up(plan, "event") for plan in found.values())


def test_reading_ahead_derives_nothing(told: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def derived(*arguments: Any) -> Any:
        raise AssertionError("what waits to be derived is the upkeep's")

    monkeypatch.setattr(frame, "from_events", derived)
    with told.begin() as connection:
        append(connection, events(Conversation("new", "2026-03-08 10:00:00").asks()))
    with reading(told) as connection:
        frame.read_ahead(connection)


def test_what_a_reader_asks_of_one_moment_is_put_together_once(told: Engine) -> None:
    known = configuration.default()
    changed = msgspec.structs.replace(known, windows=msgspec.structs.replace(known.windows, chain_h=1))
    with reading(told) as connection:
        first = frame.contacts_at(connection, known, NOW)
        assert frame.contacts_at(connection, known, NOW) is first
        assert frame.contacts_at(connection, known, NOW + 1) is not first
        assert frame.contacts_at(connection, changed, NOW).windows.chain_h == 1
        with reading(told) as other:
            assert frame.contacts_at(other, known, NOW) is not first
    with told.begin() as writer:
        before = len(frame.contacts_at(writer, known, NOW))
        append(writer, events(Conversation("new", "2026-03-08 10:00:00").asks()))
        assert len(frame.contacts_at(writer, known, NOW)) == before + 1
