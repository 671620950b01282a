"""Where an interaction starts and ends, what it counts, and why its reason is what it is."""

from __future__ import annotations

from tests.touchpoints.history import Conversation, events, facts_of, records_of, rome
from touchpoints.instant import from_datetime

LATER = "2026-04-30 23:59:59"


def start(**started: object) -> Conversation:
    return Conversation("a", "2026-03-02 10:00:00", customer="A", reason="product.how_to_use", **started)


def test_no_customer_message_no_interaction() -> None:
    silent = start().bot(0, "greeting").add(5, "survey.answered", csat=5).add(9, "closed", by="timeout")
    assert facts_of(events(silent)) == []


def test_it_starts_with_the_first_message_and_not_with_the_widget() -> None:
    late = start().bot(1, "greeting").says(300)
    assert facts_of(events(late))[0].started_at == from_datetime(rome("2026-03-02 10:05:00"))


def test_a_handoff_request_starts_one() -> None:
    facts = facts_of(events(start().add(30, "handoff.requested", why="customer_request")))
    assert [found.started_at for found in facts] == [from_datetime(rome("2026-03-02 10:00:30"))]


def test_a_message_after_closing_opens_the_next() -> None:
    twice = start().asks().add(60, "closed", by="customer").says(3600).bot(3605)
    records = records_of(events(twice), LATER)
    assert list(records) == ["a", "a.2"]
    assert records["a"].final == "revoked"


def test_a_message_after_a_day_of_silence_opens_the_next() -> None:
    assert len(facts_of(events(start().asks().says(5 + 86_399)))) == 1
    assert len(facts_of(events(start().asks().says(5 + 86_400)))) == 2


def test_what_comes_after_closing_belongs_to_the_latest() -> None:
    late = start().asks().add(60, "closed", by="customer").resolved(90).survey(100, 5, 6)
    late.add(200, "wrapped_up", agent="marta", tags=["gift"])
    (facts,) = facts_of(events(late))
    assert (facts.resolution_answer, facts.survey.csat, facts.tags) == ("yes", 5, ["gift"])


def test_days_in_the_queue_are_one_contact() -> None:
    waiting = start().asks().add(60, "handoff.requested", why="rule")
    waiting.says("2026-03-04 10:00:00").add("2026-03-05 09:00:00", "handoff.taken", agent="marta")
    waiting.to_agent("2026-03-06 12:00:00").agent("2026-03-06 12:05:00")
    record = records_of(events(waiting), LATER)["a"]
    assert len(facts_of(events(waiting))) == 1
    assert record.initial == "assumed"


def test_silence_runs_once_the_agent_has_answered() -> None:
    over = start().asks().handed_over("2026-03-02 10:01:00", "2026-03-02 10:02:00").agent("2026-03-02 10:03:00")
    assert len(facts_of(events(over.to_agent("2026-03-03 10:03:00")))) == 2


def test_still_waiting_when_mature_is_unresolved() -> None:
    waiting = start().says(0).add(60, "handoff.requested", why="customer_request")
    assert records_of(events(waiting), "2026-03-09 10:00:59")["a"].initial == "pending"
    assert records_of(events(waiting), "2026-03-09 10:01:00")["a"].initial == "unresolved"


def test_leaving_the_queue_is_noticed_after_closing_too() -> None:
    left = start().asks().add(60, "handoff.requested").add(90, "closed", by="customer").add(90, "handoff.left")
    assert records_of(events(left), "2026-03-02 10:02:00")["a"].initial == "abandoned"


def test_leaving_the_conversation_while_waiting_leaves_the_queue() -> None:
    left = start().asks().add(60, "handoff.requested").add(90, "customer.left")
    record = records_of(events(left), "2026-03-02 10:02:00")["a"]
    assert (record.initial, record.waited_s) == ("abandoned", 30)


def test_repeated_requests_in_one_queue_are_one_handoff() -> None:
    asking = start().says(0).add(60, "handoff.requested").add(90, "handoff.requested").add(100, "handoff.offered")
    (facts,) = facts_of(events(asking.add(120, "handoff.taken", agent="marta")))
    assert (len(facts.stretches), facts.wait_wall_s) == (1, 60)


