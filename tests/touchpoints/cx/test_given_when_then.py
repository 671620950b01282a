"""The domain document's given / when / then, those that need more than service events."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.touchpoints.cx.evidence import NOW, observed, on_record, promise, summed_up
from tests.touchpoints.history import events
from tests.touchpoints.worked_example import week
from touchpoints.cx import observations
from touchpoints.errors import ImportRefused

WEEK = {"period_from": "2026-03-02", "period_to": "2026-03-08", "as_of": "2026-03-20"}


def test_8_service_data_only_gives_no_number_of_the_experience(engine: Engine) -> None:
    on_record(engine, events=events(*week()))
    document = summed_up(engine, **WEEK)
    assert document["status"] == "insufficient_evidence"
    assert document["why"] == ["service_data_only", "no_promise_on_record"]
    assert document["n"] == {"contacts": 10, "observations": 0}
    assert document["readings"] == []


def test_9_without_awareness_data_it_is_not_measured_here(engine: Engine) -> None:
    on_record(engine, events=events(*week()), imports=[observed(period_start="2026-03-02", period_end="2026-03-08")])
    rows = summed_up(engine, **WEEK)["coverage"]["rows"]
    awareness = {row["touchpoint"]: row["cells"][0] for row in rows}
    assert awareness["chat"]["state"] == "not_applicable"
    assert {awareness[name]["state"] for name in ("advertising", "website", "word_of_mouth")} == {"not_measured"}
    assert {cell["n"] for cell in awareness.values()} == {None}


def test_the_worked_examples_map(engine: Engine) -> None:
    on_record(engine, events=events(*week()))
    found = summed_up(engine, **WEEK)["coverage"]
    cells = {(row["touchpoint"], cell["stage"]): cell for row in found["rows"] for cell in row["cells"]}
    states = {place: (cell["state"], cell["n"]) for place, cell in cells.items() if "service" in cell["evidence"]}
    assert states == {
        ("chat", "consideration"): ("hidden", None),
        ("chat", "purchase"): ("hidden", None),
        ("chat", "post_purchase"): ("counts", 6),
        ("agent_desk", "purchase"): ("hidden", None),
        ("agent_desk", "post_purchase"): ("hidden", None),
    }
    assert found["observed"] == 5


@pytest.mark.parametrize(
    "row",
    [
        {"metric_id": "nps", "cx_area": "service", "touchpoint_type": "survey"},
        {"metric_id": "nps", "touchpoint_type": "chat"},
        {"metric_id": "NPS", "touchpoint_type": "agent_desk"},
        {"metric_id": "nps", "collection_method": "transactional survey after delivery"},
        {"metric_id": "nps", "collection_method": "tNPS"},
        {"metric_id": "nps", "collection_method": "sondaggio dopo il contatto"},
        {"metric_id": "tnps", "promise_id": "loved"},
    ],
)
def test_12_a_transactional_nps_cannot_fill_the_nps(engine: Engine, row: dict[str, str]) -> None:
    on_record(engine, promise=[promise("loved", metric="nps", unit="points", target=30)])
    counted = {"numerator": None, "denominator": None, "promoters": 60, "passives": 20, "detractors": 20, "n": 100}
    with pytest.raises(ImportRefused, match="tnps|transactional"), engine.begin() as connection:
        observations.add(connection, [observed(**counted | row)], NOW, "lead")


def test_12_stored_as_tnps_it_stands_with_service(engine: Engine) -> None:
    counted = {"numerator": None, "denominator": None, "promoters": 60, "passives": 20, "detractors": 20, "n": 100}
    on_record(engine, imports=[observed(metric_id="tNPS", touchpoint_type="chat", cx_area="service", **counted)])
    found = summed_up(engine)["relationship"]
    assert [figure["metric"] for figure in found["service"]] == ["tnps"]
    assert (found["relationship"], found["missing"]) == ([], ["nps"])
