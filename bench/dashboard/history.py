"""A long history of short contacts, told as events: what a desk of some size has on record after three months."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from touchpoints.configuration import default
from touchpoints.instant import SECOND, Instant, from_datetime, isoformat

DAYS: Final = 90
CUSTOMERS_EACH: Final = 3  # contacts of a customer, on average
WORDS: Final = ("dov'è il mio pacco?", "how do I return a book?", "il codice non funziona", "I was charged twice")
COMMENTS: Final = ("tutto bene", "non ho capito la risposta", "quick and clear", "I had to ask twice")


def told(contacts: int, until: datetime, seed: int = 5) -> Iterator[dict[str, Any]]:
    """The events of so many conversations in the days before a moment, each whole, with about six events."""
    chance = random.Random(seed)
    reasons = list(default().reasons)
    first = from_datetime((until - timedelta(days=DAYS)).astimezone(UTC))
    for number in range(contacts):
        start = first + chance.randrange(DAYS * 86_400 - 3_600) * SECOND
        yield from _conversation(f"c{number:08}", start, chance, reasons, contacts)


def _conversation(
    name: str, start: Instant, chance: random.Random, reasons: list[str], contacts: int
) -> Iterator[dict[str, Any]]:
    seq, at = 0, start

    def event(kind: str, after: float, /, **more: Any) -> dict[str, Any]:
        nonlocal seq, at
        seq, at = seq + 1, at + round(after * SECOND)
        return {"conversation_id": name, "seq": seq, "at": isoformat(at), "type": kind, **more}

    language = chance.choice(("it", "it", "en"))
    key = f"k{chance.randrange(max(contacts // CUSTOMERS_EACH, 1))}"
    known = {"customer_key": key, "key_strength": chance.choice(("authenticated", "device"))}
    yield event(
        "conversation.started", 0, **(known if chance.random() < 0.8 else {}),
        channel=chance.choice(("chat", "chat", "e-mail")), touchpoint_type="chat", environment="digital",
        language=language, segment=chance.choice(("new", "returning", None)),
    )  # fmt: skip
    yield event("message.customer", 1, text=chance.choice(WORDS))
    order = f"o{chance.randrange(contacts)}" if chance.random() < 0.2 else None
    yield event("reading", 0, intent="ask_question", confidence=0.9, reason=chance.choice(reasons), entity_ref=order)
    if chance.random() < 0.85:
        cited = [{"article_id": f"a{chance.randrange(60)}", "version": "v1", "passage": 0, "score": 0.9}]
        yield event("message.bot", 2, kind="answer", text="Ecco.", citations=cited)
    else:
        yield event("message.bot", 2, kind="fallback", text="?")
    if chance.random() < 0.15:
        yield event("handoff.requested", 30, why="customer_request", stated_wait_s=120)
        yield event("handoff.taken", chance.expovariate(1 / 200), agent="agent")
        yield event("message.agent", 60, text="Ci penso io.", agent="agent", substantive=True)
        yield event("wrapped_up", 200, agent="agent", active_s=180, wrap_s=40, concurrency=2)
    if chance.random() < 0.3:
        yield event("resolution.answered", 40, answer=chance.choice(("yes", "yes", "yes", "partly", "no")))
        yield event("survey.offered", 1, kind="contact", items=["ces", "csat"])
    if chance.random() < 0.15:
        said = {"comment": chance.choice(COMMENTS)} if chance.random() < 0.3 else {}
        yield event("survey.answered", 20, csat=chance.randint(1, 5), ces=chance.randint(1, 7), **said)
