"""Histories from a file: what is taken in, and what is refused by line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.touchpoints.history import Conversation, events
from tests.touchpoints.worked_example import week
from touchpoints.configuration import default
from touchpoints.errors import ImportRefused
from touchpoints.report import report
from touchpoints.schema import event
from touchpoints.store import import_events, reading, refresh


def lines(found: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found).encode()


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(event)).scalar_one()


def refused(engine: Engine, content: bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as error, engine.begin() as connection:
        import_events(connection, io.BytesIO(content))
    assert count(engine) == 0
    return error.value


def test_a_history_larger_than_a_batch(engine: Engine) -> None:
    many = [
        Conversation(f"c{i}", "2026-03-02 10:00:00", customer=f"K{i % 50}", reason="delivery.late").asks()
        for i in range(700)
    ]
    seen: list[int] = []
    with engine.begin() as connection:
        done = import_events(connection, io.BytesIO(lines(events(*many))), seen.append)
    assert (done.lines, done.stored, count(engine)) == (3500, 3500, 3500)
    assert seen == [2000, 3500]


def test_byte_order_mark_blank_lines_and_unknown_attributes_are_no_obstacle(sqlite: Engine) -> None:
    first, *rest = QUESTION.events
    content = b"\xef\xbb\xbf" + lines([{**first, "mood": "good"}]) + b"\n\r\n" + lines(rest)
    with sqlite.begin() as connection:
        done = import_events(connection, io.BytesIO(content))
    assert (done.stored, dict(done.ignored)) == (len(QUESTION.events), {"conversation.started.mood": 1})


QUESTION = Conversation("q", "2026-03-02 10:00:00", customer="A", reason="returns.how_to").asks()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "not JSON"),
        (b"[1, 2]", "JSON object"),
        ('{"text": "perché"}'.encode("latin-1"), "not JSON"),
        (b'{"conversation_id": "c", "seq": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'"' + b"x" * 1_000_001 + b'"', "longer than"),
        (json.dumps({f"x{i}": i for i in range(50_000)}).encode(), "at most 100 attributes"),
        (json.dumps({**QUESTION.events[1], "at": "2026-03-02T10:00:00"}).encode(), "at: expected"),
        (json.dumps({**QUESTION.events[1], "seq": 9, "at": None}).encode(), "at: missing"),
        (json.dumps({**QUESTION.events[1], "seq": None}).encode(), "seq: missing"),
        (json.dumps({**QUESTION.events[1], "seq": True}).encode(), "seq: expected"),
        (json.dumps({**QUESTION.events[1], "seq": 10**400}).encode(), "seq: expected"),
        (json.dumps({**QUESTION.events[1], "type": "message.pigeon"}).encode(), "type: unknown event type"),
        (json.dumps({**QUESTION.events[1], "type": ["message.customer"]}).encode(), "type: unknown event type"),
        (json.dumps({**QUESTION.events[1], "type": {}}).encode(), "type: missing"),
        (json.dumps({**QUESTION.events[1], "text": {"a": 1}}).encode(), "text: expected"),
        (json.dumps({**QUESTION.events[1], "text": "a" * 100_001}).encode(), "text: expected"),
        (json.dumps({**QUESTION.events[1], "at": "9999-99-99T00:00:00Z"}).encode(), "at: "),
        (b'{"conversation_id": "c", "seq": 1, "at": Infinity}', "not JSON"),
        (b'{"conversation_id": "c", "seq": 1, "confidence": 1e999}', "not JSON"),
        (b'{"a": ' * 5_000 + b"1" + b"}" * 5_000, "not JSON"),
        (json.dumps({**QUESTION.events[1], "text": "other"}).encode(), "seq: already stored with other content"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_stored(sqlite: Engine, line: bytes, why: str) -> None:
    error = refused(sqlite, lines(QUESTION.events) + line + b"\n")
    ((number, said),) = error.rejects
    assert (number, why in said) == (len(QUESTION.events) + 1, True), said


def test_time_that_runs_back_is_refused_beyond_a_clocks_skew(engine: Engine) -> None:
    wild = Conversation("w", "2026-03-02 10:00:00").says(0).bot(-61)
    error = refused(engine, lines(events(QUESTION, wild)))
    assert error.rejects == ((len(QUESTION.events) + 4, "at: seq 4 is over 60 s earlier than seq 3 before it"),)
    skewed = Conversation("w", "2026-03-02 10:00:00").says(0).bot(-60)
    with engine.begin() as connection:
        assert import_events(connection, io.BytesIO(lines(skewed.events))).stored == 4


def test_a_file_of_nothing_but_errors_names_the_first_hundred(sqlite: Engine) -> None:
    error = refused(sqlite, b"{\n" * 5000)
    assert (error.total, len(error.rejects)) == (5000, 100)
    assert "4900 more" in str(error)


def test_lines_in_any_order(sqlite: Engine) -> None:
    shuffled = sorted(events(*week()), key=lambda found: hash((found["seq"] * 7919 % 31, found["conversation_id"])))
    with sqlite.begin() as connection:
        assert import_events(connection, io.BytesIO(lines(shuffled))).stored == 143


def test_late_events_of_another_file_give_the_same_record(engine: Engine) -> None:
    """The even events of every conversation come in a second file, after the first was derived."""
    every = events(*week())
    with engine.begin() as connection:
        import_events(connection, io.BytesIO(lines(every)))
    expected = told(engine)
    with engine.begin() as connection:
        connection.execute(event.delete())
    for part in (1, 0):
        with engine.begin() as connection:
            import_events(connection, io.BytesIO(lines([one for one in every if one["seq"] % 2 == part])))
            refresh(connection)
    assert told(engine) == expected


def told(engine: Engine) -> dict[str, Any]:
    with reading(engine) as connection:
        return report(connection, default(), "2026-03-02", "2026-03-08", "2026-03-20")


def test_attributes_nobody_knows_are_counted_within_bounds(sqlite: Engine) -> None:
    first, *rest = QUESTION.events
    many = [{**one, f"x{number}": 1, "seq": one["seq"] + 10 * number} for number in range(400) for one in rest[:3]]
    with sqlite.begin() as connection:
        done = import_events(connection, io.BytesIO(lines([first, *sorted(many, key=lambda one: one["at"])])))
    assert done.stored == 1201
    assert len(done.ignored) <= 1001
