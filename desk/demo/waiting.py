"""Two simulated customers who wait when the demo first starts: one in the queue, one who left a message."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from desk import mentions, turn
from desk.demo.voices import answer
from desk.hours import Hours
from desk.mentions import References
from desk.store import threads
from desk.store.threads import Thread

SCRIPT: Final = Path(__file__).with_name("waiting.toml")


def put_in_queue(conn: Connection, hours: Hours, references: References, at: datetime) -> None:
    """Store both, as their turns would have."""
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    for customer in script["queue"]:
        _queue(conn, customer, references, at - timedelta(minutes=customer["minutes_ago"]))
    for customer in script["ticket"]:
        _ticket(conn, customer, references, at - timedelta(minutes=customer["minutes_ago"]), hours)


def _begin(conn: Connection, customer: dict[str, Any], references: References, number: str, at: datetime) -> Thread:
    """A thread with the customer's question in it."""
    spoken = customer["language"]
    thread = threads.create(
        conn, customer_key=f"demo-waiting-{number}", key_strength="device", locale=spoken, page="/shop", at=at
    )
    thread.record(
        at,
        {
            "type": "conversation.started",
            "customer_key": thread.customer_key,
            "key_strength": "device",
            "channel": "chat",
            "touchpoint_type": "chat",
            "environment": "digital",
            "entry_page": "/shop",
            "language": spoken,
        },
    )
    _ask(thread, customer["question"], references, at)
    return thread


def _ask(thread: Thread, text: str, references: References, at: datetime) -> None:
    mentions.note(thread.facts, references, text)
    thread.say(at, "customer", text)
    thread.record(at, {"type": "message.customer", "text": text})


def _reply(thread: Thread, text: str, kind: str, at: datetime, citations: list[dict[str, str]] | None = None) -> None:
    thread.say(at, "assistant", text, extras={"kind": kind, "citations": citations or []})
    thread.record(at, {"type": "message.bot", "text": text, "kind": kind})


def _queue(conn: Connection, customer: dict[str, Any], references: References, at: datetime) -> None:
    thread = _begin(conn, customer, references, "queue", at)
    said = answer(customer["article"], thread.language)
    url = f"/help/{thread.language}/{customer['article']}"
    cited = [{"title": said.title, "url": url, "lang": thread.language}]
    _reply(thread, said.opening, "answer", at + timedelta(seconds=1), cited)
    _ask(thread, customer["insists"], references, at + timedelta(seconds=40))
    _reply(thread, customer["handoff"], "notice", at + timedelta(seconds=41))
    thread.facts.update(contact_reason="delivery.late", journey_stage="post_purchase")
    turn.hand_off(thread, "customer_request", at + timedelta(seconds=41))
    threads.save(conn, thread)


def _ticket(conn: Connection, customer: dict[str, Any], references: References, at: datetime, hours: Hours) -> None:
    thread = _begin(conn, customer, references, "ticket", at)
    left = {"contact": customer["contact"], "summary": customer["summary"]}
    turn.take_message(conn, thread, left, at + timedelta(seconds=50), hours.callback_due(at))
    _reply(thread, customer["noted"], "notice", at + timedelta(seconds=50))
    threads.save(conn, thread)