def test_waits_of_several_stretches_are_summed() -> None:
    twice = start().says(0).handed_over("2026-03-02 10:01:00", "2026-03-02 10:02:00").add(200, "returned_to_bot")
    (facts,) = facts_of(events(twice.handed_over("2026-03-02 10:05:00", "2026-03-02 10:05:30")))
    assert (len(facts.stretches), facts.wait_wall_s, facts.wait_business_s) == (2, 90, 90)


def test_taken_without_a_request_has_no_wait() -> None:
    (facts,) = facts_of(events(start().says(0).add(30, "handoff.taken", agent="marta")))
    assert (facts.handoff, facts.taken, facts.wait_wall_s) == (True, True, None)


def test_the_first_agent_message_stands_in_for_a_missing_taken() -> None:
    (facts,) = facts_of(events(start().says(0).add(30, "handoff.requested").agent(90)))
    assert (facts.wait_wall_s, len(facts.stretches)) == (60, 1)


def test_a_second_wrap_up_in_the_same_stretch_replaces() -> None:
    worked = start().says(0).handed_over("2026-03-02 10:01:00", "2026-03-02 10:02:00").agent(150)
    worked.add(200, "wrapped_up", active_s=100, wrap_s=10).add(300, "wrapped_up", active_s=120, wrap_s=20)
    (facts,) = facts_of(events(worked))
    assert [(stretch.active_s, stretch.wrap_s) for stretch in facts.stretches] == [(120, 20)]


def test_reason_is_the_first_sure_reading_and_the_others_are_tags() -> None:
    read = start().says(0, reason="returns.how_to", confidence=0.2).says(10, reason="delivery.late", confidence=0.7)
    (facts,) = facts_of(events(read.says(20, reason="product.defect")))
    assert (facts.contact_reason, facts.reason_source, facts.tags) == ("delivery.late", "bot", ["product.defect"])
    assert (facts.cause_area, facts.demand_type, facts.cause_certainty) == ("delivery", "failure", "hypothesis")


def test_choice_beats_reading_wrap_up_beats_choice() -> None:
    chosen = start().says(0).add(5, "reason.chosen", reason="delivery.late")
    assert facts_of(events(chosen))[0].reason_source == "customer"
    wrapped = chosen.add(9, "wrapped_up", reason="product.defect", demand_type="value")
    facts = facts_of(events(wrapped))[0]
    assert (facts.contact_reason, facts.reason_source, facts.demand_type) == ("product.defect", "agent", "value")


def test_a_correction_wins_and_keeps_what_was_there() -> None:
    corrected = start().asks().add(60, "corrected", field="reason", value="delivery.late", by="lead")
    corrected.add(90, "corrected", field="demand_type", value="value", by="lead")
    (facts,) = facts_of(events(corrected))
    assert (facts.contact_reason, facts.demand_type, facts.promise_effect) == ("delivery.late", "value", "broken")
    kept = [(found.field, found.earlier, found.value, found.by) for found in facts.corrections]
    assert kept == [
        ("contact_reason", "product.how_to_use", "delivery.late", "lead"),
        ("demand_type", "failure", "value", "lead"),
    ]


def test_a_reason_the_brand_does_not_know_stays_with_everything_unknown() -> None:
    (facts,) = facts_of(events(start().says(0, reason="moon.phase").bot(5)))
    assert facts.contact_reason == "moon.phase"
    assert (facts.journey_stage, facts.cause_area, facts.demand_type) == ("unknown", "unknown", "unknown")
    assert facts.eligible


def test_an_unrecognised_question_is_eligible() -> None:
    lost = Conversation("a", "2026-03-02 10:00:00").says(0, intent="nlu_fallback", confidence=0.1).bot(2, "fallback")
    (facts,) = facts_of(events(lost))
    assert (facts.eligible, facts.contact_reason) == (True, None)


def test_excluded_for_cause() -> None:
    assert facts_of(events(start(test=True).asks()))[0].exclusion_reason == "test"
    assert facts_of(events(start().asks().add(60, "excluded", reason="spam")))[0].exclusion_reason == "spam"
    kept = start().asks().add(60, "excluded", reason="spam").add(70, "corrected", field="eligible", value=True)
    assert facts_of(events(kept))[0].exclusion_reason is None


