"""What an agent sees: the board of conversations, and the handoff card that keeps a customer from being asked twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from desk import clock, frames
from desk.errors import NotFound
from desk.store import accounts, excerpts, threads, tickets
from desk.store.threads import Message, Thread

# facts the desk keeps for itself
INNER: Final = (
    "survey",
    "survey_passed",
    "answered",
    "answer_seq",
    "agent_answered",
    "begins",
    "judged",
    "order",
    "asked_person",
    "message_left",
    "reason_confidence",
    "language_asked",
)


def board(conn: Connection, at: datetime) -> dict[str, Any]:
    """The queue in order of arrival, what agents hold, and open tickets by promised time."""
    names = accounts.names(conn)
    rows = [*threads.held_by(conn, ["queue", "agent"]), *threads.to_wrap_up(conn)]
    words = excerpts.last_words(conn, [one.id for one in rows])
    return {
        "queue": [_row(one, names, at) | {"says": words.get(one.id)} for one in rows if one.holder == "queue"],
        "held": [_row(one, names, at) | {"says": words.get(one.id)} for one in rows if one.holder != "queue"],
        "tickets": [_ticket(one, at) for one in tickets.unanswered(conn)],
    }


def _row(one: Thread, names: dict[str, str], at: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "holder": one.holder,
        "agent_id": one.agent_id,
        "agent": names.get(one.agent_id) if one.agent_id else None,
        "language": one.language,
        "why": one.queued_why,
        "reason": one.facts.get("contact_reason"),
        "waiting_s": int((at - one.queued_at).total_seconds()) if one.queued_at else None,
        "last_at": clock.iso(one.last_at),
    }


def _ticket(one: tickets.Ticket, at: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "thread": one.thread_id,
        "name": one.name,
        "contact": one.contact,
        "summary": one.summary,
        "due_at": clock.iso(one.due_at),
        "created_at": clock.iso(one.created_at),
        "late": at > one.due_at,
    }


def card(conn: Connection, thread_id: str, at: datetime) -> dict[str, Any]:
    """Everything known of one conversation. Raises NotFound."""
    try:
        one = threads.get(conn, thread_id)
    except KeyError:
        raise NotFound("no such conversation") from None
    said = threads.messages_after(conn, thread_id, 0)
    return {
        **_row(one, accounts.names(conn), at),
        "asked": _asked(said),
        "answered": _answered(said),
        "tried": _tried(said),
        "facts": _facts(one),
        "tickets": [_ticket(left, at) for left in tickets.of_thread(conn, thread_id) if left.closed_at is None],
        "messages": [frames.message(message) | {"kind": message.extras.get("kind")} for message in said],
    }


def _asked(said: list[Message]) -> list[str]:
    """The customer's own words, without the buttons pressed."""
    return [one.text for one in said if one.sender == "customer" and one.choice is None][-5:]


def _answered(said: list[Message]) -> list[dict[str, Any]]:
    """Articles the assistant answered from, each once, the latest last."""
    cited = {link["url"]: link for one in said for link in one.extras.get("citations", [])}
    return list(cited.values())


def _tried(said: list[Message]) -> dict[str, int]:
    """How often the assistant answered, asked back, and had nothing."""
    kinds = [one.extras.get("kind") for one in said if one.sender == "assistant"]
    return {kind: kinds.count(kind) for kind in ("answer", "clarify", "fallback", "failure")}


def _facts(one: Thread) -> dict[str, Any]:
    """What the customer has given already, and what is known without asking."""
    known = {key: value for key, value in one.facts.items() if key not in INNER}
    return {
        "identified": one.key_strength,
        "language": one.language,
        "page": one.page,
        "since": clock.iso(one.created_at),
        **known,
    }
