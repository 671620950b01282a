"""The given / when / then of the domain document from end to end: events into a file, the report out of the command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.touchpoints.history import Conversation, events, write_jsonl
from tests.touchpoints.test_cli import empty_home, run
from tests.touchpoints.test_given_when_then import answered, easy_and_hard, rated
from tests.touchpoints.worked_example import week

__all__ = ["empty_home"]
Report = Callable[..., dict[str, Any]]
LATER = ("--as-of", "2026-04-30")


@pytest.fixture
def reported(empty_home: Path) -> Report:
    """Imports conversations and reports on them."""

    def report(conversations: list[Conversation], *arguments: str) -> dict[str, Any]:
        file = write_jsonl(empty_home / "history.jsonl", events(*conversations))
        imported = run("touchpoints", "import-events", str(file))
        assert imported.exit_code == 0, imported.output
        shown = run("report", *arguments, "--format", "json")
        assert shown.exit_code == 0, shown.output
        document: dict[str, Any] = json.loads(shown.stdout)
        return document

    return report


def test_1_as_of_10_march_noon_three_are_mature_and_nothing_is_shown(reported: Report) -> None:
    days = ("--from", "2026-03-02", "--to", "2026-03-08", "--as-of", "2026-03-10T12:00")
    found = reported(week(), *days)["metrics"]["resolution_range"]
    assert (found["upper"]["numerator"], found["upper"]["denominator"]) == (2, 3)
    assert (found["display"], found["maturity"]) == ("n<5", "provisional")


@pytest.mark.parametrize(("back", "revoked", "issues"), [("10:00:00", 1, 1), ("10:00:01", 0, 2)])
def test_2_a_return_at_168_hours_and_a_second_later(reported: Report, back: str, revoked: int, issues: int) -> None:
    first, again = answered("a", "2026-03-02 10:00:00"), answered("b", f"2026-03-09 {back}")
    found = reported([first, again], *LATER)["metrics"]
    assert (found["revocation"]["numerator"], found["issues"]["n"]) == (revoked, issues)


@pytest.mark.parametrize(("ref", "revoked"), [("o2", 0), (None, 1), ("o1", 1)])
def test_3_another_order_does_not_revoke_and_a_missing_one_does(
    reported: Report, ref: str | None, revoked: int
) -> None:
    first = answered("a", "2026-03-02 10:00:00", entity_ref="o1")
    again = answered("b", "2026-03-04 10:00:00", entity_ref=ref)
    assert reported([first, again], *LATER)["metrics"]["revocation"]["numerator"] == revoked


def test_4_repeat_over_the_identifiable(reported: Report) -> None:
    known = [answered(f"k{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(6)]
    anonymous = [answered(f"n{i}", f"2026-03-02 11:0{i}:00", customer=None) for i in range(4)]
    repeat = reported([*known, *anonymous], *LATER)["metrics"]["repeat_7d"]
    assert repeat["denominator"] == 6
    assert (repeat["identifiable"]["numerator"], repeat["identifiable"]["denominator"]) == (6, 10)


@pytest.mark.parametrize(("as_of", "assumed"), [("2026-03-03T09:59:00", 0), ("2026-03-03T10:00:00", 1)])
def test_5_silence_of_24_hours(reported: Report, as_of: str, assumed: int) -> None:
    found = reported([answered("a", "2026-03-02 10:00:00")], "--as-of", as_of)["metrics"]
    assert (found["contacts"]["n"], found["resolution_initial"]["numerator"]) == (1, assumed)


def test_6_a_queue_leaver(reported: Report) -> None:
    leaver = answered("a", "2026-03-02 10:00:00").add(60, "handoff.requested", why="customer_request")
    found = reported([leaver.add(360, "handoff.left")], *LATER)["metrics"]
    counted = [found[name]["numerator"] for name in ("handoff_rate", "abandonment", "containment")]
    assert counted == [1, 1, 0]


def test_7_greetings_change_no_rate(reported: Report) -> None:
    contacts = [answered(f"a{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(7)]
    hello = [Conversation(f"g{i}", f"2026-03-02 12:0{i}:00").says(0, "ciao", intent="greet", reason=None)
             for i in range(5)]  # fmt: skip
    days = ("--from", "2026-03-02", "--to", "2026-03-02", *LATER)
    without = reported(contacts, *days)["metrics"]
    beside = reported([one.bot(2, "greeting") for one in hello], *days)["metrics"]
    assert (beside.pop("contacts")["excluded"], without.pop("contacts")["excluded"]) == (5, 0)
    assert beside == without


def test_10_the_mix_hides_that_every_reason_got_better(reported: Report) -> None:
    march, april = ("2026-03-02", "2026-03-02"), ("2026-04-06", "2026-04-06")
    compare = ("--compare-from", march[0], "--compare-to", march[1])
    arguments = ("--from", april[0], "--to", april[1], "--as-of", "2026-05-30", *compare)
    found = reported(easy_and_hard(scale=4), *arguments)["comparison"]
    rate = found["metrics"]["resolution_confirmed"]
    assert (rate["before"]["value"], rate["after"]["value"]) == (pytest.approx(0.82), pytest.approx(0.692))
    assert rate["standardised"]["value"] == pytest.approx(0.844)
    assert rate["warning"] == {"kind": "simpson", "because": ["direction", "mix"]}


def test_11_bounds_for_the_silent(reported: Report) -> None:
    csat = reported(rated(), *LATER)["metrics"]["csat"]
    assert (csat["value"], round(100 * csat["low"], 1), round(100 * csat["high"], 1)) == (0.9, 59.6, 98.2)
    assert csat["bounds"] == {"worst": 0.09, "best": 0.99}


def test_13_none_of_ten(reported: Report) -> None:
    contacts = [answered(f"a{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(10)]
    abandonment = reported(contacts, *LATER)["metrics"]["abandonment"]
    assert (abandonment["value"], round(100 * abandonment["high"], 1)) == (0, 27.8)


def test_the_worked_example_as_markdown_and_csv(reported: Report) -> None:
    days = ("--from", "2026-03-02", "--to", "2026-03-08", "--as-of", "2026-03-20")
    reported(week(), *days)
    compared = (*days, "--compare-from", "2026-02-23", "--compare-to", "2026-03-01")
    assert "Compared with 2026-02-23 – 2026-03-01" in run("report", *compared).stdout
    lines = list(csv.DictReader(io.StringIO(run("report", *compared, "--format", "csv").stdout)))
    assert {line["group"] for line in lines} == {"", "2026-02-23 – 2026-03-01"}
    assert run("report", *days, "--compare-from", "2026-02-23").exit_code == 2
