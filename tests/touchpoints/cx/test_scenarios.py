"""S-IKEA and S-INVERSE: service and promise told apart, on both databases and through the command line."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine
from typer.testing import CliRunner

from desk.cli import app
from desk.cli.cx_markdown import markdown
from desk.demo.scenarios import SCENARIOS, Scenario, put
from desk.launch import home
from tests.touchpoints.cx.evidence import NOW, statuses
from tests.touchpoints.history import write_jsonl
from touchpoints import configuration
from touchpoints.cx.observation import FIELDS
from touchpoints.cx.summary import summary
from touchpoints.store import open_engine, reading, refresh

FIRST_DAY = date(2026, 3, 2)


def told(engine: Engine, scenario: Scenario) -> dict[str, Any]:
    with engine.begin() as connection:
        put(connection, scenario, NOW)
        refresh(connection)
    with reading(engine) as connection:
        return summary(connection, scenario.configuration, *scenario.days, as_of=scenario.mature_on)


def measures(document: dict[str, Any]) -> dict[str, Any]:
    return {one["metric"]: one for one in document["service"]["measures"]}


def rounded(figure: dict[str, Any]) -> tuple[float, float, float]:
    return round(figure["value"], 1), round(figure["low"], 1), round(figure["high"], 1)


def figures(document: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    return {row["id"]: rounded(row["figure"]) for row in document["promises"]["rows"]}


def check_ikea(document: dict[str, Any]) -> None:
    assert statuses(document) == {"design": "kept", "low_price": "kept", "quality": "kept"}
    assert figures(document) == {
        "design": (86.0, 83.4, 88.2), "low_price": (84.0, 80.5, 87.0), "quality": (1.2, 1.1, 1.4)
    }  # fmt: skip
    service = measures(document)
    assert document["service"]["strength"] == "weak"
    lasted = service["resolution_range"]["figure"]
    assert (lasted["numerator"], lasted["denominator"], *rounded(lasted)) == (90, 200, 45.0, 38.3, 51.9)
    assert rounded(service["csat"]["figure"]) == (38.3, 27.1, 51.0)
    assert service["agent_wait_s"]["figure"]["value"] == 840
    assert document["readings"][0] == "service_weak_promise_kept"
    assert "Servizio debole, promessa mantenuta: il servizio non fa parte della promessa." in markdown(document, "it")
    nps = next(one for one in document["relationship"]["relationship"] if one["metric"] == "nps")
    assert (round(nps["value"]), nps["n"]) == (48, 1000)
    assert document["status"] == "partial_evidence"
    to_fix = {row["cause"] for row in document["priorities"]["to_fix"]}
    assert not {"store.queue", "product.assembly"} & to_fix
    assert {row["cause"] for row in document["priorities"]["designed"]} == {"store.queue", "product.assembly"}


def check_inverse(document: dict[str, Any]) -> None:
    assert statuses(document) == {"quality": "not_kept", "on_time": "not_kept", "fair_price": "not_kept"}
    service = measures(document)
    assert document["service"]["strength"] == "strong"
    lasted = service["resolution_range"]["figure"]
    assert (lasted["numerator"], lasted["denominator"], *rounded(lasted)) == (176, 200, 88.0, 82.8, 91.8)
    assert (service["csat"]["figure"]["numerator"], service["csat"]["figure"]["denominator"]) == (74, 80)
    assert service["agent_wait_s"]["figure"]["value"] == 30
    failure = {row["value"]: row["contacts"] for row in document["causes"]["by_demand"]}
    assert failure == {"failure": 162, "value": 38}
    assert document["readings"][0] == "service_strong_promise_not_kept"
    assert "Il servizio rimedia bene; la promessa non è mantenuta." in markdown(document, "it")
    nps = next(one for one in document["relationship"]["relationship"] if one["metric"] == "nps")
    assert round(nps["value"]) == -22
    first = document["priorities"]["to_fix"][:3]
    assert [row["owner"] for row in first] == ["product", "logistics", "pricing"]
    assert "customer_care" not in {row["owner"] for row in document["priorities"]["to_fix"]}
    assert document["promises"]["counts"]["kept"] == 0
    words = markdown(document, "en").lower()
    assert "more bot" not in words and "more agents" not in words
    assert document["actions"] == {"cx_strategy": [], "service_tactic": []}


CHECKS = {"ikea": check_ikea, "inverse": check_inverse}


@pytest.mark.parametrize("name", ["ikea", "inverse"])
def test_scenario(engine: Engine, name: str) -> None:
    CHECKS[name](told(engine, SCENARIOS[name](FIRST_DAY)))


@pytest.mark.parametrize("name", ["ikea", "inverse"])
def test_without_the_imports_neither_good_nor_bad_is_concluded(sqlite: Engine, name: str) -> None:
    document = told(sqlite, SCENARIOS[name](FIRST_DAY).without_imports())
    assert set(statuses(document).values()) == {"not_measured"}
    assert document["status"] == "insufficient_evidence"
    assert document["why"] == ["service_data_only", "no_promise_measured"]
    assert not [code for code in document["readings"] if code.startswith("service_")]
    assert "no_promise_measured" in document["readings"]
    assert not [row for row in document["priorities"]["to_fix"] if row["promise_id"]]


def test_s_inverse_failure_demand_is_81_percent() -> None:
    from touchpoints.interval import wilson

    assert wilson(162, 200) == pytest.approx((0.750, 0.858), abs=5e-4)


@pytest.mark.parametrize("name", ["ikea", "inverse"])
def test_scenario_through_the_command_line(
    name: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = SCENARIOS[name](FIRST_DAY)
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    home.make(tmp_path / "home")
    keep_configuration(tmp_path / "home", scenario)
    for arguments in (
        ("touchpoints", "import-events", write_jsonl(tmp_path / "contacts.jsonl", scenario.events())),
        ("touchpoints", "import-entries", written(tmp_path, scenario)),
        ("touchpoints", "import-observations", spreadsheet(tmp_path, scenario)),
    ):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
    asked = ["--from", str(scenario.days[0]), "--to", str(scenario.days[1]), "--as-of", str(scenario.mature_on)]
    CHECKS[name](json.loads(CliRunner().invoke(app, ["cx", *asked, "--format", "json"]).stdout))
    assert "## Promesse" in CliRunner().invoke(app, ["cx", *asked, "--lang", "it"]).stdout


def keep_configuration(folder: Path, scenario: Scenario) -> None:
    from desk.settings import load
    from touchpoints.store import migrate

    engine = open_engine(load().database)
    migrate(engine)
    with engine.begin() as connection:
        configuration.save(connection, scenario.configuration, NOW)
    engine.dispose()


def written(folder: Path, scenario: Scenario) -> Path:
    """Promises and frictions as a lead would keep them in a file."""
    sections = {f"{kind}s": list(entries) for kind, entries in scenario.entries.items()}
    file = folder / "entries.yaml"
    file.write_text(yaml.safe_dump({"valid_from": scenario.first_day, **sections}), encoding="utf-8")
    return file


def spreadsheet(folder: Path, scenario: Scenario) -> Path:
    """The observations as an Italian spreadsheet saves them."""
    file = folder / "observations.csv"
    with file.open("w", encoding="cp1252", newline="") as target:
        table = csv.DictWriter(target, FIELDS, delimiter=";")
        table.writeheader()
        table.writerows(scenario.observations())
    return file
