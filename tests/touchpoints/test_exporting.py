"""Exports: the same columns in every format, rows or none, each explained."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from tests.touchpoints.history import events, records_of, write_jsonl
from tests.touchpoints.test_cli import WEEK, empty_home, run
from tests.touchpoints.worked_example import week
from touchpoints.dictionary import COLUMNS, DICTIONARY, dictionary_csv
from touchpoints.exporting import csv_lines, json_lines, write_parquet

__all__ = ["empty_home"]


def test_the_dictionary_names_every_field_of_a_row_and_no_other() -> None:
    row = records_of(events(*week()), "2026-03-20 00:00:00")["C1"].row()
    assert set(row) == set(COLUMNS)
    assert all(field.meaning.endswith(".") for field in DICTIONARY)
    assert len(list(csv.DictReader(io.StringIO(dictionary_csv())))) == len(COLUMNS)


def test_a_value_is_of_the_kind_the_dictionary_says() -> None:
    kinds = {"text": str, "integer": int, "number": (int, float), "boolean": bool, "moment": str, "list": list}
    for record in records_of(events(*week()), "2026-03-20 00:00:00").values():
        row = record.row()
        for field in DICTIONARY:
            assert row[field.name] is None or isinstance(row[field.name], kinds[field.kind]), field


def test_without_rows_there_is_still_a_heading() -> None:
    assert list(csv.reader(csv_lines([]))) == [list(COLUMNS)]
    assert list(json_lines([])) == []
    target = io.BytesIO()
    write_parquet([], target)
    assert pl.read_parquet(target.getvalue()).columns == list(COLUMNS)


def test_all_formats_hold_the_same(empty_home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = write_jsonl(empty_home / "week.jsonl", events(*week()))
    run("touchpoints", "import-events", str(file))
    rows = [json.loads(line) for line in run("touchpoints", "export", "--format", "jsonl", *WEEK).stdout.splitlines()]
    table = list(csv.DictReader(io.StringIO(run("touchpoints", "export", *WEEK).stdout)))
    frame = pl.read_parquet(run("touchpoints", "export", "--format", "parquet", *WEEK).stdout_bytes)
    assert [row["id"] for row in rows] == [line["id"] for line in table] == frame["id"].to_list()
    assert [row["user_turns"] for row in rows] == frame["user_turns"].to_list()
    assert [row["started_at"] for row in rows] == [line["started_at"] for line in table]
    assert frame["started_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_list() == [row["started_at"] for row in rows]
    assert json.loads(frame["survey_offered"][0]) == rows[0]["survey_offered"]


def test_the_contacts_behind_a_number_and_the_dictionary_as_a_file(empty_home: Path) -> None:
    file = write_jsonl(empty_home / "week.jsonl", events(*week()))
    run("touchpoints", "import-events", str(file))
    meanings = empty_home / "dictionary.csv"
    wanted = ("--metric", "repeat_7d", "--part", "numerator", "--dictionary", str(meanings))
    table = list(csv.DictReader(io.StringIO(run("touchpoints", "export", *WEEK, *wanted).stdout)))
    assert [line["id"] for line in table] == ["C3", "C11"]
    assert meanings.read_text(encoding="utf-8").splitlines()[0] == "name,kind,meaning"
    assert run("touchpoints", "export", "--metric", "mood").exit_code == 2
