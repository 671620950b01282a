"""The rules of reading evidence, each as a test that fails when the rule is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from desk.cli.cx_markdown import markdown
from tests.touchpoints.cx.evidence import observed, on_record, promise, statuses, summed_up
from tests.touchpoints.history import Conversation, events
from touchpoints.cx import coverage, ledger, priorities
from touchpoints.cx.errors import EntryError
from touchpoints.cx.vocabulary import JOURNEY

ABOUT = ("scope", "population", "period", "method", "version")


def contacts(n: int, reason: str = "delivery.late", name: str = "c", **more: Any) -> list[dict[str, Any]]:
    """Contacts of as many customers, answered and then silent."""
    told = [
        Conversation(
            f"{name}{i}", f"2026-03-{2 + i % 25:02} 10:{i % 60:02}:00", customer=f"{name}{i}", reason=reason, **more
        )
        for i in range(n)
    ]
    return events(*(one.asks() for one in told))


def friction(**said: Any) -> dict[str, Any]:
    return {
        "id": "queue",
        "what": {"it": "La coda"},
        "why": {"it": "Prezzi bassi"},
        "promise_id": "design",
        "approver": "Ada",
        "expires_on": "2027-01-01",
        "declared_to_customer": True,
        "covers": ["store.queue"],
    } | said


def action(name: str = "a", **said: Any) -> dict[str, Any]:
    return {
        "id": name,
        "text": {"en": "Do something"},
        "level": "service_tactic",
        "type": "process",
        "finding": "customers ask twice",
        "process_changed": "the form",
        "measure_again_on": "2026-06-01",
        "owner": "operations",
    } | said


def names(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from names(value)
    elif isinstance(found, list):
        for value in found:
            yield from names(value)


def numbers(found: Any, about: frozenset[str] = frozenset()) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Every table with a number of its own, and what it and those around it say the number is about."""
    if isinstance(found, dict):
        about = about | found.keys()
        if found.get("n") is not None and not isinstance(found["n"], dict):
            yield found, about
        for value in found.values():
            yield from numbers(value, about)
    elif isinstance(found, list):
        for value in found:
            yield from numbers(value, about)


@pytest.fixture
def everything(sqlite: Engine) -> dict[str, Any]:
    """A summary with something in every section."""
    on_record(
        sqlite,
        events=[*contacts(12), *contacts(8, "product.how_to_use", "h"), *contacts(6, "store.queue", "q")],
        imports=[observed(pillar="expectations"), observed(metric_id="tnps", cx_area="service", numerator=None,
                 denominator=None, value=12, n=90, touchpoint_type="chat")],
        promise=[promise(), promise("speed", areas=["delivery"], metric="on_time")],
        friction=[friction()],
        action=[action(), action("b", promise_id="design", level="cx_strategy")],
        context_event=[{"id": "strike", "text": {"en": "A strike"}, "start": "2026-03-05"}],
    )  # fmt: skip
    return summed_up(sqlite)


def test_r1_nothing_is_an_overall_score(everything: dict[str, Any]) -> None:
    every = {name.lower() for name in names(everything)}
    assert not [name for name in every if name.startswith("cx") and name not in ("cx_strategy",)]
    assert not [name for name in every if {"score", "index", "rating", "mark", "grade", "cee"} & set(name.split("_"))]
    numeric = {name for name, value in everything.items() if isinstance(value, (int, float))}
    assert numeric == set()
    for language in ("it", "en"):
        for word in ("cx score", "punteggio", "cee", "/10 "):
            assert word not in markdown(everything, language).lower()


def test_r1_service_data_alone_is_insufficient_evidence(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(30), promise=[promise()])
    document = summed_up(sqlite)
    assert document["status"] == "insufficient_evidence"
    assert document["why"] == ["service_data_only", "no_promise_measured"]
    assert "Insufficient evidence: nothing can be said of CX" in markdown(document, "en")


def test_r1_a_service_survey_imported_is_still_service(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(30), promise=[promise()], imports=[observed(cx_area="service", metric_id="csat")])
    assert summed_up(sqlite)["status"] == "insufficient_evidence"
    on_record(sqlite, imports=[observed()])
    assert summed_up(sqlite)["status"] == "partial_evidence"


