"""From the assistant's reply to what is stored: messages for the customer, events for the record, a change of holder.

Called inside the transaction that ends a turn, so that a reply, its events and the next dialogue state stand or fall
together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection

from desk import catalogue
from desk.assistant import Turn, Utterance
from desk.consequences import Outcome, Turning, follow, offer_survey, take_message
from desk.store.threads import Message, Thread
from desk.survey import NO_SHARES, Shares

__all__ = ["Outcome", "apologise", "apply", "hand_off", "offer_survey", "system_line", "take_message"]

Event = dict[str, Any]
REQUEST_PERSON: Final = "/request_person"
SURE: Final = 0.5  # a reason proposed with this confidence stays; a later, surer one replaces what was guessed
_PROPOSED: Final = ("contact_reason", "journey_stage", "service_kind")


def apply(
    conn: Connection, thread: Thread, turn: Turn, at: datetime, callback_due: datetime, shares: Shares = NO_SHARES
) -> Outcome:
    """Store the assistant's replies and what they mean. The caller saves the thread."""
    outcome = Outcome()
    turning = Turning(conn, thread, at, callback_due, outcome, shares)
    thread.record(at, _reading(thread, turn))
    for utterance in turn.messages:
        _say(thread, utterance, at, outcome)
        follow(turning, utterance.custom)
    thread.state = turn.state
    return outcome


def apologise(thread: Thread, at: datetime) -> Outcome:
    """The assistant failed: say so plainly, offer a person, and record both."""
    offer = {"title": catalogue.text(thread.language, "conversation.talk_to_a_person"), "value": REQUEST_PERSON}
    text = catalogue.text(thread.language, "conversation.apology")
    added = thread.say(at, "assistant", text, extras={"kind": "failure", "choices": [offer]})
    thread.record(
        at,
        {"type": "message.bot", "text": text, "kind": "failure", "citations": [], "used_context": False},
        {"type": "handoff.offered", "why": "fallback"},
    )
    return Outcome([added])


def _reading(thread: Thread, turn: Turn) -> Event:
    """What was understood: the intent, what the message refers to, the contact reason a reply proposed."""
    intent = turn.reading.get("intent")
    confidence = turn.reading.get("confidence")
    event: Event = {"type": "reading", "language": thread.language, "intent": intent, "confidence": confidence}
    if reference := thread.facts.get("entity_ref"):
        event["entity_ref"] = reference
    for utterance in turn.messages:
        proposed = utterance.custom.get("reason")
        if proposed:
            known = {name: proposed[name] for name in _PROPOSED if proposed.get(name)}
            _keep(thread.facts, known, proposed.get("confidence", 1.0))
            event.update({("reason" if name == "contact_reason" else name): value for name, value in known.items()})
            event["confidence"] = proposed.get("confidence", confidence)
            break  # of two questions in a message the first says why the customer came
    return event


def _keep(facts: dict[str, Any], known: dict[str, Any], confidence: float) -> None:
    """The first sure reason is the contact's, as in the record; until there is one, the surest guess."""
    before = float(facts.get("reason_confidence", 0.0))
    if before < SURE and confidence >= before:
        facts.update(known, reason_confidence=confidence)


def _say(thread: Thread, utterance: Utterance, at: datetime, outcome: Outcome) -> None:
    custom = utterance.custom
    citations = custom.get("citations", [])
    shown = [{"title": cited["title"], "url": _page(cited), "lang": cited["lang"]} for cited in citations]
    choices = [{"title": button.title, "value": button.payload} for button in utterance.buttons]
    extras = {"kind": utterance.kind, "citations": shown, "choices": choices}
    outcome.messages.append(thread.say(at, "assistant", utterance.text, extras=extras))
    kept = [{key: cited.get(key) for key in ("article_id", "version", "passage", "score")} for cited in citations]
    said = {"type": "message.bot", "text": utterance.text, "kind": utterance.kind, "citations": kept}
    thread.record(at, {**said, "used_context": bool(custom.get("used_context", False))})
    if utterance.kind == "answer":
        thread.facts["answer_seq"] = thread.event_seq


def _page(cited: dict[str, Any]) -> str:
    """Where the customer can read the source: the article's own address, else its page in this desk's help centre."""
    return cited.get("url") or f"/help/{cited['lang']}/{quote(cited['article_id'], safe='')}"


def hand_off(thread: Thread, why: str, at: datetime) -> None:
    """Put the conversation in the queue. A second request while it waits changes nothing."""
    if thread.holder == "queue":
        return
    thread.hand_to("queue")
    thread.queued_at, thread.queued_why = at, why
    thread.record(at, {"type": "handoff.requested", "why": why})


def system_line(thread: Thread, at: datetime, key: str, **values: str) -> Message:
    """A line of the house itself: who came, who left, what happens now. Shown, not part of the record."""
    text = catalogue.text(thread.language, f"conversation.{key}", **values)
    return thread.say(at, "system", text, extras={"kind": "notice"})
