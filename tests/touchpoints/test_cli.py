"""The record through the command line: events in, one JSON document out."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from desk.cli import record
from desk.cli.cx import cx
from desk.launch import home
from desk.settings import load
from tests.touchpoints.history import events, write_jsonl
from tests.touchpoints.test_worked_example import PROPORTIONS
from tests.touchpoints.worked_example import week
from touchpoints.configuration import default, save
from touchpoints.store import open_engine

app = typer.Typer()
app.command("report")(record.report)
app.command("cx")(cx)
app.add_typer(record.touchpoints_app, name="touchpoints")
WEEK = ["--from", "2026-03-02", "--to", "2026-03-08", "--as-of", "2026-03-20"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home.make(tmp_path / "home")
    return tmp_path


@pytest.fixture
def imported(empty_home: Path) -> Path:
    file = write_jsonl(empty_home / "week.jsonl", events(*week()))
    result = run("touchpoints", "import-events", str(file))
    assert result.exit_code == 0, result.output
    assert result.stdout == "143 events imported, 0 known before, 12 conversations derived\n"
    return file


def test_worked_example_as_json(imported: Path) -> None:
    result = run("report", *WEEK, "--format", "json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    found = document["metrics"]
    assert {name: (found[name]["numerator"], found[name]["denominator"]) for name in PROPORTIONS} == {
        name: expected[:2] for name, expected in PROPORTIONS.items()
    }
    assert document["scope"] == "service_touchpoint"
    assert document["period"] == {"from": "2026-03-02", "to": "2026-03-08"}
    assert document["config_version"]


def test_worked_example_on_either_database(
    empty_home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert run("touchpoints", "import-events", str(write_jsonl(empty_home / "w.jsonl", events(*week())))).exit_code == 0
    found = json.loads(run("report", *WEEK, "--format", "json").stdout)["metrics"]
    assert {name: (found[name]["numerator"], found[name]["denominator"]) for name in PROPORTIONS} == {
        name: expected[:2] for name, expected in PROPORTIONS.items()
    }
    assert found["ttr_contact_s"]["mean"] == pytest.approx(8055.83, abs=0.01)
    told = json.loads(run("cx", *WEEK, "--format", "json").stdout)
    assert told["status"] == "insufficient_evidence"
    lines = run("touchpoints", "export", "--as-of", "2026-03-20", "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 12


def test_configurations_are_listed_and_named(imported: Path) -> None:
    assert run("touchpoints", "configurations").stdout == ""
    version = json.loads(run("report", *WEEK, "--format", "json").stdout)["config_version"]
    with open_engine(load().database).begin() as connection:
        save(connection, default(), datetime(2026, 3, 2, tzinfo=UTC), by="ada")
    assert run("touchpoints", "configurations").stdout == f"2026-03-02T00:00:00Z  {version}  ada\n"
    named = json.loads(run("report", *WEEK, "--config", version, "--format", "json").stdout)
    assert named["config_version"] == version
    refused = run("touchpoints", "export", "--config", "nowhere")
    assert (refused.exit_code, "ever in force" in refused.output) == (1, True)


def test_importing_twice_changes_nothing(imported: Path) -> None:
    before = run("report", *WEEK, "--format", "json").stdout
    assert "0 events imported, 143 known before" in run("touchpoints", "import-events", str(imported)).stdout
    assert run("touchpoints", "recompute").stdout == "12 conversations derived\n"
    assert run("report", *WEEK, "--format", "json").stdout == before


def test_csv_shows_no_value_of_few(imported: Path) -> None:
    lines = list(csv.DictReader(io.StringIO(run("report", *WEEK, "--format", "csv").stdout)))
    by_metric = {line["metric"]: line for line in lines}
    assert by_metric["containment"]["value"] == "0.7"
    assert (by_metric["revocation"]["numerator"], by_metric["revocation"]["value"]) == ("2", "")
    assert (by_metric["resolved_after_handoff"]["n"], by_metric["resolved_after_handoff"]["display"]) == ("", "n<5")
    assert {line["scope"] for line in lines} == {"service_touchpoint"}


def test_markdown_names_the_period(imported: Path) -> None:
    result = run("report", *WEEK, "--where", "language=it")
    assert "2026-03-02 – 2026-03-08" in result.stdout
    assert "40.0%–60.0%" in result.stdout


def test_filter_and_break_down(imported: Path) -> None:
    wanted = ("--where", "cause=product", "--where", "cause=price")
    shown = run("report", *WEEK, "--by", "cause", *wanted, "--format", "json")
    document = json.loads(shown.stdout)
    assert document["where"] == {"cause": ["product", "price"]}
    assert document["metrics"]["contacts"]["n"] == 4
    assert [group["value"] for group in document["groups"]] == ["price", "product"]


def test_export(imported: Path) -> None:
    rows = [json.loads(line) for line in run("touchpoints", "export", "--format", "jsonl", *WEEK).stdout.splitlines()]
    assert [row["id"] for row in rows][:3] == ["C1", "C2", "C3"]
    assert rows[2]["resolution_final"] == "revoked"
    assert rows[2]["revoked_by"] == "C7"
    assert rows[8]["exclusion_reason"] == "greeting_only"
    table = list(csv.DictReader(io.StringIO(run("touchpoints", "export", *WEEK).stdout)))
    assert [line["id"] for line in table] == [row["id"] for row in rows]


def test_refused_lines_are_named_and_nothing_is_stored(empty_home: Path) -> None:
    good = events(*week()[:1])
    broken: list[dict[str, object]] = [{**good[0], "seq": None}, {**good[1], "type": "message.pigeon"}]
    broken.append({**good[2], "at": "2026-03-02T10:00:00"})
    file = write_jsonl(empty_home / "broken.jsonl", [*good, *broken])
    result = run("touchpoints", "import-events", str(file))
    first = len(good) + 1
    assert result.exit_code == 1
    assert f"line {first}: seq: missing" in result.stderr
    assert f"line {first + 1}: type: unknown event type 'message.pigeon'" in result.stderr
    assert f"line {first + 2}: at: expected `datetime` with a timezone component" in result.stderr
    assert json.loads(run("report", "--format", "json").stdout)["metrics"]["contacts"]["sessions"] == 0


@pytest.mark.parametrize(
    "arguments",
    [("--by", "mood"), ("--where", "mood=good"), ("--where", "cause"), ("--from", "yesterday"), ("--as-of", "soon")],
)
def test_what_cannot_be_asked_is_a_usage_error(arguments: tuple[str, str]) -> None:
    result = run("report", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_period_that_ends_before_it_starts() -> None:
    assert run("report", "--from", "2026-03-08", "--to", "2026-03-02").exit_code == 2


def test_erase(imported: Path) -> None:
    before = json.loads(run("report", *WEEK, "--format", "json").stdout)
    assert run("touchpoints", "erase", "C").stdout == "2 conversations erased\n"
    assert json.loads(run("report", *WEEK, "--format", "json").stdout) == before
    again = run("touchpoints", "erase", "C")
    assert again.exit_code == 1
    assert "no conversation of 'C'" in again.stderr
