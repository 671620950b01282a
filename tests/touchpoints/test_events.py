"""What an event may say, and that a refusal names the field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from touchpoints.errors import EventError
from touchpoints.events import KINDS, decode_body, encode_body
from touchpoints.parsing import parse, unknown_attributes

GOOD: dict[str, Any] = {
    "conversation_id": "c",
    "seq": 1,
    "at": "2026-03-02T10:00:00+01:00",
    "type": "message.customer",
    "text": "ciao",
}


def test_every_type_of_the_contract_is_known() -> None:
    named = """answer.judged closed commitment.made commitment.met conversation.started corrected customer.identified
        customer.left excluded handoff.left handoff.offered handoff.requested handoff.taken message.agent message.bot
        message.customer observed reading reason.chosen resolution.answered resolution.asked returned_to_bot
        survey.answered survey.offered ticket.opened wrapped_up"""
    assert " ".join(sorted(KINDS)) == " ".join(named.split())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "message.pigeon"}, "type"),
        ({"type": None}, "type"),
        ({"seq": None}, "seq"),
        ({"seq": -1}, "seq"),
        ({"seq": 1.5}, "seq"),
        ({"seq": "1"}, "seq"),
        ({"at": None}, "at"),
        ({"at": "2026-03-02T10:00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": datetime(2026, 3, 2)}, "at"),
        ({"conversation_id": ""}, "conversation_id"),
        ({"conversation_id": "a\x00b"}, "conversation_id"),
        ({"conversation_id": 7}, "conversation_id"),
        ({"text": 7}, "text"),
        ({"mood": "good"}, "mood"),
        ({"type": "reading", "text": None, "confidence": float("nan")}, "confidence"),
        ({"type": "reading", "text": None, "confidence": 1.1}, "confidence"),
        ({"type": "message.bot", "text": None}, "kind"),
        ({"type": "message.bot", "kind": "poem"}, "kind"),
        ({"type": "message.bot", "kind": "answer", "citations": [{}]}, "citations[0].article_id"),
        ({"type": "survey.answered", "text": None, "csat": 6}, "csat"),
        ({"type": "survey.answered", "text": None, "ces": 0}, "ces"),
        ({"type": "wrapped_up", "text": None, "active_s": -1}, "active_s"),
        ({"type": "wrapped_up", "text": None, "cause_area": "weather"}, "cause_area"),
        ({"type": "resolution.answered", "text": None, "answer": "perhaps"}, "answer"),
    ],
)
def test_a_refusal_names_the_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(EventError) as refused:
        parse({**GOOD, **changed})
    assert refused.value.field == field


@pytest.mark.parametrize(
    "correction",
    [
        {"field": "mood", "value": "good"},
        {"field": "demand_type", "value": "noise"},
        {"field": "eligible", "value": "x"},
    ],
)
def test_a_correction_stays_in_the_vocabulary(correction: dict[str, Any]) -> None:
    with pytest.raises(EventError):
        parse({**GOOD, "text": None, "type": "corrected", **correction})


def test_not_an_object_or_too_wide() -> None:
    with pytest.raises(EventError, match="JSON object"):
        parse(["c", 1])  # type: ignore[arg-type]
    with pytest.raises(EventError, match="at most 100 attributes"):
        parse(GOOD | {f"x{i}": 1 for i in range(1000)})


def test_unknown_attributes_are_left_out_when_not_strict() -> None:
    raw = {**GOOD, "mood": "good"}
    assert parse(raw, strict=False) == parse(GOOD)
    assert unknown_attributes(raw) == ("mood",)


def test_null_is_absent_and_a_body_survives_storage() -> None:
    event = parse({**GOOD, "type": "reading", "text": None, "intent": "greet", "reason": None})
    assert encode_body(event.body) == '{"intent":"greet"}'
    assert decode_body("reading", encode_body(event.body)) == event.body


def test_a_datetime_is_as_good_as_its_text() -> None:
    assert parse({**GOOD, "at": datetime(2026, 3, 2, 9, tzinfo=UTC)}).at == parse(GOOD).at


def test_text_that_is_no_unicode() -> None:
    with pytest.raises(EventError, match="Unicode"):
        encode_body(parse({**GOOD, "text": "\ud800"}).body)
