"""What a contact's outcome is, signal by signal."""

from __future__ import annotations

import pytest

from tests.touchpoints.history import Conversation, events, records_of
from tests.touchpoints.history import Seen as Record

LATER = "2026-04-30 23:59:59"


def asked() -> Conversation:
    return Conversation("a", "2026-03-02 10:00:00", customer="A", reason="product.how_to_use").asks()


def seen(conversation: Conversation, as_of: str = LATER) -> Record:
    return records_of(events(conversation), as_of)["a"]


def test_silence_after_an_answer_only_assumes() -> None:
    assert seen(asked()).initial == "assumed"


def test_yes_confirms_at_once() -> None:
    assert seen(asked().resolved(60), "2026-03-02 10:01:00").initial == "confirmed"


@pytest.mark.parametrize("answer", ["no", "partly"])
def test_no_and_partly_are_unresolved_at_once(answer: str) -> None:
    assert seen(asked().resolved(60, answer), "2026-03-02 10:01:00").initial == "unresolved"


def test_a_bots_answer_after_a_no_leaves_it_unresolved_until_a_yes() -> None:
    again = asked().resolved(60, "no").says(70).bot(75)
    assert seen(again).initial == "unresolved"
    assert seen(again.resolved(90)).initial == "confirmed"


def test_an_agents_answer_after_a_no_sets_it_aside() -> None:
    helped = asked().resolved(60, "no").handed_over("2026-03-02 10:02:00", "2026-03-02 10:03:00").agent(300)
    assert seen(helped).initial == "assumed"


def test_a_repeated_question_stands_until_answered() -> None:
    again = asked().says(60).observed(60, "repeated_question").bot(65, "fallback")
    assert seen(again).initial == "unresolved"
    assert seen(again.says(90).bot(95)).initial == "assumed"


@pytest.mark.parametrize("kind", ["fallback", "clarify", "failure"])
def test_a_last_message_without_an_answer_is_unresolved(kind: str) -> None:
    assert seen(asked().says(60).bot(65, kind)).initial == "unresolved"
    assert seen(asked().says(60)).initial == "unresolved"


def test_thanks_are_no_signal() -> None:
    thanked = asked().says(60, "grazie", intent="thank", reason=None)
    assert seen(thanked).initial == "assumed"
    helped = asked().handed_over("2026-03-02 10:02:00", "2026-03-02 10:03:00").agent(300)
    helped.to_agent(320, "Grazie mille!").add(400, "closed", by="agent")
    assert seen(helped).initial == "assumed"


def test_leaving_after_an_answer_is_no_signal() -> None:
    assert seen(asked().add(60, "customer.left")).initial == "assumed"


def test_leaving_without_an_answer_is_abandoned_at_once() -> None:
    left = Conversation("a", "2026-03-02 10:00:00").says(0).bot(2, "fallback").add(9, "customer.left")
    assert seen(left, "2026-03-02 10:00:09").initial == "abandoned"


def test_a_day_of_silence_without_an_answer_is_abandoned() -> None:
    lost = Conversation("a", "2026-03-02 10:00:00").says(0).bot(2, "fallback")
    assert seen(lost, "2026-03-03 09:59:59").initial == "pending"
    assert seen(lost, "2026-03-03 10:00:00").initial == "abandoned"


def test_a_wrap_up_can_deny_and_never_confirms() -> None:
    helped = asked().handed_over("2026-03-02 10:02:00", "2026-03-02 10:03:00").agent(300)
    assert seen(helped.add(400, "wrapped_up", resolution="yes"), "2026-03-02 11:00:00").initial == "pending"
    assert seen(helped.add(500, "wrapped_up", resolution="no"), "2026-03-02 11:00:00").initial == "unresolved"
    assert seen(helped.resolved(600)).initial == "confirmed"  # the customer wins over the agent


def test_the_first_yes_still_standing_gives_the_time() -> None:
    assert seen(asked().resolved(60).resolved(90)).resolved_at == seen(asked().resolved(60)).resolved_at
    changed = asked().resolved(60).resolved(70, "no").resolved(90)
    assert seen(changed).resolved_at == seen(asked().resolved(90)).resolved_at


def test_a_yes_after_the_window_is_kept_and_not_used() -> None:
    late = seen(asked().resolved(5 + 168 * 3600 + 1))
    assert (late.initial, late.facts.resolution_answer) == ("assumed", "yes")
    assert seen(asked().resolved(5 + 168 * 3600)).initial == "confirmed"


def test_unresolved_is_never_revoked() -> None:
    back = Conversation("b", "2026-03-03 10:00:00", customer="A", reason="product.how_to_use").asks()
    records = records_of(events(asked().resolved(60, "no"), back), LATER)
    assert (records["a"].final, records["b"].repeat) == ("unresolved", True)


def test_opened_before_the_first_is_answered_revokes_nothing() -> None:
    slow = Conversation("a", "2026-03-02 10:00:00", customer="A", reason="product.how_to_use").says(0).bot(600)
    beside = Conversation("b", "2026-03-02 10:05:00", customer="A", reason="product.how_to_use").asks()
    records = records_of(events(slow, beside), LATER)
    assert records["a"].issue is records["b"].issue
    assert (records["a"].final, records["b"].repeat) == ("assumed", False)


def test_excluded_contacts_neither_chain_nor_revoke() -> None:
    spam = Conversation("b", "2026-03-03 10:00:00", customer="A", reason="product.how_to_use").asks()
    spam.add(60, "excluded", reason="spam")
    records = records_of(events(asked(), spam), LATER)
    assert (records["a"].final, records["b"].issue) == ("assumed", None)