def test_r2_every_number_says_what_it_is_about(everything: dict[str, Any]) -> None:
    for found, about in numbers(everything):
        assert set(ABOUT) <= about, found
    figures = [found for found, _ in numbers(everything) if "metric" in found and "kind" in found]
    assert len(figures) > 10
    for figure in figures:
        assert all(figure[said] for said in (*ABOUT, "n", "source", "display")), figure


def test_r3_what_was_not_observed_is_neither_zero_nor_good(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise()])
    document = summed_up(sqlite)
    cells = [cell for row in document["coverage"]["rows"] for cell in row["cells"]]
    assert {cell["state"] for cell in cells} == {"not_measured", "not_applicable"}
    assert {cell["n"] for cell in cells} == {None}
    assert {row["n"] for row in document["placement"]["areas"]} == {None}
    (row,) = document["promises"]["rows"]
    assert (row["status"], row["figure"]) == ("not_measured", None)
    assert document["service"]["strength"] == "not_measured"
    assert document["contact_rate"] is None
    assert all(not pillar["from_service"] and pillar["missing"] for pillar in document["pillars"])


def test_r3_a_cell_shows_as_much_as_there_is() -> None:
    assert [coverage.state(n) for n in (None, 1, 4, 5, 9, 10)] == [
        "not_measured", "hidden", "hidden", "counts", "counts", "shown"
    ]  # fmt: skip
    assert coverage.state(None, applicable=False) == "not_applicable"


def test_r4_service_evidence_stands_in_service_cells_alone(everything: dict[str, Any]) -> None:
    for row in everything["coverage"]["rows"]:
        for cell in row["cells"]:
            assert "service" not in cell["evidence"] or row["service"]
    assert any("service" in cell["evidence"] for row in everything["coverage"]["rows"] for cell in row["cells"])


def test_r4_service_cannot_keep_a_promise_that_is_not_about_it(sqlite: Engine) -> None:
    splendid = observed(cx_area="service", touchpoint_type="chat", metric_id="csat", numerator=799, promise_id="design")
    on_record(sqlite, promise=[promise(metric="csat")], imports=[splendid])
    (row,) = summed_up(sqlite)["promises"]["rows"]
    assert (row["status"], row["service_evidence_set_aside"]) == ("not_measured", 1)
    on_record(sqlite, promise=[promise(metric="csat", includes_service=True)])
    assert statuses(summed_up(sqlite)) == {"design": "kept"}


def test_r4_a_promise_about_service_rests_on_the_record(sqlite: Engine) -> None:
    about = {"metric": "first_answer_s", "unit": "s", "target": 60, "direction": "at_most", "areas": ["service"]}
    on_record(
        sqlite, events=contacts(20), promise=[promise("fast", **about), promise("own", includes_service=True, **about)]
    )
    assert statuses(summed_up(sqlite)) == {"fast": "not_measured", "own": "kept"}


def test_r4_contacts_are_a_signal_and_decide_nothing(sqlite: Engine) -> None:
    on_record(sqlite, promise=[promise("speed", areas=["delivery"], metric="on_time")], events=contacts(12))
    (row,) = summed_up(sqlite)["promises"]["rows"]
    assert row["status"] == "not_measured"
    assert [(signal["value"], signal["numerator"]) for signal in row["signals"]] == [("delivery", 12)]


def test_r6_statuses_are_listed_and_never_averaged(sqlite: Engine) -> None:
    bad = observed(metric_id="on_time", cx_area="delivery", numerator=400)
    on_record(
        sqlite,
        promise=[promise(), promise("speed", areas=["delivery"], metric="on_time")],
        imports=[observed(), bad],
        events=contacts(30),
    )
    document = summed_up(sqlite)
    assert statuses(document) == {"design": "kept", "speed": "not_kept"}
    assert document["promises"].keys() == {"rows", "counts"}
    assert document["promises"]["counts"] == {"kept": 1, "not_kept": 1, "uncertain": 0, "not_measured": 0}
    excellent = [*(contacts(60, "product.how_to_use", "x"))]
    on_record(sqlite, events=excellent)
    assert statuses(summed_up(sqlite)) == {"design": "kept", "speed": "not_kept"}


