"""The rules a number must obey before anybody sees it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.history import Conversation, events, measures_of, records_of
from tests.touchpoints.worked_example import week
from touchpoints.configuration import default
from touchpoints.facts import Facts
from touchpoints.formulas import FORMULAS
from touchpoints.metrics import METRICS, version
from touchpoints.rendering import report_csv, report_markdown
from touchpoints.report import report
from touchpoints.rows import row
from touchpoints.store import append, reading

LATER = "2026-04-30 23:59:59"


@pytest.fixture
def document(sqlite: Engine) -> dict[str, Any]:
    return broken_down(sqlite, by="contact_reason")


def broken_down(engine: Engine, by: str | None, extra: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    with engine.begin() as connection:
        append(connection, [*events(*week()), *(extra or [])])
    with reading(engine) as connection:
        return report(connection, default(), "2026-03-02", "2026-03-08", "2026-03-20", by=by)


def names(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from names(value)
    elif isinstance(found, list):
        for value in found:
            yield from names(value)


def questions(n: int, customers: int | None = None, minute: int = 0) -> list[dict[str, Any]]:
    return events(
        *(
            Conversation(
                f"q{minute}-{i}",
                f"2026-03-03 {10 + i // 60}:{i % 60:02}:{minute:02}",
                customer=f"K{i % (customers or n)}",
                reason=f"reason.r{i}",
                language="en",
            ).asks()
            for i in range(n)
        )
    )


def test_r1_nothing_is_an_overall_score(document: dict[str, Any]) -> None:
    record = next(iter(records_of(events(*week()), LATER).values()))
    everywhere = [*names(document), *row(record, default()), *Facts.__struct_fields__, *METRICS]
    assert not [name for name in everywhere if name.lower().startswith("cx") or "score" in name.lower().split("_")]
    for text in (report_markdown(document), report_csv(document), json.dumps(document)):
        assert "cx score" not in text.lower()


def test_r2_every_number_says_what_it_is_about(document: dict[str, Any]) -> None:
    for said in ("scope", "population", "method", "period", "as_of", "config_version"):
        assert document[said]
    cells = [document["metrics"], *(group["metrics"] for group in document["groups"])]
    for cell in (cell for found in cells for cell in found.values()):
        assert {"n", "version", "display", "unit"} <= set(cell)
        assert cell["version"] == version(default().windows)


def test_r2_in_csv_and_markdown(document: dict[str, Any]) -> None:
    for line in csv.DictReader(io.StringIO(report_csv(document))):
        assert all(line[said] for said in ("scope", "population", "method", "period_from", "as_of", "config_version"))
        assert line["version"]
    assert document["scope"] in report_markdown(document)


def test_r3_what_was_not_observed_is_not_zero() -> None:
    for name, cell in measures_of([], LATER).items():
        assert cell["n"] == 0
        assert cell["display"] in ("n<5", "not measured here"), name
        if METRICS[name].unit != "n" or "value" in cell:
            assert cell.get("value") is None, name
            assert cell.get("median") is None, name


def test_r11_under_5_hidden_under_10_counts_from_10_an_interval() -> None:
    shown = {n: measures_of(questions(n), LATER)["containment"]["display"] for n in (4, 5, 9, 10)}
    assert shown == {4: "n<5", 5: "5/5", 9: "9/9", 10: "100.0% (72.2–100.0), 10/10"}
    durations = {n: measures_of(questions(n), LATER)["first_answer_s"]["display"] for n in (4, 5, 10)}
    assert durations == {4: "n<5", 5: "n=5", 10: "5 s (5–5), n=10"}


def test_r11_a_cell_of_a_break_down_with_few_customers_carries_no_number(sqlite: Engine) -> None:
    grouped = broken_down(sqlite, "language", [*questions(12, customers=4), *events(*[])])
    english, italian = grouped["groups"]
    assert (english["value"], italian["value"]) == ("en", "it")
    containment = english["metrics"]["containment"]
    assert (containment["hidden"], containment["display"]) == (True, "n<5")
    assert {containment[name] for name in ("n", "numerator", "denominator", "value", "low", "high")} == {None}
    assert italian["metrics"]["containment"]["numerator"] == 7
    assert italian["metrics"]["causes"]["counts"]["price"] is None
    assert grouped["metrics"]["causes"]["counts"]["price"] == 1


def test_r11_json_always_carries_the_numbers_of_the_whole(document: dict[str, Any]) -> None:
    cell = document["metrics"]["resolved_after_handoff"]
    assert (cell["numerator"], cell["denominator"], cell["value"], cell["display"]) == (3, 3, 1, "n<5")
    assert cell["low"] < cell["high"]


def test_r12_survey_metrics_say_who_was_silent(document: dict[str, Any]) -> None:
    for name in ("csat", "ces"):
        assert {"offered", "answered", "bounds", "mean"} <= set(document["metrics"][name])


def test_r14_immature_contacts_leave_numerator_and_denominator() -> None:
    every = events(*week())
    then, later = measures_of(every, "2026-03-12 12:00:00"), measures_of(every, "2026-03-20 00:00:00")
    for name, metric in METRICS.items():
        if metric.cohort == "mature":
            assert then[name]["maturity"] == "provisional"
            assert then[name]["n"] < later[name]["n"] or name == "resolved_after_handoff", name
    assert then["resolution_range"]["n"] + then["resolution_range"]["immature"] == then["contacts"]["n"]


def test_the_list_of_metrics_is_closed_and_each_says_what_it_is() -> None:
    assert list(METRICS) == list(FORMULAS)
    for metric in METRICS.values():
        for text in (*metric.name.__struct_fields__, *metric.definition.__struct_fields__):
            assert text in ("it", "en")
        for sentence in (metric.definition.it, metric.definition.en):
            assert sentence.endswith(".")
            assert sentence.count(". ") == 0
        assert metric.name.it != metric.definition.it
        assert metric.formula


@pytest.mark.parametrize("field", ["hour", "day", "week", "month"])
def test_break_downs_by_time_follow_the_brands_clock(sqlite: Engine, field: str) -> None:
    night = [Conversation(f"n{i}", f"2026-03-29 0{i}:30:00", customer=f"K{i}").asks() for i in (1, 3)]
    with sqlite.begin() as connection:
        append(connection, events(*night))
    with reading(sqlite) as connection:
        found = report(connection, default(), "2026-03-29", "2026-03-29", "2026-04-30", by=field)
    expected = {
        "hour": ["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"],
        "day": ["2026-03-29"],
        "week": ["2026-W13"],
        "month": ["2026-03"],
    }
    assert [group["value"] for group in found["groups"]] == expected[field]


def test_a_spreadsheet_runs_no_customers_words() -> None:
    from touchpoints.rows import csv_lines

    told = (
        Conversation("a", "2026-03-02 10:00:00", customer="=1+1").asks().add(9, "survey.answered", comment="@SUM(A1)")
    )
    record = records_of(events(told), LATER)["a"]
    (line,) = list(csv.DictReader(io.StringIO("".join(csv_lines([row(record, default())])))))
    assert (line["customer_key"], line["comment"]) == ("'=1+1", "'@SUM(A1)")
