"""Histories where a rule is easily read wrong, told as events, read through the command line, judged by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.touchpoints.history import Conversation, events, write_jsonl
from tests.touchpoints.test_cli import empty_home, run

__all__ = ["empty_home"]
REASON = "returns.how_to"
START = "2026-03-02 10:00:00"


def one(name: str, start: str = START, reason: str | None = REASON, customer: str | None = None) -> Conversation:
    return Conversation(name, start, customer=customer or name, reason=reason)


def read(folder: Path, *told: Conversation, as_of: str = "2026-04-30") -> dict[str, dict[str, Any]]:
    """The rows of an export by the interaction's id."""
    file = write_jsonl(folder / "told.jsonl", events(*told))
    assert run("touchpoints", "import-events", str(file)).exit_code == 0
    result = run("touchpoints", "export", "--format", "jsonl", "--as-of", as_of)
    assert result.exit_code == 0, result.output
    return {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}


def metrics(as_of: str = "2026-04-30") -> dict[str, Any]:
    result = run("report", "--from", "2026-03-01", "--to", "2026-03-31", "--as-of", as_of, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)["metrics"]
    return found


def outcome(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: row["resolution_final"] for name, row in rows.items()}


def test_a_bot_answer_after_a_no_changes_nothing_and_an_agents_does(empty_home: Path) -> None:
    told = [
        one("bot").asks().resolved(60, "no").says(70).bot(75),
        one("agent").asks().resolved(60, "no").add(70, "handoff.requested").add(80, "handoff.taken").agent(90),
        one("yes after all").asks().resolved(60, "no").says(70).bot(75).resolved(90),
    ]
    assert outcome(read(empty_home, *told)) == {"bot": "unresolved", "agent": "assumed", "yes after all": "confirmed"}


def test_the_wrap_up_can_deny_and_never_confirm(empty_home: Path) -> None:
    def held(name: str, answer: str) -> Conversation:
        told = one(name).says().add(5, "handoff.requested").add(10, "handoff.taken").agent(20)
        return told.add(30, "wrapped_up", resolution=answer, active_s=10, wrap_s=1)

    told = [held("yes", "yes"), held("partly", "partly"), held("customer wins", "no").resolved(40)]
    assert outcome(read(empty_home, *told)) == {
        "yes": "assumed",
        "partly": "unresolved",
        "customer wins": "confirmed",
    }


def test_leaving_the_queue_outranks_a_no_and_any_answer_before(empty_home: Path) -> None:
    told = [
        one("answered before").asks().add(10, "handoff.requested").add(60, "handoff.left"),
        one("left while waiting").says().add(10, "handoff.requested").add(200, "customer.left"),
        one("left after an answer").asks().add(30, "customer.left"),
        one("left without one").says().bot(5, "fallback").add(30, "customer.left"),
    ]
    rows = read(empty_home, *told)
    assert outcome(rows) == {
        "answered before": "abandoned",
        "left while waiting": "abandoned",
        "left after an answer": "assumed",
        "left without one": "abandoned",
    }
    assert [rows[name]["friction"] for name in ("answered before", "left while waiting")] == [1, 2]
    assert rows["left while waiting"]["wait_wall_s"] is None


def test_silence_is_not_counted_in_the_queue_nor_while_a_person_owes_an_answer(empty_home: Path) -> None:
    told = [
        one("queue").says().add(60, "handoff.requested").says("2026-03-04 12:00:00"),
        one("agent owes").says().add(60, "handoff.requested").add(90, "handoff.taken").to_agent(100)
        .agent("2026-03-05 10:00:00"),
        one("agent spoke last").says().add(60, "handoff.requested").add(90, "handoff.taken").agent(100)
        .to_agent("2026-03-03 10:01:39"),
        one("a day later").says().add(60, "handoff.requested").add(90, "handoff.taken").agent(100)
        .to_agent("2026-03-03 10:01:40"),
    ]  # fmt: skip
    assert sorted(read(empty_home, *told)) == [
        "a day later",
        "a day later.2",
        "agent owes",
        "agent spoke last",
        "queue",
    ]