def test_r7_services_share_is_one_of_what_was_observed(everything: dict[str, Any]) -> None:
    share = everything["placement"]["service_share_of_records"]
    assert share["caption"] == "share_of_observed_evidence_not_of_experience"
    assert (share["numerator"], share["denominator"]) == (27, 28)  # 26 contacts and an imported tNPS; one review survey
    assert "of what was observed, not of CX" in markdown(everything, "en")


def test_r8_a_designed_friction_leaves_to_fix_and_not_the_metrics(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(12, "store.queue"), promise=[promise()], imports=[observed()])
    before = summed_up(sqlite)
    assert [row["cause"] for row in before["priorities"]["to_fix"]] == ["store.queue"]
    on_record(sqlite, friction=[friction()])
    after = summed_up(sqlite)
    assert after["priorities"]["to_fix"] == []
    assert [row["cause"] for row in after["priorities"]["designed"]] == ["store.queue"]
    for section in ("causes", "quadrants", "coverage", "service", "pillars"):
        assert after[section] == before[section]


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"expires_on": "2026-03-30"}, "expired"), ({"promise_id": "another"}, "promise_unknown")],
)
def test_r8_a_friction_that_no_longer_stands_shields_nothing(sqlite: Engine, changed: Any, why: str) -> None:
    on_record(sqlite, events=contacts(12, "store.queue"), promise=[promise()], imports=[observed()])
    on_record(sqlite, friction=[friction(**changed)])
    document = summed_up(sqlite)
    assert document["frictions"][0]["suspended"] == why
    assert [row["cause"] for row in document["priorities"]["to_fix"]] == ["store.queue"]


def test_r8_no_friction_rests_on_a_promise_that_is_not_kept(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(12, "store.queue"), promise=[promise()], imports=[observed(numerator=100)])
    on_record(sqlite, friction=[friction()])
    document = summed_up(sqlite)
    assert document["frictions"][0]["suspended"] == "promise_not_kept"
    assert [row["cause"] or row["promise_id"] for row in document["priorities"]["to_fix"]] == ["design", "store.queue"]


@pytest.mark.parametrize(
    "changed",
    [
        {"concern": "safety"},
        {"concern": "accessibility"},
        {"concern": "legal_rights"},
        {"concern": "broken_promise"},
        {"covers": ["store.accessibility"]},
        {"covers": ["delivery.late"]},  # configured as a broken promise
        {"approver": ""},
        {"expires_on": None},
    ],
)
def test_r8_some_things_are_never_designed_friction(sqlite: Engine, changed: dict[str, Any]) -> None:
    with pytest.raises(EntryError):
        on_record(sqlite, friction=[friction(**changed)])


def test_r9_what_comes_first(sqlite: Engine) -> None:
    about = {"reason": "returns.how_to"}
    returning = [
        Conversation(f"r{i}{again}", f"2026-03-{2 + i + again:02} 10:00:00", customer=f"R{i}", **about)
        for i in range(6)
        for again in (0, 2)
    ]
    about = {"reason": "product.how_to_use"}
    tiring = [
        Conversation(f"t{i}", "2026-03-09 10:00:00", customer=f"T{i}", **about).asks().observed(6, "reformulation", 3)
        for i in range(7)
    ]
    on_record(
        sqlite,
        promise=[promise(), promise("price", areas=["price"], metric="fair_price", owner="pricing")],
        imports=[observed(numerator=500), observed(metric_id="fair_price", cx_area="price", numerator=100)],
        events=[
            *contacts(5, "product.defect", "d"),
            *contacts(9, "delivery.late", "l"),
            *contacts(20, "web.checkout_error", "w"),
            *events(*(one.asks() for one in returning), *tiring),
        ],
    )
    listed = summed_up(sqlite)["priorities"]["to_fix"]
    assert [(row["tier"], row["cause"] or row["promise_id"]) for row in listed] == [
        ("promise_not_kept", "price"),
        ("promise_not_kept", "design"),
        ("broken_contacts", "delivery.late"),
        ("broken_contacts", "product.defect"),
        ("returns", "returns.how_to"),
        ("failure_demand", "web.checkout_error"),
        ("effort", "product.how_to_use"),
    ]
    assert [row["owner"] for row in listed[:3]] == ["pricing", "product", "logistics"]
    assert [row["rank"] for row in listed] == list(range(1, 8))
    assert tuple(dict.fromkeys(row["tier"] for row in listed)) == priorities.TIERS


