"""Dated entries: nothing is overwritten, and every day has the book that was in force on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.cx.evidence import NOW, promise
from tests.touchpoints.cx.test_rules import action, friction
from touchpoints.cx import entry_file, ledger
from touchpoints.cx.entry import KINDS, parse
from touchpoints.cx.errors import EntryError


def write(
    engine: Engine, kind: str = "promise", by: str = "Ada", valid_from: str = "2026-01-01", **said: Any
) -> ledger.Entry:
    described = said or promise()
    with engine.begin() as connection:
        return ledger.record(connection, kind, described, NOW, by, date.fromisoformat(valid_from))


def targets(engine: Engine, *days: str) -> list[Any]:
    with engine.connect() as connection:
        books = [ledger.book(connection, date.fromisoformat(day)) for day in days]
    return [book.promises["design"].target if "design" in book.promises else None for book in books]


def test_a_revision_keeps_what_was_there_with_author_and_time(engine: Engine) -> None:
    write(engine, **promise(target=80))
    write(engine, by="Bo", valid_from="2026-03-01", **promise(target=85))
    with engine.connect() as connection:
        kept = ledger.history(connection, "promise", "design")
    assert [(one.revision, one.recorded_by, one.value.target) for one in kept] == [(1, "Ada", 80), (2, "Bo", 85)]
    assert {one.recorded_at for one in kept} == {NOW}
    assert targets(engine, "2026-02-28", "2026-03-01") == [80, 85]


def test_the_same_again_is_no_new_revision(engine: Engine) -> None:
    assert [write(engine).revision, write(engine).revision, write(engine, valid_from="2026-02-01").revision] == [
        1,
        1,
        2,
    ]


def test_of_one_day_the_last_written_holds(sqlite: Engine) -> None:
    for target in (80, 90, 70):
        write(sqlite, **promise(target=target))
    assert targets(sqlite, "2026-01-01") == [70]


def test_a_withdrawn_entry_is_gone_from_its_day_on(engine: Engine) -> None:
    write(engine)
    with engine.begin() as connection:
        ledger.withdraw(connection, "promise", "design", NOW, "Ada", date(2026, 3, 1))
    assert targets(engine, "2026-02-28", "2026-03-01") == [80, None]
    with pytest.raises(EntryError), engine.begin() as connection:
        ledger.withdraw(connection, "promise", "design", NOW, "Ada")
    write(engine, valid_from="2026-04-01", **promise(target=90))
    assert targets(engine, "2026-03-15", "2026-04-02") == [None, 90]


def test_defaults_hold_until_somebody_says_otherwise(sqlite: Engine) -> None:
    write(sqlite, "area", valid_from="2026-03-01", id="delivery", owner="couriers")
    with sqlite.connect() as connection:
        before, after = (ledger.book(connection, date(2026, month, 1)) for month in (2, 3))
        kept = ledger.history(connection, "area", "delivery")
    assert (before.owner("delivery"), after.owner("delivery")) == ("logistics", "couriers")
    assert (before.owner("unknown"), after.owner("product")) == (None, "product")
    assert [one.recorded_by for one in kept] == ["default", "Ada"]


def test_a_touchpoint_can_be_taken_off_the_map(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        ledger.withdraw(connection, "touchpoint", "store", NOW, "Ada", date(2026, 3, 1))
        assert "store" not in ledger.book(connection, date(2026, 3, 1)).touchpoints
        assert "store" in ledger.book(connection, date(2026, 2, 1)).touchpoints


@pytest.mark.parametrize(
    ("kind", "described", "field"),
    [
        ("promise", promise(target=float("nan")), "target"),
        ("promise", promise(target=180), "target"),
        ("promise", promise(metric="tnps"), "metric"),
        ("promise", promise(owner=""), "owner"),
        ("promise", promise(areas=[]), "areas"),
        ("promise", promise(id="Has Spaces"), "id"),
        ("promise", promise(direction="up"), "direction"),
        ("promise", promise(mood="good"), "mood"),
        ("friction", friction(concern="laziness"), "concern"),
        ("action", action(level="tactic"), "level"),
        ("action", action(measure_again_on="soon"), "measure_again_on"),
        ("context_event", {"id": "w", "text": {"it": "x"}, "start": "2026-03-02", "end": "2026-03-01"}, "end"),
        ("dream", {}, "kind"),
    ],
)
def test_what_cannot_be_written_is_refused_by_field(kind: str, described: dict[str, Any], field: str) -> None:
    with pytest.raises(EntryError) as error:
        parse(kind, described)
    assert error.value.field == field


FILE = b"""
valid_from: 2026-02-01
promises:
  - {id: design, text: {it: Bello}, areas: [product], owner: product, metric: reviews, target: 80, direction: at_least}
context_events:
  - {id: strike, text: {en: A strike}, start: 2026-03-05, valid_from: 2026-03-05}
"""


def test_entries_come_from_a_file(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        assert entry_file.record_all(connection, FILE, NOW, "Ada") == {"promises": 1, "context_events": 1}
        assert ledger.history(connection, "promise", "design")[0].valid_from == date(2026, 2, 1)
        assert ledger.history(connection, "context_event", "strike")[0].valid_from == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"[]", ""),
        (b"\xff\xfe", ""),
        (b"promises: {}", "promises"),
        (b"dreams: []", "dreams"),
        (b"promises: [1]", "promises[1]"),
        (b"promises: [{id: design}]", "promises[1]"),
        (b"valid_from: soon\npromises: [{id: design}]", "promises[1].valid_from"),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_place(sqlite: Engine, text: bytes, place: str) -> None:
    with pytest.raises(EntryError) as error, sqlite.begin() as connection:
        entry_file.record_all(connection, text, NOW, "Ada")
    assert error.value.field.startswith(place)


def test_every_kind_has_its_section() -> None:
    assert set(entry_file.SECTIONS.values()) == set(KINDS)


def test_entries_written_late_at_night_are_dated_by_the_brands_day(sqlite: Engine) -> None:
    late = NOW.replace(hour=22, minute=30) + timedelta(days=1)  # half past midnight in Rome
    with sqlite.begin() as connection:
        assert ledger.record(connection, "promise", promise(), late, "Ada").valid_from == date(2026, 5, 2)