def test_silence_before_and_after_the_queue_adds_up(empty_home: Path) -> None:
    """Ten hours alone, a night in the queue, fourteen hours more: a day of silence."""
    told = one("c").says().add("2026-03-02 20:00:00", "handoff.requested", why="rule")
    told.add("2026-03-03 08:00:00", "returned_to_bot").says("2026-03-03 21:59:59")
    other = one("d").says().add("2026-03-02 20:00:00", "handoff.requested", why="rule")
    other.add("2026-03-03 08:00:00", "returned_to_bot").says("2026-03-03 22:00:00")
    assert sorted(read(empty_home, told, other)) == ["c", "d", "d.2"]


def test_a_late_yes_is_kept_and_not_used(empty_home: Path) -> None:
    told = [
        one("in time").asks().resolved("2026-03-09 10:00:05"),
        one("too late").asks().resolved("2026-03-09 10:00:06"),
    ]
    rows = read(empty_home, *told)
    assert outcome(rows) == {"in time": "confirmed", "too late": "assumed"}
    assert rows["too late"]["resolution_answer"] == "yes"
    assert rows["too late"]["last_event_at"] == "2026-03-09T09:00:06Z"


def test_the_first_yes_still_standing_gives_the_time(empty_home: Path) -> None:
    rows = read(
        empty_home,
        one("twice").asks().resolved(60).resolved(90),
        one("taken back").asks().resolved(60).resolved(70, "no").resolved(90),
    )
    assert rows["twice"]["resolved_at"] == "2026-03-02T09:01:00Z"
    assert rows["taken back"]["resolved_at"] == "2026-03-02T09:01:30Z"


def test_a_reference_unknown_at_first_does_not_bridge_two_orders(empty_home: Path) -> None:
    def about(name: str, day: int, ref: str | None) -> Conversation:
        told = one(name, f"2026-03-0{day} 10:00:00", customer="k").says(0, entity_ref=ref)
        return told.bot(5)

    rows = read(empty_home, about("a", 2, "o1"), about("b", 3, None), about("c", 4, "o2"), about("d", 5, "o1"))
    assert {name: row["issue_id"] for name, row in rows.items()} == {"a": "a", "b": "a", "c": "c", "d": "a"}
    assert outcome(rows) == {"a": "revoked", "b": "revoked", "c": "assumed", "d": "assumed"}
    assert rows["b"]["revoked_by"] == "d"


def test_one_opened_before_the_answer_joins_and_revokes_nothing(empty_home: Path) -> None:
    first = one("a", customer="k").says().bot(600)
    second = one("b", "2026-03-02 10:05:00", customer="k").says().bot(5)
    rows = read(empty_home, first, second)
    assert {row["issue_id"] for row in rows.values()} == {"a"}
    assert outcome(rows) == {"a": "assumed", "b": "assumed"}
    assert [rows[name]["repeat"] for name in "ab"] == [False, False]
    assert metrics()["fcr"]["numerator"] == metrics()["fcr"]["denominator"] == 1


def test_a_later_contact_in_the_same_conversation_chains_like_any_other(empty_home: Path) -> None:
    told = one("c").asks().add(60, "closed", by="customer").says("2026-03-03 10:00:00").bot("2026-03-03 10:00:05")
    rows = read(empty_home, told)
    assert outcome(rows) == {"c": "revoked", "c.2": "assumed"}
    assert rows["c.2"]["demand_type"] == "failure"
    assert rows["c.2"]["cause_certainty"] == "hypothesis"
    assert metrics()["failure_demand"]["issues"]["numerator"] == 0


def test_an_excluded_return_neither_chains_nor_revokes(empty_home: Path) -> None:
    back = one("b", "2026-03-03 10:00:00", customer="k").asks().add(60, "excluded", reason="duplicate", by="lead")
    rows = read(empty_home, one("a", customer="k").asks(), back)
    assert (rows["a"]["resolution_final"], rows["b"]["issue_id"]) == ("assumed", None)
    found = metrics()["contacts"]
    assert (found["n"], found["sessions"], found["excluded"]) == (1, 2, 1)


