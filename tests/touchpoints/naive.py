"""The main metrics a second time, straight from the domain document and as slowly as one likes.

For histories in which agents write only while they hold a conversation and nobody merely greets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

DAY, WEEK = timedelta(hours=24), timedelta(hours=168)
Event = dict[str, Any]


def at(event: Event) -> datetime:
    return datetime.fromisoformat(event["at"])


def is_substantive(event: Event) -> bool:
    return event["type"] == "message.agent" and event["substantive"] or event.get("kind") == "answer"


def last(events: Sequence[Event], wanted: Callable[[Event], bool]) -> Event | None:
    return next((event for event in reversed(events) if wanted(event)), None)


@dataclass(eq=False)
class Contact:
    name: str
    prefix: list[Event]
    """The whole conversation up to and including this contact."""
    own: list[Event]
    key: str | None
    reason: str | None
    ref: str | None
    outcome: str = ""
    resolved: datetime | None = None
    issue: list[Contact] = field(default_factory=list)
    issue_ref: list[str] = field(default_factory=list)
    follower: Contact | None = None

    @property
    def start(self) -> datetime:
        return at(self.own[0])

    @property
    def answered(self) -> datetime | None:
        found = last(self.own, is_substantive)
        return at(found) if found else None

    @property
    def last_event(self) -> datetime:
        counted = ("message.", "handoff.", "resolution.answered", "customer.left")
        return max(at(event) for event in self.own if event["type"].startswith(counted))

    @property
    def handoff(self) -> bool:
        return any(event["type"] in ("handoff.requested", "handoff.taken", "message.agent") for event in self.own)


def waiting(prefix: Sequence[Event]) -> bool:
    """Whether the customer waits for us after these events: in the queue, or for the agent's word."""
    changes = ("handoff.requested", "handoff.taken", "handoff.left", "message.agent", "returned_to_bot", "closed")
    change = last(prefix, lambda event: event["type"] in changes)
    if change is None or change["type"] in ("handoff.left", "returned_to_bot", "closed"):
        return False
    if change["type"] == "handoff.requested":
        return True
    word = last(prefix, lambda e: e["type"] in ("message.customer", "handoff.requested", "message.agent"))
    return word is None or word["type"] != "message.agent"


def quiet(own: Sequence[Event], prefix: Sequence[Event], now: datetime) -> timedelta:
    anchor = 0
    for index, event in enumerate(own):
        if event["type"] == "message.customer" or is_substantive(event):
            anchor = index
    before = len(prefix) - len(own)
    total = timedelta()
    for index in range(anchor, len(own)):
        until = at(own[index + 1]) if index + 1 < len(own) else now
        if not waiting(prefix[: before + index + 1]):
            total += until - at(own[index])
    return total


def contacts(events: Sequence[Event]) -> list[Contact]:
    """The contacts of one conversation, events in order."""
    found: list[Contact] = []
    ended = True
    started = events[0]
    for index, event in enumerate(events):
        if found and quiet(found[-1].own, found[-1].prefix, at(event)) >= DAY:
            ended = True
        if event["type"] in ("message.customer", "handoff.requested") and ended:
            name = event["conversation_id"] + (f".{len(found) + 1}" if found else "")
            found.append(Contact(name, list(events[:index]), [], started.get("customer_key"), None, None))
            ended = False
        if found:
            found[-1].own.append(event)
            found[-1].prefix.append(event)
            if event["type"] == "closed":
                ended = True
    for contact in found:
        readings = [event for event in contact.own if event["type"] == "reading" and event["reason"]]
        contact.reason = readings[0]["reason"] if readings else None
        refs = [event["entity_ref"] for event in contact.own if event.get("entity_ref")]
        contact.ref = refs[0] if refs else None
    return found


def signals(contact: Contact) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    own = contact.own
    for index, event in enumerate(own):
        kind = event["type"]
        if kind == "resolution.answered":
            given = [at(other) for other in own[:index] if is_substantive(other)]
            if not given or at(event) - given[-1] <= WEEK:
                found.append((index, "yes" if event["answer"] == "yes" else "no"))
        elif kind == "handoff.left":
            found.append((index, "left"))
        elif kind == "handoff.requested" or (kind == "observed" and event["kind"] == "reformulation"):
            found.append((index, "weak"))
        elif kind == "message.customer":
            rest = own[index + 1 :]
            end = next((i for i, other in enumerate(rest) if other["type"] == "message.customer"), len(rest))
            replies = {
                other.get("kind", "agent") for other in rest[:end] if other["type"] in ("message.bot", "message.agent")
            }
            if not replies or (replies & {"fallback", "clarify"} and not replies & {"answer", "agent"}):
                found.append((index, "weak"))
    return [
        (index, kind)
        for index, kind in found
        if not any(
            is_substantive(later) and (kind == "weak" or (kind == "no" and later["type"] == "message.agent"))
            for later in own[index + 1 :]
        )
    ]


