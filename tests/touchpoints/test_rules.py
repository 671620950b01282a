"""The rules a number must obey before anybody sees it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.touchpoints.history import Conversation, contacts_of, events, facts_of, measures_of, records_of, rome
from tests.touchpoints.worked_example import week
from touchpoints.comparison import compared
from touchpoints.configuration import default
from touchpoints.cx import orders
from touchpoints.exporting import csv_lines
from touchpoints.facts import Facts
from touchpoints.fields import FIELDS
from touchpoints.formulas import FORMULAS
from touchpoints.instant import from_datetime
from touchpoints.metrics import METRICS, version
from touchpoints.population import Population
from touchpoints.rendering import report_csv, report_markdown
from touchpoints.report import report
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
    everywhere = [*names(document), *record.row(), *Facts.__struct_fields__, *METRICS]
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


def test_r13_a_reason_that_moves_by_more_than_10_points_warns_and_one_of_10_does_not() -> None:
    def warned(shop_now: int) -> bool:
        day = {"then": "2026-03-02", "now": "2026-04-06"}
        told = [
            Conversation(
                f"{when}{i}", f"{day[when]} 10:{i:02}:00", customer=f"{when}{i}", reason=f"demo.{reason}"
            ).asks()
            for when, shop in (("then", 10), ("now", shop_now))
            for i, reason in enumerate(["shop"] * shop + ["web"] * (20 - shop))
        ]
        contacts = contacts_of(facts_of(events(*told)), "2026-05-30 00:00:00")
        april = contacts.number("started_at") >= from_datetime(rome("2026-04-01 00:00:00"))
        before, after = (Population(contacts, np.flatnonzero(mask)) for mask in (~april, april))
        found = compared(before, after)
        assert [one["value"] for one in found["mix"]] == ["demo.shop", "demo.web"]
        return found["metrics"]["containment"]["warning"] is not None

    assert (warned(12), warned(13)) == (False, True)


def test_r13_the_mix_of_few_customers_is_hidden() -> None:
    contacts = contacts_of(facts_of(questions(12, customers=4)), "2026-05-30 00:00:00")
    everyone = Population(contacts, np.arange(len(contacts)))
    assert {one["before"] for one in compared(everyone, everyone)["mix"]} == {None}


def test_r16_no_agent_is_named_or_compared(document: dict[str, Any]) -> None:
    seen = records_of(events(*week()), LATER)
    rows = [record.row() for record in seen.values()]
    assert any(row["holder"] == "agent" for row in rows)
    for text in (json.dumps(document), json.dumps(rows), report_csv(document), report_markdown(document)):
        assert "marta" not in text
    assert not {"agent", "agent_id", "agent_name"} & {*FIELDS, *rows[0]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "it"),
        ("channel", "chat"),
        ("reason", "returns.how_to"),
        ("cause", "policy"),
        ("stage", "post_purchase"),
        ("segment", "unknown"),
        ("holder", "agent"),
    ],
)
def test_every_break_down_has_its_groups_and_they_add_up(sqlite: Engine, field: str, value: str) -> None:
    found = broken_down(sqlite, field)
    groups = {group["value"]: group["metrics"]["contacts"] for group in found["groups"]}
    assert value in groups
    with reading(sqlite) as connection:
        for one in groups:
            only = report(connection, default(), "2026-03-02", "2026-03-08", "2026-03-20", where={field: one})
            assert only["metrics"]["contacts"]["sessions"] > 0
            hidden = groups[one].get("hidden", False)
            assert hidden or groups[one]["n"] == only["metrics"]["contacts"]["n"]


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
    told = (
        Conversation("a", "2026-03-02 10:00:00", customer="=1+1").asks().add(9, "survey.answered", comment="@SUM(A1)")
    )
    record = records_of(events(told), LATER)["a"]
    (line,) = list(csv.DictReader(io.StringIO("".join(csv_lines([record.row()])))))
    assert (line["customer_key"], line["comment"]) == ("'=1+1", "'@SUM(A1)")


def test_contacts_per_100_orders_need_the_orders_and_only_them(sqlite: Engine) -> None:
    found = broken_down(sqlite, None)["metrics"]["contact_rate"]
    assert (found["value"], found["display"]) == (None, "not measured here")
    with sqlite.begin() as connection:
        placed = [{"customer_key": f"k{i}", "order_ref": f"o{i}", "at": "2026-03-03T10:00:00"} for i in range(40)]
        orders.add(connection, placed, default())
    with reading(sqlite) as connection:
        asked = (connection, default(), "2026-03-02", "2026-03-08", "2026-03-20")
        found = report(*asked)["metrics"]["contact_rate"]
        filtered = report(*asked, where={"cause": "product"})["metrics"]["contact_rate"]
    assert (found["numerator"], found["denominator"], found["value"], found["display"]) == (10, 40, 25, "25.0, 10/40")
    assert filtered["value"] is None  # orders have no cause
