"""The CX side through the command line: files in, one JSON document or Markdown out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from desk import catalogue
from desk.cli import app
from desk.launch import home
from tests.touchpoints.cx.test_observation_import import GOOD, HEADER

ENTRIES = """
valid_from: 2026-01-01
promises:
  - {id: design, text: {it: Bei mobili}, areas: [product], owner: product, metric: reviews_4plus, target: 80,
     direction: at_least}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home.make(tmp_path / "home")
    return tmp_path


def file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_from_files_to_a_status(folder: Path) -> None:
    assert json.loads(run("cx", "--format", "json").stdout)["why"] == ["no_data", "no_promise_on_record"]
    early = run("touchpoints", "import-observations", file(folder, "o.csv", f"{HEADER}\n{GOOD}\n"))
    assert early.stdout == "1 observations read: 1 new, 0 revised, 0 unchanged\n"
    assert run("touchpoints", "import-entries", file(folder, "e.yaml", ENTRIES)).stdout == "1 promises written down\n"
    document = json.loads(run("cx", "--format", "json").stdout)
    assert document["status"] == "partial_evidence"
    assert document["period"]["from"] == "2026-03-01"
    assert [(row["id"], row["status"]) for row in document["promises"]["rows"]] == [("design", "kept")]
    page = run("cx", "--lang", "it").stdout
    assert "**Bei mobili**: Mantenuta (reviews_4plus almeno 80%; 86.0% (83.4–88.2), 688/800" in page
    assert page.index("## Promesse") < page.index("## Il servizio")


def test_refused_lines_are_named(folder: Path) -> None:
    result = run(
        "touchpoints", "import-observations", file(folder, "o.csv", f"{HEADER}\n{GOOD.replace('688', '900')}\n")
    )
    assert result.exit_code == 1
    assert "line 2: numerator: 900 is above the denominator, 800" in result.stderr
    assert "nothing was imported" in result.stderr


def test_orders(folder: Path) -> None:
    text = "customer_key,order_ref,at\na,o1,2026-03-01T10:00\n"
    assert (
        run("touchpoints", "import-orders", file(folder, "o.csv", text)).stdout
        == "1 orders read: 1 new, 0 known before\n"
    )
    broken = run("touchpoints", "import-orders", file(folder, "b.csv", text + ",o2,2026-03-01T10:00\n"))
    assert (broken.exit_code, "line 3: customer_key: missing" in broken.stderr) == (1, True)


def test_an_unknown_promise_is_pointed_out(folder: Path) -> None:
    text = f"{HEADER},promise_id\n{GOOD},design\n"
    assert (
        "promise 'design' (1×) is not on record yet"
        in run("touchpoints", "import-observations", file(folder, "o.csv", text)).stderr
    )


@pytest.mark.parametrize("arguments", [("--from", "soon"), ("--where", "mood=good"), ("--format", "csv")])
def test_what_cannot_be_asked_is_a_usage_error(arguments: tuple[str, str]) -> None:
    assert run("cx", *arguments).exit_code == 2


def test_every_code_of_the_summary_has_words_in_both_languages() -> None:
    """Codes are written in the package as plain strings; the catalogues word each."""
    from typing import get_args

    from touchpoints.cx import entry, pillars, priorities, tensions, vocabulary
    from touchpoints.cx.coverage import State

    beside = [
        f"service_{own}_promise_{kept}"
        for own in ("strong", "weak", "mixed")
        for kept in ("kept", "not_kept", "uncertain")
    ]
    source = Path(tensions.__file__).read_text(encoding="utf-8")
    others = [code for code in re.findall(r'"([a-z_]+)"', source) if f"cx.reading.{code}" in catalogue.keys("en")]
    wanted = {
        "reading": {*beside, *others},
        "promise": set(get_args(vocabulary.PromiseStatus)),
        "strength": set(get_args(tensions.Strength)),
        "tier": set(priorities.TIERS),
        "state": set(get_args(State)),
        "pillar": set(vocabulary.PILLARS),
        "level": set(get_args(vocabulary.Level)),
        "action_type": set(get_args(vocabulary.ActionType)),
        "offering": set(get_args(vocabulary.OfferingStage)),
        "evidence": {
            *(code for codes in pillars.SERVICE_ITEMS.values() for code in codes),
            *(code for codes in pillars.USUALLY_MISSING.values() for code in codes),
        },
    }
    assert len(others) == 7
    assert entry.KINDS
    for language in catalogue.languages():
        known = catalogue.keys(language)
        missing = [f"cx.{table}.{code}" for table, codes in wanted.items() for code in codes]
        assert [key for key in missing if key not in known] == []
    assert catalogue.keys("it") == catalogue.keys("en")


def test_a_pillar_told_in_part_says_so(folder: Path) -> None:
    line = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {"pillar": "time_and_effort"}
    run("touchpoints", "import-observations", file(folder, "o.csv", f"{','.join(line)}\n{','.join(line.values())}\n"))
    assert "measured in part only: effort to find, buy, collect, assemble" in run("cx").stdout
