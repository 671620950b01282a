"""The domain document's given / when / then once more, through the command line: events in, report out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.touchpoints.history import Conversation
from tests.touchpoints.test_cli import empty_home, run
from tests.touchpoints.test_given_when_then import answered, easy_and_hard, rated
from tests.touchpoints.test_tricky_histories import metrics, outcome, read

__all__ = ["empty_home"]


@pytest.mark.parametrize(("back", "final"), [("2026-03-09 10:00:00", "revoked"), ("2026-03-09 10:00:01", "assumed")])
def test_2_the_window(empty_home: Path, back: str, final: str) -> None:
    told = (answered("a", "2026-03-02 10:00:00"), answered("b", back))
    assert outcome(read(empty_home, *told))["a"] == final


@pytest.mark.parametrize(("reference", "final"), [("o2", "assumed"), (None, "revoked")])
def test_3_references(empty_home: Path, reference: str | None, final: str) -> None:
    reading = {"entity_ref": reference} if reference else {}
    told = (answered("a", "2026-03-02 10:00:00", entity_ref="o1"), answered("b", "2026-03-04 10:00:00", **reading))
    assert outcome(read(empty_home, *told))["a"] == final


def test_4_identifiable_share(empty_home: Path) -> None:
    known = [answered(f"k{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(6)]
    read(empty_home, *known, *[answered(f"n{i}", f"2026-03-02 11:0{i}:00", customer=None) for i in range(4)])
    repeat = metrics()["repeat_7d"]
    assert (repeat["denominator"], repeat["identifiable"]["numerator"], repeat["identifiable"]["denominator"]) == (
        6,
        6,
        10,
    )


@pytest.mark.parametrize(("as_of", "initial"), [("2026-03-03T09:59", "pending"), ("2026-03-03T10:00", "assumed")])
def test_5_silence(empty_home: Path, as_of: str, initial: str) -> None:
    rows = read(empty_home, answered("a", "2026-03-02 10:00:00"), as_of=as_of)
    assert rows["a"]["resolution_initial"] == initial


def test_6_the_queue_leaver(empty_home: Path) -> None:
    leaver = answered("a", "2026-03-02 10:00:00").add(60, "handoff.requested", why="customer_request")
    read(empty_home, leaver.add(360, "handoff.left"))
    found = metrics()
    assert [found[one]["numerator"] for one in ("handoff_rate", "abandonment", "containment")] == [1, 1, 0]


def test_7_greetings(empty_home: Path) -> None:
    greetings = [
        Conversation(f"g{i}", f"2026-03-02 12:0{i}:00").says(0, "ciao", intent="greet").bot(2, "greeting")
        for i in range(5)
    ]
    read(empty_home, answered("a", "2026-03-02 10:00:00"), *greetings)
    contacts = metrics()["contacts"]
    assert (contacts["n"], contacts["sessions"], contacts["excluded"]) == (1, 6, 5)


def test_11_the_silent_bound_the_survey(empty_home: Path) -> None:
    read(empty_home, *rated())
    csat = metrics()["csat"]
    assert (csat["numerator"], csat["denominator"], csat["bounds"]) == (9, 10, {"worst": 0.09, "best": 0.99})
    assert (round(100 * csat["low"], 1), round(100 * csat["high"], 1)) == (59.6, 98.2)


def test_13_none_of_ten(empty_home: Path) -> None:
    read(empty_home, *[answered(f"a{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(10)])
    abandonment = metrics()["abandonment"]
    assert (abandonment["value"], abandonment["low"], round(100 * abandonment["high"], 1)) == (0, 0, 27.8)


def test_10_the_comparison_warns(empty_home: Path) -> None:
    read(empty_home, *easy_and_hard(), as_of="2026-05-30")
    april = ("--from", "2026-04-01", "--to", "2026-04-30", "--as-of", "2026-05-30")
    march = ("--compare-from", "2026-03-01", "--compare-to", "2026-03-31")
    result = run("report", *april, *march, "--format", "json")
    assert result.exit_code == 0, result.output
    rate = json.loads(result.stdout)["comparison"]["metrics"]["resolution_confirmed"]
    assert (rate["before"]["value"], rate["after"]["value"]) == (0.82, 0.692)
    assert rate["standardised"]["value"] == pytest.approx(0.844)
    assert rate["warning"]["kind"] == "simpson"
