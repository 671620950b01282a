"""From the assistant's reply to what is stored: messages for the customer, events for the record, a change of holder.

Called inside the transaction that ends a turn, so that a reply, its events and the next dialogue state stand or fall
together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection

from desk import catalogue, clock, survey
from desk.assistant import Turn, Utterance
from desk.store import tickets
from desk.store.threads import Message, Thread

Event = dict[str, Any]
REQUEST_PERSON: Final = "/request_person"
_READING_FIELDS: Final = ("contact_reason", "journey_stage", "service_kind", "entity_ref")


@dataclass
class Outcome:
    """What a finished turn did: what to push, and whether the conversation changed hands."""

    messages: list[Message] = field(default_factory=list)
    handoff: str | None = None
    survey: list[str] = field(default_factory=list)
    closed: bool = False
    ticket: bool = False


def apply(conn: Connection, thread: Thread, turn: Turn, at: datetime, callback_due: datetime) -> Outcome:
    """Store the assistant's replies and what they mean. The caller saves the thread."""
    outcome = Outcome()
    thread.record(at, _reading(thread, turn))
    for utterance in turn.messages:
        _say(thread, utterance, at, outcome)
        _consequences(conn, thread, utterance.custom, at, callback_due, outcome)
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
    """What was understood, with the contact reason where a reply proposed one."""
    intent = turn.reading.get("intent")
    confidence = turn.reading.get("confidence")
    event: Event = {"type": "reading", "language": thread.language, "intent": intent, "confidence": confidence}
    for utterance in turn.messages:
        proposed = utterance.custom.get("reason")
        if proposed:
            known = {name: proposed[name] for name in _READING_FIELDS if proposed.get(name)}
            thread.facts.update(known)
            event.update({("reason" if name == "contact_reason" else name): value for name, value in known.items()})
            event["confidence"] = proposed.get("confidence", confidence)
    return event


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


def _consequences(
    conn: Connection, thread: Thread, custom: dict[str, Any], at: datetime, callback_due: datetime, outcome: Outcome
) -> None:
    """What a reply asks of the desk beside being shown."""
    if "accepted" in custom and "answer_seq" in thread.facts:
        judged = {
            "type": "answer.judged",
            "answer_seq": thread.facts.pop("answer_seq"),
            "accepted": bool(custom["accepted"]),
        }
        thread.record(at, judged)
    if custom.get("resolution") in survey.RESOLUTION:
        thread.record(at, {"type": "resolution.answered", "answer": custom["resolution"]})
        if thread.survey == "none":
            outcome.survey = offer_survey(thread, at, survey.AFTER_THE_ASSISTANT)
    if custom.get("ask") == "resolution":
        thread.record(at, {"type": "resolution.asked"})
    if custom.get("offer_handoff"):
        thread.record(at, {"type": "handoff.offered", "why": custom["offer_handoff"]["why"]})
    if custom.get("ticket"):
        take_message(conn, thread, custom["ticket"], at, callback_due)
        outcome.ticket = True
    if custom.get("handoff"):
        outcome.handoff = custom["handoff"]["why"]
    outcome.closed = outcome.closed or bool(custom.get("end"))


def offer_survey(thread: Thread, at: datetime, items: tuple[str, ...]) -> list[str]:
    """Ask how it went; once per contact."""
    thread.survey = "offered"
    thread.facts.pop("survey_passed", None)
    thread.facts["survey"] = list(items)
    asked: list[Event] = [{"type": "resolution.asked"}] if "resolution" in items else []
    rated = [item for item in items if item != "resolution"]
    thread.record(at, *asked, {"type": "survey.offered", "kind": "contact", "items": rated})
    return list(items)


def take_message(conn: Connection, thread: Thread, left: dict[str, Any], at: datetime, due: datetime) -> None:
    """A message left out of hours: a ticket in the queue, and a promise with a time on record."""
    made = tickets.open_ticket(conn, thread.id, at, due, left["contact"], left["summary"], left.get("name"))
    thread.record(
        at,
        {"type": "ticket.opened", "contact": made.contact, "summary": made.summary, "due": clock.iso(due)},
        {"type": "commitment.made", "id": made.id, "due": clock.iso(due), "what": "callback", "by": "assistant"},
    )


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
