"""What a reply of the assistant asks of the desk beside being shown: events for the record, a ticket, a handoff.

Each reply may carry `custom` fields; every one that means something has its function here, called in this order within
the transaction that ends the turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from desk import catalogue, clock, survey
from desk.store import tickets
from desk.store.threads import Message, Thread
from desk.tongue import ASKED


@dataclass
class Outcome:
    """What a finished turn did: what to push, and whether the conversation changed hands."""

    messages: list[Message] = field(default_factory=list)
    handoff: str | None = None
    survey: list[str] = field(default_factory=list)
    closed: bool = False
    ticket: bool = False


@dataclass(frozen=True)
class Turning:
    """The turn a consequence belongs to."""

    conn: Connection
    thread: Thread
    at: datetime
    callback_due: datetime
    outcome: Outcome
    shares: survey.Shares


def follow(turning: Turning, custom: dict[str, Any]) -> None:
    """Carry out everything a reply asks for."""
    for name, carry_out in _CONSEQUENCES.items():
        if custom.get(name) is not None:
            carry_out(turning, custom[name])


def _accepted(turning: Turning, accepted: bool) -> None:
    thread = turning.thread
    if "answer_seq" in thread.facts:
        judged = {"type": "answer.judged", "answer_seq": thread.facts.pop("answer_seq"), "accepted": bool(accepted)}
        thread.record(turning.at, judged)


def _resolution(turning: Turning, answer: str) -> None:
    """How it went is asked once it can be judged: after a yes at once, else when no person is to come."""
    if answer not in survey.RESOLUTION:
        return
    turning.thread.record(turning.at, {"type": "resolution.answered", "answer": answer})
    turning.thread.facts["judged"] = answer
    if answer == "yes":
        _ask_how_it_went(turning)


def _declined(turning: Turning, _: Any) -> None:
    if "judged" in turning.thread.facts:
        _ask_how_it_went(turning)


def _ask_how_it_went(turning: Turning) -> None:
    if turning.thread.survey == "none":
        items = survey.AFTER_THE_ASSISTANT
        turning.outcome.survey = offer_survey(turning.thread, turning.at, items, turning.shares)


def _ask(turning: Turning, what: str) -> None:
    if what == "resolution":
        turning.thread.record(turning.at, {"type": "resolution.asked"})


def _observed(turning: Turning, kind: str) -> None:
    turning.thread.record(turning.at, {"type": "observed", "kind": kind})


def _offer_handoff(turning: Turning, offer: dict[str, Any]) -> None:
    turning.thread.record(turning.at, {"type": "handoff.offered", "why": offer["why"]})


def _asked_person(turning: Turning, asked: dict[str, Any]) -> None:
    """Asked for out of hours: on record as asked, although nobody can come before the promised time."""
    ask_for_person(turning.thread, asked["why"], turning.at, turning.callback_due)


def _ticket(turning: Turning, left: dict[str, Any]) -> None:
    take_message(turning.conn, turning.thread, left, turning.at, turning.callback_due)
    turning.outcome.ticket = True


def _ticket_cancelled(turning: Turning, _: Any) -> None:
    """Who gives up the message goes on with the assistant."""
    if turning.thread.facts.pop("asked_person", None):
        turning.thread.record(turning.at, {"type": "returned_to_bot"})


def _correct_contact(turning: Turning, contact: str) -> None:
    """The latest message still open can be answered at another address."""
    turning.outcome.ticket |= tickets.correct_contact(turning.conn, turning.thread.id, contact)


def _language(turning: Turning, lang: str) -> None:
    if lang in catalogue.languages():
        turning.thread.language = turning.thread.facts[ASKED] = lang


def _handoff(turning: Turning, handoff: dict[str, Any]) -> None:
    turning.outcome.handoff = handoff["why"]


def _end(turning: Turning, ends: bool) -> None:
    turning.outcome.closed |= bool(ends)


_CONSEQUENCES: Final[dict[str, Callable[[Turning, Any], None]]] = {
    "observed": _observed,
    "accepted": _accepted,
    "resolution": _resolution,
    "ask": _ask,
    "offer_handoff": _offer_handoff,
    "declined": _declined,
    "asked_person": _asked_person,
    "ticket": _ticket,
    "ticket_cancelled": _ticket_cancelled,
    "correct_contact": _correct_contact,
    "language": _language,
    "handoff": _handoff,
    "end": _end,
}


def offer_survey(
    thread: Thread, at: datetime, items: tuple[str, ...], shares: survey.Shares = survey.NO_SHARES
) -> list[str]:
    """Ask how it went; once per contact."""
    chosen = shares.choose(items, f"{thread.id}:{thread.facts.get('begins', 1)}")
    thread.survey = "offered"
    thread.facts.pop("survey_passed", None)
    thread.facts["survey"] = list(chosen)
    asked: list[dict[str, Any]] = [{"type": "resolution.asked"}] if "resolution" in chosen else []
    rated = [item for item in chosen if item != "resolution"]
    thread.record(at, *asked, {"type": "survey.offered", "kind": "contact", "items": rated})
    return list(chosen)


def ask_for_person(thread: Thread, why: str, at: datetime, due: datetime) -> None:
    """On record once per contact, with the wait that was stated."""
    if not thread.facts.get("asked_person"):
        thread.facts["asked_person"] = True
        stated = max(0.0, (due - at).total_seconds())
        thread.record(at, {"type": "handoff.requested", "why": why, "stated_wait_s": stated})


def take_message(conn: Connection, thread: Thread, left: dict[str, Any], at: datetime, due: datetime) -> None:
    """A message for people: a ticket in the queue, and a promise with a time on record."""
    ask_for_person(thread, "customer_request", at, due)
    made = tickets.open_ticket(conn, thread.id, at, due, left["contact"], left["summary"], left.get("name"))
    thread.facts["message_left"] = True
    thread.record(
        at,
        {"type": "ticket.opened", "contact": made.contact, "summary": made.summary, "due": clock.iso(due)},
        {"type": "commitment.made", "id": made.id, "due": clock.iso(due), "what": "callback", "by": "assistant"},
    )
