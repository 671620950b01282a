"""Random histories for property tests: conversations that could have happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.touchpoints.history import Conversation, rome

GAPS = (0, 1, 5, 130, 3_600, 43_200, 86_395, 86_400, 90_000, 604_795, 604_800, 700_000)
ANYTIME = ("says", "reformulates", "asks for a person", "yes", "no", "leaves", "closes")
BOT = ("answer", "clarify", "fallback", "notice")


@st.composite
def conversation(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    day, hour = draw(st.integers(1, 20)), draw(st.integers(0, 23))
    customer = draw(st.sampled_from(["A", "B", None]))
    reason = draw(st.sampled_from(["delivery.late", "returns.how_to", None]))
    reference = draw(st.sampled_from([None, None, "o1", "o2"]))
    told = Conversation(name, f"2026-03-{day:02} {hour:02}:00:00", customer=customer, reason=reason)
    holder, moment = "assistant", 0
    told.says(0, entity_ref=reference)
    for _ in range(draw(st.integers(0, 8))):
        moment += draw(st.sampled_from(GAPS))
        does = draw(st.sampled_from(ANYTIME + _possible(holder)))
        holder = _tell(told, does, moment, holder)
    return told.events


def _possible(holder: str) -> tuple[str, ...]:
    if holder == "queue":
        return ("is taken", "is taken", "leaves the queue")
    return ("agent answers", "agent writes", "wraps up", "returns") if holder == "agent" else BOT


def _tell(told: Conversation, does: str, moment: int, holder: str) -> str:
    """Adds what happens; returns who holds the conversation then."""
    simple = {
        "reformulates": ("observed", {"kind": "reformulation"}),
        "yes": ("resolution.answered", {"answer": "yes"}),
        "no": ("resolution.answered", {"answer": "no"}),
        "wraps up": ("wrapped_up", {"resolution": "partly"}),
    }
    moves = {
        "asks for a person": ("handoff.requested", "queue"),
        "is taken": ("handoff.taken", "agent"),
        "leaves the queue": ("handoff.left", "assistant"),
        "returns": ("returned_to_bot", "assistant"),
        "closes": ("closed", "assistant"),
    }
    if does in simple:
        told.add(moment, simple[does][0], **simple[does][1])
    elif does in moves:
        told.add(moment, moves[does][0])
        return moves[does][1]
    elif does == "says":
        told.says(moment)
    elif does == "leaves":
        if holder != "queue":  # leaving while waiting is leaving the queue
            told.add(moment, "customer.left")
    elif does.startswith("agent"):
        told.agent(moment, substantive=does == "agent answers")
    else:
        told.bot(moment, does)
    return holder


histories = st.integers(1, 5).flatmap(lambda n: st.tuples(*(conversation(f"c{i}") for i in range(n)))).map(list)
moments = st.sampled_from(["2026-03-12 10:00:00", "2026-03-25 00:00:00", "2026-05-30 00:00:00"])


def until(found: list[list[dict[str, Any]]], moment: str) -> list[list[dict[str, Any]]]:
    """Only what had happened by then."""
    told = [[event for event in events if datetime.fromisoformat(event["at"]) <= rome(moment)] for events in found]
    return [events for events in told if events]
