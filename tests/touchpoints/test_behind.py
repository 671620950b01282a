"""Every number of a report opens to exactly as many contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.history import events, population_of
from tests.touchpoints.worked_example import week
from touchpoints.behind import behind
from touchpoints.configuration import default
from touchpoints.errors import QueryError
from touchpoints.metrics import METRICS
from touchpoints.report import report
from touchpoints.rows import Counted, interactions
from touchpoints.store import append, reading

WEEK = ("2026-03-02", "2026-03-08", "2026-03-20")
NO_COUNT = ("immature", "sum", "median", "mean", "value", "low", "high", "version", "unit", "display", "maturity")


def counts(name: str, cell: dict[str, Any]) -> Iterator[tuple[Counted, int]]:
    """Every whole number of a cell that counts contacts, and how it is asked for."""
    for part, value in cell.items():
        if isinstance(value, dict) and "n" in value:
            yield from counts(f"{name}.{part}", value)
        elif part == "counts":
            for word, n in value.items():
                cells = {f"{word}.{inner}": m for inner, m in n.items()} if isinstance(n, dict) else {word: n}
                yield from ((Counted(name, value=cell), found) for cell, found in cells.items())
        elif isinstance(value, int) and part not in NO_COUNT:
            yield Counted(name, part), value


def test_each_number_of_the_worked_example_opens_to_its_contacts(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        append(connection, events(*week()))
    opened = 0
    with reading(sqlite) as connection:
        document = report(connection, default(), *WEEK)
        for name in METRICS:
            for counted, expected in counts(name, document["metrics"][name]):
                if document["metrics"][name].get("measured") is not False:
                    page = interactions(connection, default(), *WEEK, counted=counted)
                    assert (page.total, len(page.rows)) == (expected, expected), counted
                    opened += 1
    assert opened > 120


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Counted("containment", "numerator"), ["C1", "C2", "C3", "C6", "C8", "C10", "C11"]),
        (Counted("empty_containment", "numerator"), ["C3", "C6", "C8", "C11"]),
        (Counted("resolution_range.confirmed", "numerator"), ["C1", "C4", "C7", "C10"]),
        (Counted("resolution_assumed", "numerator"), ["C2", "C5"]),
        (Counted("resolved_by_bot", "numerator"), ["C1", "C2", "C10"]),
        (Counted("repeat_7d", "numerator"), ["C3", "C11"]),
        (Counted("fcr", "numerator"), ["C1", "C2", "C4", "C5", "C10"]),
        (Counted("unresolved", "numerator"), ["C8"]),
        (Counted("abandonment", "numerator"), ["C6"]),
        (Counted("after_hours", "numerator"), ["C5", "C10", "C11"]),
        (Counted("failure_demand", "numerator"), ["C1", "C3", "C5", "C6", "C7", "C8"]),
        (Counted("promise_broken", "numerator"), ["C3", "C5", "C6", "C7", "C8"]),
        (Counted("kb_cover", "numerator"), ["C1", "C2", "C3", "C4", "C5", "C8", "C10", "C11"]),
        (Counted("contacts", "excluded"), ["C9"]),
        (Counted("first_answer_s", "none"), ["C6"]),
        (Counted("causes", value="policy"), ["C4", "C11"]),
        (Counted("map", value="agent_desk.post_purchase"), ["C4", "C5"]),
    ],
)
def test_the_contacts_are_those_the_domain_document_names(
    sqlite: Engine, counted: Counted, expected: list[str]
) -> None:
    with sqlite.begin() as connection:
        append(connection, events(*week()))
    with reading(sqlite) as connection:
        rows = interactions(connection, default(), *WEEK, counted=counted).rows
    assert sorted((row["id"] for row in rows), key=lambda name: int(name[1:])) == expected


@pytest.mark.parametrize(
    ("metric", "part", "value", "field"),
    [
        ("mood", "n", None, "metric"),
        ("fcr.mood", "n", None, "metric"),
        ("nps", "n", None, "metric"),
        ("turns", "numerator", None, "part"),
        ("turns", "n", "chat", "value"),
    ],
)
def test_a_number_there_is_not_is_refused_by_name(metric: str, part: str, value: str | None, field: str) -> None:
    with pytest.raises(QueryError) as refused:
        behind(population_of(events(*week()), "2026-03-20 00:00:00"), metric, part, value)
    assert refused.value.field == field


def test_a_page_follows_its_cursor_whatever_arrives_meanwhile(engine: Engine) -> None:
    told = events(*week())
    with engine.begin() as connection:
        append(connection, [event for event in told if event["conversation_id"] != "C2"])
    with reading(engine) as connection:
        first = interactions(connection, default(), *WEEK, limit=4)
    with engine.begin() as connection:
        append(connection, told)  # C2 comes late, before the page's end
    seen, cursor = [row["id"] for row in first.rows], first.cursor
    while cursor is not None:
        with reading(engine) as connection:
            page = interactions(connection, default(), *WEEK, limit=4, cursor=cursor)
        seen, cursor = seen + [row["id"] for row in page.rows], page.cursor
    assert seen == ["C1", "C3", "C4", "C6", "C5", "C7", "C8", "C9", "C10", "C11"]
    with reading(engine) as connection, pytest.raises(QueryError, match="cursor"):
        interactions(connection, default(), *WEEK, cursor="nonsense")
