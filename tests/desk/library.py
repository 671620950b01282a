"""Customers who asked in vain, and people who sign in, for the tests of the library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from desk import clock
from knowledge.article import Article
from tests.desk.conftest import OPEN, Served
from touchpoints.store import append, refresh

YESTERDAY = OPEN - timedelta(days=1)
FALLBACK = {"type": "message.bot", "kind": "fallback", "text": "I don't know."}
ANSWER = {"type": "message.bot", "kind": "answer", "text": "So.", "citations": [{"article_id": "track-order"}]}
NO = {"type": "answer.judged", "accepted": False}
YES = {"type": "answer.judged", "accepted": True}
TRACK = Article("track-order", "en", "Where is my order?", "Follow the link in the e-mail.", updated="2025-11-03")
TRACCIA = Article("track-order", "it", "Dov'è il mio ordine?", "Segua il collegamento.", updated="2025-11-03")
GIFTS = Article("gift-wrapping", "en", "Do you wrap gifts?", "Yes, at the till.", updated="2024-01-10")
PERSON = (
    {"type": "handoff.requested", "why": "fallback"},
    {"type": "handoff.taken", "agent": "a1"},
    {
        "type": "message.agent",
        "agent": "a1",
        "substantive": True,
        "text": "Yes, on the first floor. Ask for Giulia, or write to giulia@example.org.",
    },
    {"type": "wrapped_up", "agent": "a1", "reason": "product.how_to_use", "resolution": "yes"},
    {"type": "closed", "by": "agent"},
)


async def asks(served: Served, number: int, text: str, *more: dict[str, Any]) -> str:
    """One customer's question and what came of it; returns the conversation's id."""
    name = f"c{number}"
    told = [
        {"type": "conversation.started", "customer_key": f"k{number}", "key_strength": "device", "language": "en"},
        {"type": "message.customer", "text": text},
        {"type": "reading", "intent": "ask_question", "confidence": 0.9, "language": "en"},
        *more,
    ]
    at = YESTERDAY + timedelta(minutes=number)
    events = [
        {"conversation_id": name, "seq": seq, "at": clock.iso(at + timedelta(seconds=seq)), **one}
        for seq, one in enumerate(told, 1)
    ]

    def write(conn: Any) -> None:
        append(conn, events)
        refresh(conn)

    await served.desk.parts.database.write(write)
    return name


def publish(served: Served, *articles: Article) -> None:
    served.desk.parts.retriever.base.publish(articles, source="tests")


@asynccontextmanager
async def signed_in(served: Served, name: str, role: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody with this role."""
    await served.desk.agent(name, role)
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=30) as client:
        sent = await client.post("/login", data={"name": name, "password": f"long enough for {name}"})
        assert sent.status_code == 303
        yield client
