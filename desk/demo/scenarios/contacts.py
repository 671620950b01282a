"""Service contacts that add up to given figures: how many last, how many please, how long people wait, about what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

Event = dict[str, Any]
Outcome = Literal["confirmed", "assumed", "unresolved", "abandoned"]


@dataclass(frozen=True)
class Load:
    """The figures to meet. Contacts are as many as the reasons add up to, each of another customer.

    `sustained` last, about two in three of them confirmed by the customer. `pleased` of `surveyed` answer CSAT 4 or 5.
    `waits` contacts reach an agent after a wait whose median is `wait_s`; let it be odd. `seed` mixes them.
    """

    reasons: Mapping[str, int]
    sustained: int
    pleased: int
    surveyed: int
    waits: int
    wait_s: float
    seed: int = 1

    @property
    def contacts(self) -> int:
        return sum(self.reasons.values())


@dataclass(frozen=True)
class Contact:
    """One contact to be told. `csat` None: the survey was offered and not answered."""

    id: str
    at: datetime
    reason: str
    outcome: Outcome
    csat: int | None
    wait_s: float | None


def contacts(name: str, load: Load, first_day: date, zone: ZoneInfo) -> Iterator[Event]:
    """The events of every contact, in order of their start, on the working mornings and afternoons of four weeks."""
    for contact in plan(name, load, first_day, zone):
        yield from _Telling(contact).told()


def plan(name: str, load: Load, first_day: date, zone: ZoneInfo) -> list[Contact]:
    """The contacts to tell; the same arguments give the same ones."""
    rng = Random(load.seed)
    reasons = [reason for reason, times in load.reasons.items() for _ in range(times)]
    outcomes = _outcomes(load)
    ratings = _ratings(load, outcomes)
    waits = _waits(load, outcomes)
    rng.shuffle(reasons)
    order = list(range(load.contacts))
    rng.shuffle(order)
    starts = _starts(load.contacts, first_day, zone)
    return [
        Contact(f"{name}-{number + 1:03}", starts[number], reasons[number], outcomes[at], ratings[at], waits[at])
        for number, at in enumerate(order)
    ]


def _outcomes(load: Load) -> list[Outcome]:
    confirmed = round(load.sustained * 2 / 3)
    lost = load.contacts - load.sustained
    times: dict[Outcome, int] = {
        "confirmed": confirmed,
        "assumed": load.sustained - confirmed,
        "unresolved": lost - lost // 3,
        "abandoned": lost // 3,
    }
    return [outcome for outcome, count in times.items() for _ in range(count)]


def _ratings(load: Load, outcomes: Sequence[Outcome]) -> list[int | None]:
    """Those whose issue lasted are pleased, those whose issue didn't are not."""
    pleased = [4 + number % 2 for number in range(load.pleased)]
    cross = [1 + number % 3 for number in range(load.surveyed - load.pleased)]
    found: list[int | None] = [None] * len(outcomes)
    found[: len(pleased)] = pleased
    found[load.sustained : load.sustained + len(cross)] = cross
    return found


def _waits(load: Load, outcomes: Sequence[Outcome]) -> list[float | None]:
    """From half to one and a half times the median, spread over confirmed and unresolved contacts alike."""
    answered = [at for at, outcome in enumerate(outcomes) if outcome in ("confirmed", "unresolved")]
    found: list[float | None] = [None] * len(outcomes)
    for number in range(load.waits):
        place = answered[number * len(answered) // load.waits]
        found[place] = round(load.wait_s * (0.5 + number / (load.waits - 1)), 1)
    return found


def _starts(count: int, first_day: date, zone: ZoneInfo) -> list[datetime]:
    days = [day for offset in range(28) if (day := first_day + timedelta(days=offset)).weekday() < 5]
    a_day = -(-count // len(days))
    opening = time(9, 15)
    return [
        datetime.combine(days[at // a_day], opening, zone).astimezone(UTC) + timedelta(minutes=37 * (at % a_day))
        for at in range(count)
    ]


class _Telling:
    """Writes a contact's events while its clock runs."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self.at = contact.at
        self.events: list[Event] = []

    def told(self) -> list[Event]:
        contact = self.contact
        self._add(
            0,
            "conversation.started",
            customer_key=f"{contact.id}-customer",
            key_strength="authenticated",
            channel="chat",
            touchpoint_type="chat",
            environment="digital",
            language="it",
        )
        self._add(1, "message.customer", text="…")
        self._add(1, "reading", intent="ask_question", confidence=0.9, reason=contact.reason)
        if contact.outcome == "abandoned":
            self._add(2, "message.bot", kind="fallback", text="…")
            self._add(60, "customer.left")
        else:
            self._add(3, "message.bot", kind="answer", text="…", citations=[{"article_id": contact.reason}])
            if contact.wait_s is not None:
                self._with_agent(contact.wait_s)
            self._ending()
        return self.events

    def _with_agent(self, wait_s: float) -> None:
        self._add(30, "message.customer", text="…")
        self._add(1, "handoff.requested", why="customer_request")
        self._add(wait_s, "handoff.taken", agent="Ada")
        self._add(90, "message.agent", agent="Ada", text="…", substantive=True)
        self._add(120, "wrapped_up", agent="Ada", active_s=200, wrap_s=30)

    def _ending(self) -> None:
        contact = self.contact
        answer = {"confirmed": "yes", "unresolved": "no"}.get(contact.outcome)
        if answer:
            self._add(20, "resolution.answered", answer=answer)
        self._add(5, "survey.offered", kind="contact", items=["csat"])
        if contact.csat is not None:
            self._add(15, "survey.answered", csat=contact.csat)

    def _add(self, after_s: float, type_: str, **attributes: Any) -> None:
        self.at += timedelta(seconds=after_s)
        said = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        seq = len(self.events) + 1
        self.events.append({"conversation_id": self.contact.id, "seq": seq, "at": said, "type": type_, **attributes})
