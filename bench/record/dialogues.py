"""Made-up histories: dialogues of the length and the pace of human ones, told as events, and many like them as facts.

Messages per dialogue and times to think and to answer follow the percentiles of 5,820 human dialogues (STAR, MIT).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from math import exp, log
from typing import Any, Final

from touchpoints.configuration import default
from touchpoints.facts import Facts
from touchpoints.instant import SECOND, Instant, from_datetime, isoformat
from touchpoints.interaction import Happening, derive
from touchpoints.parsing import parse

QUARTER_FROM: Final = from_datetime(datetime(2026, 1, 1, tzinfo=UTC))
QUARTER_S: Final = 90 * 86_400
MESSAGES: Final = (8, 18)
"""Median and 90th percentile, as below."""
THINK_S: Final = (19, 47)
REPLY_S: Final = (21, 57)
_TO_P90: Final = 1.2816
_MOMENTS: Final = ("started_at", "last_event_at", "closed_at", "first_bot_message_at", "first_substantive_at",
                   "last_substantive_at", "agent_first_at", "waiting_since", "resolution_asked_at", "yes_at",
                   "quiet_at")  # fmt: skip
_CUSTOMERS_EACH: Final = 4


def drawn(chance: random.Random, shape: tuple[float, float]) -> float:
    """A log-normal number with this median and 90th percentile."""
    middle, high = shape
    return exp(chance.gauss(log(middle), log(high / middle) / _TO_P90))


def dialogue(name: str, start: Instant, chance: random.Random) -> list[dict[str, Any]]:
    """The events of one conversation, in order."""
    told: list[dict[str, Any]] = []
    at = start

    def add(what: str, after: float = 0, /, **more: Any) -> None:
        nonlocal at
        at += round(after * SECOND)
        told.append({"conversation_id": name, "seq": len(told) + 1, "at": isoformat(at), "type": what, **more})

    key = {"customer_key": f"k{chance.randrange(10**6)}", "key_strength": chance.choice(["authenticated", "device"])}
    add("conversation.started", **(key if chance.random() < 0.8 else {}), channel="chat", language="it")
    reason = chance.choice([*default().reasons, None])
    agent = False
    for turn in range(max(1, round(drawn(chance, MESSAGES)))):
        add("message.customer", drawn(chance, THINK_S) if turn else 0, text="una domanda sul mio ordine")
        if agent:
            add("message.agent", drawn(chance, REPLY_S), substantive=chance.random() < 0.6)
            continue
        add("reading", intent="ask", confidence=0.9, reason=reason)
        kind = chance.choices(["answer", "clarify", "fallback"], [7, 1, 1])[0]
        add("message.bot", 1, kind=kind, text="una risposta", citations=[])
        if chance.random() < 0.05:
            add("handoff.requested", 2, why="customer_request")
            add("handoff.taken", drawn(chance, (60, 400)))
            agent = True
    _ending(add, chance, agent)
    return told


def _ending(add: Any, chance: random.Random, agent: bool) -> None:
    if agent:
        add("wrapped_up", 30, active_s=drawn(chance, (200, 600)), wrap_s=30)
    add("survey.offered", 5)
    if chance.random() < 0.3:
        add("survey.answered", 20, csat=chance.randint(1, 5), ces=chance.randint(1, 7))
    if chance.random() < 0.5:
        add("resolution.answered", 3, answer=chance.choice(["yes", "yes", "yes", "no"]))


def interactions(n: int, seed: int = 5) -> Iterator[Facts]:
    """Interactions of a quarter: contacts as derived from dialogues, at other times and of other customers."""
    chance = random.Random(seed)
    patterns = [_derived(f"p{i}", chance) for i in range(2000)]
    reasons = list(default().reasons)
    for i in range(n):
        pattern = patterns[chance.randrange(len(patterns))]
        made = Facts(**{name: getattr(pattern, name) for name in Facts.__struct_fields__})
        later = chance.randrange(QUARTER_S) * SECOND + chance.randrange(SECOND)
        for name in _MOMENTS:
            if (value := getattr(made, name)) is not None:
                setattr(made, name, value + later)
        made.conversation_id = f"c-{i:09}"
        if made.customer_key is not None:
            made.customer_key = f"k{chance.randrange(max(n // _CUSTOMERS_EACH, 1))}"
            made.entity_ref = f"o{chance.randrange(n)}" if chance.random() < 0.2 else None
        made.contact_reason = chance.choice(reasons) if made.contact_reason else None
        yield made


def _derived(name: str, chance: random.Random) -> Facts:
    parsed = [parse(raw) for raw in dialogue(name, QUARTER_FROM, chance)]
    found = derive(name, [Happening(one.seq, from_datetime(one.at), one.body) for one in parsed], default())
    return found[0]
