"""Every number of the worked example, from events through the stored record to the report."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.touchpoints.history import events, records_of
from tests.touchpoints.worked_example import week
from touchpoints.configuration import default
from touchpoints.report import report
from touchpoints.store import append, reading, refresh

CONTACTS = ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C10", "C11"]
PROPORTIONS = {
    "containment": (7, 10, 39.7, 89.2),
    "empty_containment": (4, 7, 25.0, 84.2),
    "handoff_rate": (3, 10, 10.8, 60.3),
    "resolution_initial": (8, 10, 49.0, 94.3),
    "resolution_confirmed": (4, 10, 16.8, 68.7),
    "resolution_assumed": (2, 10, 5.7, 51.0),
    "resolved_by_bot": (3, 10, 10.8, 60.3),
    "resolved_after_handoff": (3, 3, 43.9, 100.0),
    "revocation": (2, 8, 7.1, 59.1),
    "unresolved": (1, 10, 1.8, 40.4),
    "abandonment": (1, 10, 1.8, 40.4),
    "repeat_7d": (2, 10, 5.7, 51.0),
    "fcr": (5, 9, 26.7, 81.1),
    "high_friction": (3, 10, 10.8, 60.3),
    "csat": (4, 6, 30.0, 90.3),
    "ces": (3, 6, 18.8, 81.2),
    "after_hours": (3, 10, 10.8, 60.3),
    "kb_cover": (8, 10, 49.0, 94.3),
    "failure_demand": (6, 10, 31.3, 83.2),
    "promise_broken": (5, 10, 23.7, 76.3),
}


@pytest.fixture(params=["derived in memory", "derived and stored"])
def metrics(request: pytest.FixtureRequest, engine: Engine) -> dict[str, Any]:
    with engine.begin() as connection:
        append(connection, events(*week()))
        if request.param == "derived and stored":
            assert refresh(connection) == 12
    with reading(engine) as connection:
        document = report(connection, default(), "2026-03-02", "2026-03-08", "2026-03-20")
    found: dict[str, Any] = document["metrics"]
    return found


def test_proportions(metrics: dict[str, Any]) -> None:
    found = {
        name: (cell["numerator"], cell["denominator"], round(100 * cell["low"], 1), round(100 * cell["high"], 1))
        for name, cell in metrics.items()
        if name in PROPORTIONS
    }
    assert found == PROPORTIONS


def test_sessions_eligible_excluded(metrics: dict[str, Any]) -> None:
    contacts = metrics["contacts"]
    assert (contacts["sessions"], contacts["n"], contacts["excluded"]) == (11, 10, 1)
    assert contacts["excluded_by_reason"] == {"greeting_only": 1}


def test_resolution_range(metrics: dict[str, Any]) -> None:
    found = metrics["resolution_range"]
    assert (found["confirmed"]["numerator"], found["upper"]["numerator"], found["n"]) == (4, 6, 10)
    assert (round(100 * found["upper"]["low"], 1), round(100 * found["upper"]["high"], 1)) == (31.3, 83.2)
    assert found["display"] == "40.0%–60.0% (16.8–83.2), n=10"


def test_issues(metrics: dict[str, Any]) -> None:
    assert metrics["issues"]["n"] == 9
    assert metrics["issues"]["eventually"] == metrics["fcr"]["eventually"]
    assert (metrics["fcr"]["without_handoff"]["numerator"], metrics["fcr"]["eventually"]["numerator"]) == (3, 6)
    assert (metrics["fcr"]["without_handoff"]["denominator"], metrics["fcr"]["eventually"]["denominator"]) == (9, 9)


def test_first_answer(metrics: dict[str, Any]) -> None:
    found = metrics["first_answer_s"]
    assert (found["median"], found["n"], found["none"]) == (5, 9, 1)
    assert metrics["first_message_s"]["median"] == 2


def test_agent_wait_on_both_clocks(metrics: dict[str, Any]) -> None:
    found = metrics["agent_wait_s"]
    assert (found["wall"]["median"], found["wall"]["mean"], found["wall"]["n"]) == (180, 15_300, 3)
    assert (found["business"]["median"], found["business"]["mean"]) == (180, 300)
    assert (found["never_taken"], found["without_request"]) == (0, 0)


def test_handling_time(metrics: dict[str, Any]) -> None:
    assert metrics["aht_s"]["value"] == 670
    assert (metrics["aht_s"]["n"], metrics["aht_s"]["missing"]) == (3, 0)


def test_time_to_resolution(metrics: dict[str, Any]) -> None:
    contact, issue = metrics["ttr_contact_s"], metrics["ttr_issue_s"]
    assert (contact["median"], round(contact["mean"], 1), contact["n"], contact["censored"]) == (585, 8055.8, 6, 4)
    assert (issue["median"], round(issue["mean"], 1), issue["n"], issue["censored"]) == (585, 39555.8, 6, 3)
    assert (contact["low"], contact["high"]) == (5, 46_020)


def test_turns(metrics: dict[str, Any]) -> None:
    assert (metrics["turns"]["sum"], metrics["turns"]["mean"], metrics["turns"]["median"]) == (28, 2.8, 2)


def test_survey_means_and_bounds(metrics: dict[str, Any]) -> None:
    csat, ces = metrics["csat"], metrics["ces"]
    assert (round(csat["mean"], 2), csat["offered"], csat["answered"]) == (3.67, 9, 6)
    assert csat["bounds"] == {"worst": 0.4, "best": 0.8}
    assert (round(ces["mean"], 2), ces["offered"], ces["answered"]) == (4.67, 9, 6)
    assert ces["bounds"] == {"worst": 0.3, "best": 0.7}


def test_demand_and_promises_by_issue(metrics: dict[str, Any]) -> None:
    failure, broken = metrics["failure_demand"], metrics["promise_broken"]
    assert (failure["issues"]["numerator"], failure["issues"]["denominator"]) == (5, 9)
    assert (failure["value_demand"], failure["unknown"]) == (4, 0)
    assert (broken["issues"]["numerator"], broken["issues"]["denominator"]) == (4, 9)


def test_counts(metrics: dict[str, Any]) -> None:
    assert metrics["causes"]["counts"] == {"product": 3, "delivery": 2, "billing": 2, "policy": 2, "price": 1}
    assert metrics["quadrants"]["counts"] == {"eliminate": 5, "automate": 3, "simplify": 1, "leverage": 1}
    assert metrics["impressions"]["counts"] == {"positive": 4, "negative": 2, "unknown": 4}


def test_map(metrics: dict[str, Any]) -> None:
    assert metrics["map"]["counts"] == {
        "chat": {"consideration": 1, "purchase": 3, "post_purchase": 6},
        "agent_desk": {"purchase": 1, "post_purchase": 2},
    }


def test_what_needs_imports_is_not_measured(metrics: dict[str, Any]) -> None:
    for name in ("contact_rate", "nps"):
        assert (metrics[name]["value"], metrics[name]["n"]) == (None, 0)
        assert metrics[name]["display"] == "not measured here"


def test_which_contacts() -> None:
    records = records_of(events(*week()), "2026-03-20 23:59:59")
    finals = {name: record.final for name, record in records.items() if name in CONTACTS}
    assert finals == {
        "C1": "confirmed",
        "C2": "assumed",
        "C3": "revoked",
        "C4": "confirmed",
        "C5": "assumed",
        "C6": "abandoned",
        "C7": "confirmed",
        "C8": "unresolved",
        "C10": "confirmed",
        "C11": "revoked",
    }
    assert [records[name].friction for name in CONTACTS] == [0, 0, 0, 5, 2, 3, 3, 1, 0, 0]
    followers = {name: record.follower for name, record in records.items() if record.follower}
    assert followers == {"C3": "C7", "C11": "C12"}
    turns = [records[name].facts.user_turns for name in CONTACTS]
    assert turns == [2, 1, 1, 6, 3, 2, 5, 4, 2, 2]
    assert records["C12"].demand == "failure"  # a return, though its reason is value by default


def test_as_of_10_march_only_three_are_mature(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        append(connection, events(*week()))
        refresh(connection)
    with reading(sqlite) as connection:
        document = report(connection, default(), "2026-03-02", "2026-03-08", "2026-03-10T12:00")
    found = document["metrics"]["resolution_range"]
    assert (found["upper"]["numerator"], found["upper"]["denominator"]) == (2, 3)
    assert (found["display"], found["maturity"], found["immature"]) == ("n<5", "provisional", 7)
    assert document["metrics"]["contacts"]["n"] == 10