def test_waits_are_summed_and_a_repeated_request_is_one(empty_home: Path) -> None:
    told = one("c").says().add(10, "handoff.requested").add(40, "handoff.requested").add(70, "handoff.taken")
    told.agent(80).add(90, "returned_to_bot").add(100, "handoff.requested").add(190, "handoff.taken").agent(200)
    told.add(210, "wrapped_up", active_s=100, wrap_s=10).add(220, "wrapped_up", active_s=50, wrap_s=5)
    unasked = one("d").says().add(10, "handoff.taken").agent(20)
    rows = read(empty_home, told, unasked)
    assert (rows["c"]["handoffs"], rows["c"]["wait_wall_s"], rows["c"]["friction"]) == (2, 150, 3)
    assert (rows["c"]["agent_active_s"], rows["c"]["wrap_s"]) == (50, 5)
    assert (rows["d"]["handoffs"], rows["d"]["wait_wall_s"]) == (1, None)
    found = metrics()
    assert (found["aht_s"]["value"], found["aht_s"]["missing"]) == (55, 1)
    assert (found["agent_wait_s"]["n"], found["agent_wait_s"]["without_request"]) == (1, 1)


def test_the_business_clock_on_the_day_the_hour_changes(empty_home: Path) -> None:
    """From Friday 17:59 to Monday 9:01, over the night of 29 March: two minutes of opening, 62 hours and 2 minutes."""
    told = one("c", "2026-03-27 17:58:00").says()
    told.add("2026-03-27 17:59:00", "handoff.requested").add("2026-03-30 09:01:00", "handoff.taken")
    row = read(empty_home, told)["c"]
    assert (row["wait_business_s"], row["wait_wall_s"]) == (120, 62 * 3600 + 120)


def test_a_pending_one_that_matures_is_unresolved(empty_home: Path) -> None:
    waiting = one("c").says().add(10, "handoff.requested")
    assert outcome(read(empty_home, waiting, as_of="2026-03-09T10:00:09")) == {"c": "pending"}
    assert outcome(read(empty_home, waiting, as_of="2026-03-09T10:00:10")) == {"c": "unresolved"}


def test_what_is_said_after_the_end_belongs_to_the_latest(empty_home: Path) -> None:
    told = one("c").asks().add(60, "closed", by="agent").survey("2026-03-04 10:00:00", 5, 7)
    told.resolved("2026-03-04 10:00:01").add("2026-03-04 10:00:02", "customer.left")
    told.add("2026-03-04 11:00:00", "corrected", field="contact_reason", value="delivery.late", by="lead")
    rows = read(empty_home, told)
    assert list(rows) == ["c"]
    assert (rows["c"]["resolution_final"], rows["c"]["contact_reason"]) == ("confirmed", "delivery.late")
    assert rows["c"]["corrections"][0]["earlier"] == REASON


def test_reasons_in_order_of_who_said_them(empty_home: Path) -> None:
    unsure = one("unsure").says(0, confidence=0.49).says(10, confidence=0.5, reason="delivery.late").bot(15)
    chosen = one("chosen").asks().add(20, "reason.chosen", reason="product.defect")
    strange = one("strange", reason="garden.gnomes").asks()
    rows = read(empty_home, unsure, chosen, strange)
    assert (rows["unsure"]["contact_reason"], rows["unsure"]["tags"]) == ("delivery.late", [])
    assert (rows["chosen"]["contact_reason"], rows["chosen"]["tags"]) == ("product.defect", [REASON])
    assert (rows["strange"]["demand_type"], rows["strange"]["cause_area"]) == ("unknown", "unknown")
    assert metrics()["failure_demand"]["denominator"] == 3


@pytest.mark.parametrize("kinds", [["fallback"], ["clarify"], ["failure"], []])
def test_a_message_nothing_answered_undoes_what_was_assumed(empty_home: Path, kinds: list[str]) -> None:
    told = one("c").asks().says(60)
    for kind in kinds:
        told.bot(65, kind)
    assert outcome(read(empty_home, told)) == {"c": "unresolved"}