def test_the_latest_identification_holds_for_the_whole_conversation() -> None:
    known = Conversation("a", "2026-03-02 10:00:00", customer="device-1").asks()
    known.add(60, "customer.identified", customer_key="A", key_strength="authenticated")
    assert facts_of(events(known))[0].customer_key == "A"


def test_the_first_survey_answer_counts() -> None:
    (facts,) = facts_of(events(start().asks().survey(60, 2, 3).survey(90, 5, 7)))
    assert (facts.survey.csat, facts.survey.ces) == (2, 3)


def test_a_recall_survey_is_kept_apart() -> None:
    recalled = start().asks().add(60, "survey.offered", kind="recall").add(90, "survey.answered", csat=1)
    (facts,) = facts_of(events(recalled))
    assert (facts.survey.csat, facts.recall.csat) == (None, 1)


def test_a_rejected_answer_is_still_an_answer() -> None:
    (facts,) = facts_of(events(start().asks().add(20, "answer.judged", accepted=False)))
    assert (facts.knowledge_answer, facts.citations[0].accepted) == (True, False)


def test_a_question_answered_with_a_greeting_is_still_a_question() -> None:
    odd = (
        Conversation("a", "2026-03-02 10:00:00").says(0, "dov'è?", intent="track_order", reason=None).bot(2, "greeting")
    )
    (facts,) = facts_of(events(odd))
    assert (facts.eligible, facts.contact_reason) == (True, None)


def test_a_message_read_twice_is_small_talk_only_by_both() -> None:
    twice = Conversation("a", "2026-03-02 10:00:00").says(0, "ciao, il mio ordine", intent="greet", reason=None)
    twice.add(1, "reading", intent="track_order", confidence=0.4)
    assert facts_of(events(twice))[0].eligible


def test_an_offer_is_no_handoff_and_still_something_that_happened() -> None:
    (facts,) = facts_of(events(start().says(0).bot(2, "fallback").add(5, "handoff.offered", why="fallback")))
    assert not facts.handoff
    assert facts.last_event_at == from_datetime(rome("2026-03-02 10:00:05"))


def test_a_judgement_of_another_answer_leaves_this_one_alone() -> None:
    judged = start().asks().add(20, "answer.judged", accepted=False, answer_seq=999)
    assert facts_of(events(judged))[0].citations[0].accepted is None


def test_a_rejected_answer_still_counts_as_first_answer_and_knowledge() -> None:
    (facts,) = facts_of(events(start().asks().add(20, "answer.judged", accepted=False)))
    assert facts.knowledge_answer
    assert facts.first_substantive_at == from_datetime(rome("2026-03-02 10:00:05"))


def test_wrap_up_survey_correction_and_closing_do_not_make_a_contact_last_longer() -> None:
    later = start().asks().add(60, "survey.offered").add(70, "survey.answered", csat=4)
    later.add(80, "wrapped_up", agent="marta").add(90, "corrected", field="segment", value="x").add(95, "closed")
    (facts,) = facts_of(events(later))
    assert facts.last_event_at == from_datetime(rome("2026-03-02 10:00:05"))


def test_a_repeat_whose_default_is_value_is_a_hypothesis_of_failure() -> None:
    first = Conversation("a", "2026-03-02 10:00:00", customer="A", reason="praise").asks()
    again = Conversation("b", "2026-03-03 10:00:00", customer="A", reason="praise").asks()
    row = records_of(events(first, again), LATER)["b"].row()
    assert (row["demand_type"], row["cause_certainty"]) == ("failure", "hypothesis")
    stated = again.add(60, "corrected", field="demand_type", value="value", by="lead")
    assert records_of(events(first, stated), LATER)["b"].demand == "value"


def test_the_reason_a_person_set_aside_stays_as_a_tag() -> None:
    wrapped = start().asks().add(9, "wrapped_up", reason="product.defect")
    corrected = wrapped.add(20, "corrected", field="reason", value="delivery.late", by="lead")
    (facts,) = facts_of(events(corrected))
    assert facts.contact_reason == "delivery.late"
    assert {"product.defect", "product.how_to_use"} <= set(facts.tags)
