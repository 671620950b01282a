"""What was said in conversations, read from the record: words only, in order, with who said them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, select

from touchpoints import events as e
from touchpoints.instant import Instant
from touchpoints.schema import event

Who = Literal["customer", "assistant", "agent", "event"]
_WORDS: Final[dict[type[Any], Who]] = {
    e.CustomerMessage: "customer",
    e.BotMessage: "assistant",
    e.AgentMessage: "agent",
}
_EVENTS: Final[dict[type[Any], str]] = {
    e.HandoffRequested: "handoff_requested",
    e.HandoffTaken: "handoff_taken",
    e.HandoffLeft: "handoff_left",
    e.ResolutionAnswered: "resolution_answered",
    e.Closed: "closed",
}


class Line(NamedTuple):
    """Something said, or an event of the conversation by its name; `text` is None once its customer was erased."""

    conversation_id: str
    at: Instant
    who: Who
    text: str | None


def transcript(conn: Connection, conversation_id: str, start: Instant, end: Instant | None) -> list[Line]:
    """What was said from one moment up to another, that one left out; to the end without it."""
    chosen = select(event).where(event.c.conversation_id == conversation_id, event.c.at >= start)
    if end is not None:
        chosen = chosen.where(event.c.at < end)
    rows = conn.execute(chosen.order_by(event.c.seq))
    return [line for row in rows if (line := _line(row)) is not None]


def first_words(conn: Connection, conversation_ids: Sequence[str]) -> dict[str, str]:
    """By conversation, the first thing its customer wrote; one statement."""
    if not conversation_ids:
        return {}
    said = (event.c.conversation_id.in_(conversation_ids), event.c.type == e.CustomerMessage.TYPE)
    found: dict[str, str] = {}
    for row in conn.execute(select(event).where(*said).order_by(event.c.conversation_id, event.c.seq)):
        line = _line(row)
        if line is not None and line.text:
            found.setdefault(line.conversation_id, line.text)
    return found


def _line(row: Any) -> Line | None:
    body = e.decode_body(row.type, row.attributes)
    who = _WORDS.get(type(body))
    if who is not None:
        return Line(row.conversation_id, row.at, who, getattr(body, "text", None))
    name = _EVENTS.get(type(body))
    return Line(row.conversation_id, row.at, "event", name) if name else None
