"""The stored record, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, func, select

from tests.touchpoints.history import Conversation, events
from tests.touchpoints.worked_example import week
from touchpoints import configuration
from touchpoints.configuration import default
from touchpoints.errors import ConfigurationError, EventConflict, EventError
from touchpoints.instant import from_datetime
from touchpoints.report import report
from touchpoints.schema import event as event_table
from touchpoints.schema import interaction, metadata, stale_conversation
from touchpoints.store import append, checkpoint, erase, interactions, migrate, open_engine, reading, recompute, refresh

QUESTION = Conversation("q", "2026-03-02 10:00:00", customer="A", reason="returns.how_to").asks()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def stored(engine: Engine, table: Any) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key.columns)))


def whole(engine: Engine, as_of: str = "2026-03-20", **more: Any) -> dict[str, Any]:
    with reading(engine) as connection:
        return report(connection, configuration.load(connection), "2026-03-02", "2026-03-08", as_of, **more)


def test_migrations_make_the_tables_the_code_knows(engine: Engine) -> None:
    migrate(engine)  # again: nothing to do
    with engine.connect() as connection:
        ours = MigrationContext.configure(connection, opts={"include_object": _only_ours})
        assert compare_metadata(ours, metadata) == []


def _only_ours(found: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    table = found if kind == "table" else found.table
    return table.name in metadata.tables


def test_append_is_two_statements_however_long_the_history(engine: Engine) -> None:
    long = Conversation("long", "2026-03-02 10:00:00")
    for turn in range(200):
        long.says(turn)
    with engine.begin() as connection:
        append(connection, events(long))
    more = long.says(300).events[-2:]
    with engine.begin() as connection, counted(engine) as statements:
        assert append(connection, more) == 2
    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) == 2


def test_the_same_event_again_is_ignored(engine: Engine) -> None:
    for expected in (len(QUESTION.events), 0):
        with engine.begin() as connection:
            assert append(connection, QUESTION.events) == expected
    assert len(stored(engine, event_table)) == len(QUESTION.events)


def test_other_content_under_the_same_number_is_refused_and_nothing_kept(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, QUESTION.events)
    other = {**QUESTION.events[1], "text": "something else"}
    new = {**QUESTION.events[1], "seq": 99}
    with pytest.raises(EventConflict, match="'q', seq 2"), engine.begin() as connection:
        append(connection, [new, other])
    assert len(stored(engine, event_table)) == len(QUESTION.events)


def test_an_invalid_event_is_refused_by_its_field(engine: Engine) -> None:
    with pytest.raises(EventError, match="csat"), engine.begin() as connection:
        append(connection, [{**QUESTION.events[1], "type": "survey.answered", "text": None, "csat": 9}])


def test_arrival_in_any_order_gives_the_same_record(engine: Engine) -> None:
    every = events(*week())
    with engine.begin() as connection:
        append(connection, every)
    expected = whole(engine)
    with engine.begin() as connection:
        connection.execute(event_table.delete())
    for arriving in reversed(every):
        with engine.begin() as connection:
            append(connection, [arriving])
            refresh(connection)
    assert whole(engine) == expected


def test_recompute_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, events(*week()))
        refresh(connection)
    before = [row[:-1] for row in stored(engine, interaction)]  # all but the number of the derivation
    with engine.begin() as connection:
        assert recompute(connection) == 12
        assert refresh(connection) == 0
    assert [row[:-1] for row in stored(engine, interaction)] == before


@pytest.mark.parametrize("as_of", ["2026-03-03T12:05", "2026-03-05T09:00", "2026-03-10T12:00", "2026-03-15T21:00:01"])
def test_looking_back_from_an_earlier_moment_is_as_if_later_events_had_not_been(sqlite: Engine, as_of: str) -> None:
    every = events(*week())
    moment = datetime.fromisoformat(f"{as_of}+01:00")
    with sqlite.begin() as connection:
        append(connection, [found for found in every if datetime.fromisoformat(found["at"]) <= moment])
        refresh(connection)
    then = whole(sqlite, as_of)
    with sqlite.begin() as connection:
        append(connection, every)
        refresh(connection)
    assert whole(sqlite, as_of) == then
    assert whole(sqlite) != then


def test_an_append_during_a_derivation_is_not_lost(engine: Engine) -> None:
    """The mark changes with every append, so clearing an older one leaves the conversation stale."""
    with engine.begin() as connection:
        append(connection, QUESTION.events)
        before = connection.execute(select(stale_conversation.c.mark)).scalar_one()
        append(connection, [{**QUESTION.events[1], "seq": 50}])
        assert connection.execute(select(stale_conversation.c.mark)).scalar_one() != before


def test_a_new_configuration_derives_anew_and_the_old_one_still_reports(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, events(*week()))
        refresh(connection)
    before = whole(engine)
    shorter = configuration.parse({**_document(), "windows": {"quiet_h": 24, "chain_h": 24, "long_wait_s": 120}})
    with engine.begin() as connection:
        configuration.save(connection, default(), datetime(2026, 3, 1, tzinfo=UTC))
        configuration.save(connection, shorter, datetime(2026, 3, 20, tzinfo=UTC))
        assert refresh(connection) == 12
    after = whole(engine)
    assert after["metrics"]["revocation"]["numerator"] == 0
    assert after["config_version"] != before["config_version"]
    assert after["metrics"]["fcr"]["version"] != before["metrics"]["fcr"]["version"]
    with reading(engine) as connection:
        old = configuration.load(connection, before["config_version"])
        assert report(connection, old, "2026-03-02", "2026-03-08", "2026-03-20") == before
        with pytest.raises(ConfigurationError, match="ever in force"):
            configuration.load(connection, "nowhere")


def test_who_put_which_configuration_in_force_and_when(engine: Engine) -> None:
    shorter = configuration.parse({**_document(), "windows": {"quiet_h": 24, "chain_h": 24, "long_wait_s": 120}})
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    with engine.begin() as connection:
        configuration.save(connection, default(), days[0], by="ada")
        configuration.save(connection, shorter, days[1], by="bo")
        assert configuration.load(connection) == shorter
        configuration.save(connection, default(), days[2])
        assert configuration.load(connection) == default()
        assert configuration.load(connection, shorter.version) == shorter
        assert [(one.version, one.at, one.by) for one in configuration.history(connection)] == [
            (default().version, from_datetime(days[0]), "ada"),
            (shorter.version, from_datetime(days[1]), "bo"),
            (default().version, from_datetime(days[2]), None),
        ]


def _document() -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(default())
    return document


def test_interactions_by_page(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, events(*week()))
    with reading(engine) as connection:
        page = interactions(connection, default(), as_of="2026-03-20", where={"holder": "agent"}, limit=2, offset=1)
    assert ([row["id"] for row in page.rows], page.total) == (["C5", "C7"], 3)
    assert page.rows[0]["wait_business_s"] == 600


def test_reading_never_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        append(connection, events(*week()))
    whole(engine)
    assert stored(engine, interaction) == []


def test_erasing_leaves_counts_and_nothing_of_the_person(engine: Engine) -> None:
    secret = Conversation("s", "2026-03-02 09:00:00", customer="mario@example.org", reason="delivery.late")
    secret.says(0, "sono Mario Rossi", entity_ref="order-4711").bot(5)
    secret.add(20, "survey.answered", csat=1, comment="vergogna, Rossi", emotion="rabbia")
    secret.add(30, "ticket.opened", contact="+39 02 1234567", summary="richiamare Rossi")
    secret.handed_over("2026-03-02 09:01:00", "2026-03-02 09:02:00").agent(200).to_agent(210, "Grazie mille!")
    secret.add(300, "corrected", field="entity_ref", value="order-4712", by="lead").add(400, "closed", by="agent")
    back = Conversation("s2", "2026-03-04 09:00:00", customer="mario@example.org", reason="delivery.late").asks()
    with engine.begin() as connection:
        append(connection, [*events(*week()), *events(secret, back)])
        refresh(connection)
    before = whole(engine)
    assert before["metrics"]["revocation"]["numerator"] == 3
    with engine.begin() as connection:
        assert erase(connection, "mario@example.org") == ("s", "s2")
    assert whole(engine) == before
    left = repr(stored(engine, event_table)[-40:] + stored(engine, interaction))
    for personal in ("mario@", "Mario", "Rossi", "order-47", "1234567", "vergogna", "rabbia"):
        assert personal not in left
    with engine.begin() as connection:
        assert erase(connection, "mario@example.org") == ()
        append(connection, secret.events)  # arrives again: stays erased
        recompute(connection)
    assert whole(engine) == before
    with reading(engine) as connection:
        kept = connection.execute(
            select(func.count()).select_from(event_table).where(event_table.c.erased)
        ).scalar_one()
        assert kept == len(secret.events) + len(back.events)
        rows = interactions(connection, default(), as_of="2026-03-20").rows
    assert [row["customer_key"] for row in rows if row["conversation_id"].startswith("s")] == [None, None]


def test_erased_words_are_in_neither_the_file_nor_its_journal(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'r.sqlite'}")
    migrate(engine)
    told = Conversation("s", "2026-03-02 09:00:00", customer="mario@example.org").says(0, "xilofono viola").bot(5)
    with engine.begin() as connection:
        append(connection, told.events)
        refresh(connection)
    assert any(b"xilofono" in file.read_bytes() for file in tmp_path.iterdir())
    with engine.begin() as connection:
        erase(connection, "mario@example.org")
    checkpoint(engine)
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"xilofono" not in left
    assert b"mario@" not in left
    engine.dispose()


@pytest.mark.postgresql
def test_two_derivations_at_once_take_turns(postgresql_url: str) -> None:
    engine = open_engine(postgresql_url)
    migrate(engine)
    with engine.begin() as connection:
        append(connection, events(*week()))
    with engine.begin() as first:
        assert refresh(first) == 12
        other = threading.Thread(target=_refresh, args=(engine,))
        other.start()
        append(first, [{**QUESTION.events[1], "conversation_id": "C1", "seq": 99}])
    other.join(timeout=30)
    assert not other.is_alive()
    with engine.begin() as connection:
        refresh(connection)
        rows = interactions(connection, default(), as_of="2026-03-20").rows
    assert [row["user_turns"] for row in rows if row["conversation_id"] == "C1"] == [3]
    engine.dispose()


def _refresh(engine: Engine) -> None:
    with engine.begin() as connection:
        refresh(connection)
