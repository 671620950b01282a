"""A database of the version before, with data in it, brought to the newest: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

import touchpoints.migrations
from tests.touchpoints.history import events
from tests.touchpoints.worked_example import week
from touchpoints.append import row
from touchpoints.configuration import default
from touchpoints.parsing import parse
from touchpoints.report import report
from touchpoints.store import migrate, open_engine, reading, refresh

WEEK = ("2026-03-02", "2026-03-08", "2026-03-20")


def bring(engine: Engine, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(touchpoints.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    """The tables as they were before interactions were packed, with events and interactions derived then."""
    engine = open_engine(database_url)
    bring(engine, "0003")
    with engine.begin() as connection:
        insert = text(
            "INSERT INTO event (conversation_id, seq, at, type, customer_key, attributes)"
            " VALUES (:conversation_id, :seq, :at, :type, :customer_key, :attributes)"
        )
        connection.execute(insert, [row(parse(raw)) for raw in events(*week())])
        connection.execute(
            text(
                "INSERT INTO interaction (conversation_id, ordinal, started_at, events_from, events_until, facts)"
                " VALUES ('C1', 1, 0, 0, 0, '{}')"
            )
        )
        connection.execute(text("UPDATE derivation SET config_version = :v"), {"v": default().version})
    yield engine
    engine.dispose()


def test_events_of_the_version_before_give_the_same_metrics(before: Engine) -> None:
    migrate(before)
    with reading(before) as connection:
        unpacked = report(connection, default(), *WEEK)
    with before.begin() as connection:
        assert refresh(connection) == 12  # rows of before are written anew
        assert connection.execute(text("SELECT count(*) FROM event")).scalar() == 143
    with reading(before) as connection:
        packed = report(connection, default(), *WEEK)
    assert packed == unpacked
    assert packed["metrics"]["contacts"]["sessions"] == 11


def test_down_and_up_again_keeps_the_events(before: Engine) -> None:
    migrate(before)
    with before.begin() as connection:
        refresh(connection)
    bring(before, "0003", down=True)
    migrate(before)
    with before.begin() as connection:
        assert refresh(connection) == 12
    with reading(before) as connection:
        assert report(connection, default(), *WEEK)["metrics"]["contacts"]["n"] == 10