def outcome(contact: Contact, now: datetime) -> tuple[str, datetime | None]:
    standing = signals(contact)
    word = standing[-1][1] if standing else None
    silent = quiet(contact.own, contact.prefix, now) >= DAY
    wrapped = last(contact.own, lambda event: event["type"] == "wrapped_up")
    left = last(contact.own, lambda event: event["type"] in ("customer.left", "message.customer"))
    if word == "yes":
        run = [index for index, kind in standing]
        while len(run) > 1 and all(kind == "yes" for _, kind in standing[-len(run) :]) is False:
            run.pop(0)
        return "confirmed", at(contact.own[run[0]])
    if word == "left" or (not contact.answered and (silent or (left is not None and left["type"] == "customer.left"))):
        return "abandoned", None
    if word == "no" or (wrapped is not None and wrapped["resolution"] != "yes") or (word == "weak" and silent):
        return "unresolved", None
    if contact.answered and silent:
        return "assumed", contact.answered
    return ("unresolved" if contact.last_event + WEEK <= now else "pending"), None


def chain(found: list[Contact]) -> None:
    ordered = sorted(found, key=lambda contact: (contact.start, contact.name))
    for index, contact in enumerate(ordered):
        contact.issue = [contact]
        contact.issue_ref = [contact.ref] if contact.ref else []
        if contact.key is None or contact.reason is None:
            continue
        for earlier in reversed(ordered[:index]):
            if (earlier.key, earlier.reason) != (contact.key, contact.reason):
                continue
            if earlier.issue_ref and contact.ref and earlier.issue_ref[0] != contact.ref:
                continue
            if contact.start <= (earlier.resolved or earlier.last_event) + WEEK:
                earlier.issue.append(contact)
                earlier.issue_ref.extend([contact.ref] if contact.ref else [])
                contact.issue, contact.issue_ref = earlier.issue, earlier.issue_ref
                if contact.start > (earlier.answered or earlier.start) and earlier.follower is None:
                    earlier.follower = contact
            break


def metrics(conversations: Sequence[Sequence[Event]], now: datetime) -> dict[str, Any]:
    found = [contact for events in conversations for contact in contacts(events)]
    for contact in found:
        contact.outcome, contact.resolved = outcome(contact, now)
    chain(found)
    mature = [contact for contact in found if contact.last_event + WEEK <= now]
    sustained = [contact for contact in mature if contact.resolved and contact.follower is None]
    firsts = [contact for contact in mature if contact.key and contact.reason and contact.issue[0] is contact]
    return {
        "contacts": len(found),
        "turns": sum(event["type"] == "message.customer" for contact in found for event in contact.own),
        "containment": (sum(not contact.handoff for contact in found), len(found)),
        "empty_containment": (
            sum(not contact.handoff and contact not in sustained for contact in mature),
            sum(not contact.handoff for contact in mature),
        ),
        "resolution_initial": (sum(contact.resolved is not None for contact in found), len(found)),
        "resolution_confirmed": (sum(contact.outcome == "confirmed" for contact in sustained), len(mature)),
        "resolution_assumed": (sum(contact.outcome == "assumed" for contact in sustained), len(mature)),
        "unresolved": (sum(contact.outcome == "unresolved" for contact in found), len(found)),
        "abandonment": (sum(contact.outcome == "abandoned" for contact in found), len(found)),
        "revocation": (
            sum(contact.resolved is not None and contact.follower is not None for contact in mature),
            sum(contact.resolved is not None for contact in mature),
        ),
        "repeat_7d": (
            sum(contact.follower is not None for contact in mature if contact.key),
            sum(contact.key is not None for contact in mature),
        ),
        "fcr": (sum(contact in sustained for contact in firsts), len(firsts)),
        "ttr_contact_s": sorted((c.resolved - c.start).total_seconds() for c in sustained if c.resolved),
    }
