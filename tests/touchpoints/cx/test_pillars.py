"""Six Pillars: what service recorded, what was imported, what is missing; no mark anywhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from tests.touchpoints.cx.evidence import observed, on_record, summed_up
from tests.touchpoints.history import Conversation, events
from touchpoints.cx.vocabulary import PILLARS


def asked(name: str) -> Conversation:
    return Conversation(name, "2026-03-03 10:00:00", customer=name, reason="delivery.late", language="it").asks()


def by_pillar(engine: Engine) -> dict[str, dict[str, Any]]:
    rows = summed_up(engine)["pillars"]
    assert [row["pillar"] for row in rows] == list(PILLARS)
    return {row["pillar"]: row for row in rows}


def shares(row: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {one["metric"]: (one["numerator"], one["denominator"]) for one in row["from_service"] if "numerator" in one}


def test_what_customers_said_is_evidence_of_what_they_were_asked(engine: Engine) -> None:
    told = [
        asked("a").add(60, "survey.answered", felt_understood=5, expectation_match="better"),
        asked("b").add(60, "survey.answered", felt_understood=4, expectation_match="as"),
        asked("c").add(60, "survey.answered", felt_understood=2, expectation_match="worse"),
        asked("d").bot(70, used_context=True),
        asked("e").add(60, "commitment.made", id="k", due="2026-03-03T12:00:00+01:00", what="call", by="agent")
        .add(90, "commitment.met", id="k"),
        asked("f").add(60, "excluded", reason="test", by="lead").add(61, "survey.answered", felt_understood=1),
    ]  # fmt: skip
    on_record(engine, events=events(*told))
    found = by_pillar(engine)
    assert shares(found["empathy"]) == {"felt_understood": (2, 3)}
    assert shares(found["expectations"]) == {"expectation_match": (2, 3)}
    assert shares(found["personalisation"]) == {"used_context": (1, 5), "felt_understood": (2, 3)}
    assert shares(found["integrity"])["commitments_met"] == (1, 1)
    assert "stated_wait" in found["expectations"]["missing"]


def test_a_stated_wait_is_set_beside_the_real_one(engine: Engine) -> None:
    def waited(name: str, stated: float | None, wait: int) -> Conversation:
        one = asked(name).add(60, "handoff.requested", why="customer_request", stated_wait_s=stated)
        return one.add(60 + wait, "handoff.taken", agent="a").agent(70 + wait)

    told = [waited("a", 120, 120), waited("b", 120, 121), waited("c", 300, 10), waited("d", None, 5)]
    told += [asked("e").add(60, "handoff.requested", why="rule", stated_wait_s=60).add(90, "handoff.left")]
    on_record(engine, events=events(*told))
    found = by_pillar(engine)["expectations"]
    assert shares(found) == {"stated_wait": (2, 3)}
    assert "stated_wait" not in found["missing"]


def test_what_nobody_recorded_is_missing(sqlite: Engine) -> None:
    on_record(sqlite, events=events(asked("a")))
    found = by_pillar(sqlite)
    assert found["empathy"]["from_service"] == []
    assert found["empathy"]["missing"] == ["felt_understood", "empathy_elsewhere"]
    assert "used_context" in found["personalisation"]["missing"]


def test_an_import_closes_the_gap_it_is_about_and_the_limits_stay(sqlite: Engine) -> None:
    on_record(sqlite, imports=[observed(pillar="integrity", metric_id="trust")])
    found = by_pillar(sqlite)["integrity"]
    assert [one["metric"] for one in found["from_imports"]] == ["trust"]
    assert found["missing"] == ["commitments_met", "price_transparency", "crisis_conduct"]
    assert found["limits"] == ["trust", "price_transparency", "crisis_conduct"]


def test_a_figure_of_something_else_leaves_a_pillars_needs_missing(sqlite: Engine) -> None:
    on_record(sqlite, imports=[observed(pillar="integrity", metric_id="on_time")])
    found = by_pillar(sqlite)["integrity"]
    assert [one["metric"] for one in found["from_imports"]] == ["on_time"]
    assert found["missing"] == ["commitments_met", "trust", "price_transparency", "crisis_conduct"]
    assert found["partly"] == []


def test_a_wide_need_is_told_in_part_by_a_figure_from_elsewhere(sqlite: Engine) -> None:
    shop = observed(pillar="time_and_effort", metric_id="easy_to_find")
    service = observed(pillar="empathy", metric_id="kind", cx_area="service", touchpoint_type="chat")
    on_record(sqlite, imports=[shop, service])
    found = by_pillar(sqlite)
    assert found["time_and_effort"]["partly"] == ["effort_elsewhere"]
    assert "effort_elsewhere" not in found["time_and_effort"]["missing"]
    assert found["empathy"]["partly"] == []
    assert "empathy_elsewhere" in found["empathy"]["missing"]


def test_a_wide_need_measured_under_its_name_is_neither_missing_nor_partly_told(sqlite: Engine) -> None:
    on_record(sqlite, imports=[observed(pillar="personalisation", metric_id="fit_of_offer")])
    found = by_pillar(sqlite)["personalisation"]
    assert (found["partly"], "fit_of_offer" in found["missing"]) == ([], False)
