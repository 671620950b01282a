"""The domain document's given / when / then, those that service events alone can show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.touchpoints.history import Conversation, contacts_of, events, facts_of, measures_of, records_of, rome
from touchpoints.comparison import compared
from touchpoints.instant import from_datetime
from touchpoints.population import Population

LATER = "2026-04-30 23:59:59"
QUESTION = "product.how_to_use"


def answered(name: str, start: str, customer: str | None = "A", reason: str = QUESTION, **reading: Any) -> Conversation:
    """A question answered at once, then silence."""
    return Conversation(name, start, customer=customer, reason=reason).says(0, **reading).bot(0)


def test_2_a_return_at_exactly_168_hours_revokes() -> None:
    first, back = answered("a", "2026-03-02 10:00:00"), answered("b", "2026-03-09 10:00:00")
    records = records_of(events(first, back), LATER)
    assert records["a"].final == "revoked"
    assert records["b"].issue is records["a"].issue


def test_2_a_second_later_is_a_new_issue() -> None:
    first, back = answered("a", "2026-03-02 10:00:00"), answered("b", "2026-03-09 10:00:01")
    records = records_of(events(first, back), LATER)
    assert records["a"].final == "assumed"
    assert records["b"].issue is not records["a"].issue


def test_2_the_window_counts_hours_across_the_change_of_the_clock() -> None:
    first = answered("a", "2026-03-27 10:00:00")  # daylight saving begins on 29 March
    assert records_of(events(first, answered("b", "2026-04-03 11:00:00")), LATER)["a"].final == "revoked"
    assert records_of(events(first, answered("b", "2026-04-03 11:00:01")), LATER)["a"].final == "assumed"


def test_3_another_order_does_not_revoke() -> None:
    first = answered("a", "2026-03-02 10:00:00", entity_ref="o1")
    other = answered("b", "2026-03-04 10:00:00", entity_ref="o2")
    assert records_of(events(first, other), LATER)["a"].final == "assumed"


def test_3_a_missing_reference_revokes() -> None:
    first = answered("a", "2026-03-02 10:00:00", entity_ref="o1")
    back = answered("b", "2026-03-04 10:00:00")
    assert records_of(events(first, back), LATER)["a"].final == "revoked"


def test_3_order_one_none_order_two_is_two_issues() -> None:
    first = answered("a", "2026-03-02 10:00:00", entity_ref="o1")
    none = answered("b", "2026-03-03 10:00:00")
    second = answered("c", "2026-03-04 10:00:00", entity_ref="o2")
    records = records_of(events(first, none, second), LATER)
    assert records["a"].issue is records["b"].issue
    assert records["c"].issue is not records["a"].issue
    assert records["b"].final == "assumed"


def test_4_anonymous_contacts_are_shown_apart() -> None:
    known = [answered(f"k{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(6)]
    anonymous = [answered(f"n{i}", f"2026-03-02 11:0{i}:00", customer=None) for i in range(4)]
    repeat = measures_of(events(*known, *anonymous), LATER)["repeat_7d"]
    assert repeat["denominator"] == 6
    assert (repeat["identifiable"]["numerator"], repeat["identifiable"]["denominator"]) == (6, 10)


@pytest.mark.parametrize(("as_of", "outcome"), [("2026-03-03 09:59:59", "pending"), ("2026-03-03 10:00:00", "assumed")])
def test_5_silence_becomes_assumed_at_24_hours(as_of: str, outcome: str) -> None:
    assert records_of(events(answered("a", "2026-03-02 10:00:00")), as_of)["a"].initial == outcome


def test_6_who_leaves_the_queue_is_a_handoff_abandoned_and_not_contained() -> None:
    leaver = answered("a", "2026-03-02 10:00:00").add(60, "handoff.requested", why="customer_request")
    leaver.add(360, "handoff.left")
    measures = measures_of(events(leaver), LATER)
    assert measures["handoff_rate"]["numerator"] == 1
    assert measures["abandonment"]["numerator"] == 1
    assert measures["containment"]["numerator"] == 0
    assert measures["agent_wait_s"]["never_taken"] == 1
    assert measures["agent_wait_s"]["wall"]["n"] == 0
    assert measures["friction"]["sum"] == 2  # the handoff, and a wait of five minutes


def test_7_greetings_change_no_rate() -> None:
    contacts = [answered(f"a{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(7)]
    greetings = [
        Conversation(f"g{i}", f"2026-03-02 12:0{i}:00").says(0, "ciao", intent="greet").bot(2, "greeting")
        for i in range(5)
    ]
    without, beside = measures_of(events(*contacts), LATER), measures_of(events(*contacts, *greetings), LATER)
    assert beside.pop("contacts")["excluded"] == 5
    without.pop("contacts")
    assert without == beside


def rated() -> list[Conversation]:
    """A hundred contacts, of which ten answer the survey, nine of them satisfied."""
    contacts = []
    for i in range(100):
        contact = answered(f"a{i:03}", f"2026-03-02 {10 + i // 60}:{i % 60:02}:00", customer=f"K{i}")
        contacts.append(contact.survey(60, csat=None if i >= 10 else 5 if i < 9 else 2))
    return contacts


def easy_and_hard(scale: int = 1) -> list[Conversation]:
    """Two months: easy 720 of 800 and hard 100 of 200 confirmed, then easy 368 of 400 and hard 324 of 600."""
    months = {
        "2026-03-02": (("easy", 800, 720), ("hard", 200, 100)),
        "2026-04-06": (("easy", 400, 368), ("hard", 600, 324)),
    }
    told = []
    for day, reasons in months.items():
        for reason, total, confirmed in reasons:
            for i in range(total // scale):
                start = f"{day} {8 + i // 60 % 12:02}:{i % 60:02}:00"
                one = Conversation(f"{day}-{reason}-{i}", start, customer=f"{day}{reason}{i}", reason=f"demo.{reason}")
                one.says(0).bot(5)
                told.append(one.resolved(60) if i < confirmed // scale else one.resolved(60, "no"))
    return told


def test_10_the_mix_hides_that_every_reason_got_better() -> None:
    contacts = contacts_of(facts_of(events(*easy_and_hard())), "2026-05-30 00:00:00")
    april = contacts.number("started_at") >= from_datetime(rome("2026-04-01 00:00:00"))
    before, after = (Population(contacts, np.flatnonzero(mask)) for mask in (~april, april))
    found = compared(before, after)
    rate = found["metrics"]["resolution_confirmed"]
    assert (rate["before"]["numerator"], rate["before"]["denominator"]) == (820, 1000)
    assert (rate["after"]["numerator"], rate["after"]["denominator"]) == (692, 1000)
    assert rate["standardised"]["value"] == pytest.approx(0.844)
    assert rate["standardised"]["change"] == pytest.approx(0.024)
    assert rate["warning"] == {"kind": "simpson", "because": ["direction", "mix"]}
    assert rate["difference"]["low"] < -0.128 < rate["difference"]["high"] < 0
    shares = {one["value"]: (one["before"], one["after"]) for one in found["mix"]}
    assert shares == {"demo.easy": (0.8, 0.4), "demo.hard": (0.2, 0.6)}


def test_10_no_warning_where_mix_and_directions_agree() -> None:
    contacts = contacts_of(facts_of(events(*easy_and_hard(scale=10))), "2026-05-30 00:00:00")
    everyone = Population(contacts, np.arange(len(contacts)))
    rate = compared(everyone, everyone)["metrics"]["resolution_confirmed"]
    assert rate["warning"] is None
    assert rate["standardised"]["value"] == pytest.approx(rate["after"]["value"])


def test_11_bounds_for_those_who_did_not_answer() -> None:
    csat = measures_of(events(*rated()), LATER)["csat"]
    assert (csat["numerator"], csat["denominator"], csat["value"]) == (9, 10, 0.9)
    assert (round(100 * csat["low"], 1), round(100 * csat["high"], 1)) == (59.6, 98.2)
    assert csat["bounds"] == {"worst": 0.09, "best": 0.99}


def test_13_none_of_ten_is_not_never() -> None:
    contacts = [answered(f"a{i}", f"2026-03-02 10:0{i}:00", customer=f"K{i}") for i in range(10)]
    abandonment = measures_of(events(*contacts), LATER)["abandonment"]
    assert (abandonment["value"], abandonment["low"], round(100 * abandonment["high"], 1)) == (0, 0, 27.8)