def test_r9_an_action_without_promise_or_cause_is_flagged(sqlite: Engine) -> None:
    known = [
        action("better_service"),
        action("late", cause="delivery.late"),
        action("area", cause="delivery", level="cx_strategy"),
        action("kept", promise_id="design", pillar="integrity"),
        action("vague", cause="unknown", promise_id="nobody_knows"),
    ]
    on_record(sqlite, promise=[promise()], action=known)
    document = summed_up(sqlite)
    boards = document["actions"]
    flagged = {row["id"]: row["without_purpose"] for rows in boards.values() for row in rows}
    assert flagged == {"better_service": True, "late": False, "area": False, "kept": False, "vague": True}
    assert [row["id"] for row in boards["cx_strategy"]] == ["area"]
    assert "actions_without_purpose" in document["readings"]


def test_r11_groups_of_few_customers_are_hidden(sqlite: Engine) -> None:
    on_record(sqlite, events=[*contacts(4, "product.defect"), *contacts(12, "delivery.late", "l")], promise=[promise()])
    document = summed_up(sqlite)
    defect = next(row for row in document["causes"]["by_reason"] if row["value"] == "product.defect")
    assert (defect["hidden"], defect["contacts"], defect["promise_broken"]) == (True, None, None)
    assert document["priorities"]["hidden"] == 1
    (signal,) = document["promises"]["rows"][0]["signals"]
    assert (signal["hidden"], signal["n"]) == (True, None)


def test_r15_silent_customers_are_an_unknown_number_without_orders(everything: dict[str, Any]) -> None:
    silent = everything["silent"]
    assert (silent["known"], silent["display"], silent["value"], silent["n"]) == (False, "unknown number", None, None)
    assert "numero ignoto" in markdown(everything, "it")


def test_a_cause_outside_service_is_never_customer_cares(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        areas = ledger.book(connection, date(2026, 3, 1)).areas
    assert {area for area, known in areas.items() if known.owner == "customer_care"} == {"service"}
    for owner in ("customer_care", "Customer care", "Servizio clienti"):
        with pytest.raises(EntryError):
            on_record(sqlite, area=[{"id": "delivery", "owner": owner}])


def test_eliminate_is_mitigated_not_eliminated(sqlite: Engine) -> None:
    on_record(sqlite, events=contacts(12))
    document = summed_up(sqlite)
    assert document["quadrants"]["quadrants"][0]["value"] == "eliminate"
    assert document["quadrants"]["quadrants"][0]["reasons"] == ["delivery.late"]
    assert document["quadrants"]["mitigated_not_eliminated"]["numerator"] == 12
    assert "mitigated, not eliminated" in markdown(document, "en")


def test_the_map_has_the_journeys_stages(everything: dict[str, Any]) -> None:
    found = everything["coverage"]
    assert found["stages"] == list(JOURNEY)
    assert all([cell["stage"] for cell in row["cells"]] == list(JOURNEY) for row in found["rows"])
    spots = {(spot["touchpoint"], spot["stage"]) for spot in found["blind_spots"]}
    assert len(spots) == found["applicable"] - found["observed"]
    assert json.dumps(everything)


def test_a_summary_asks_as_often_whatever_the_record_holds(sqlite: Engine) -> None:
    from sqlalchemy import event

    def asked() -> int:
        statements: list[str] = []

        def note(*arguments: Any) -> None:
            statements.append(arguments[2])

        event.listen(sqlite, "before_cursor_execute", note)
        summed_up(sqlite)
        event.remove(sqlite, "before_cursor_execute", note)
        return len(statements)

    on_record(sqlite, events=contacts(10), imports=[observed()], promise=[promise()])
    summed_up(sqlite)
    before = asked()
    on_record(
        sqlite,
        events=contacts(150, "product.defect", "m"),
        imports=[observed(source=f"source {number}") for number in range(150)],
        promise=[promise(f"p{number}") for number in range(20)],
        friction=[friction(id=f"f{number}") for number in range(20)],
    )
    summed_up(sqlite)  # what was derived since is read once
    assert asked() == before
