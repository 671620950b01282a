"""A small builder of histories: conversations written as one reads them, events as the record wants them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from touchpoints.columns.contacts import Contacts
from touchpoints.columns.held import Held
from touchpoints.columns.table import tabulate
from touchpoints.configuration import Configuration, default
from touchpoints.facts import Facts
from touchpoints.instant import SECOND, from_datetime
from touchpoints.interaction import Happening, derive
from touchpoints.parsing import parse
from touchpoints.population import Population
from touchpoints.report import measured
from touchpoints.rows import row

ROME = ZoneInfo("Europe/Rome")


def rome(text: str) -> datetime:
    """A moment on the clock of Rome: "2026-03-02 10:00:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


class Conversation:
    """A conversation of one customer. Offsets are seconds since its start, or moments."""

    def __init__(
        self, name: str, start: str, *, customer: str | None = None, reason: str | None = None, **started: Any
    ):
        self.name = name
        self.start = rome(start)
        self.reason = reason
        self.events: list[dict[str, Any]] = []
        key = {"customer_key": customer, "key_strength": "authenticated"} if customer else {"key_strength": "none"}
        details = {"channel": "chat", "touchpoint_type": "chat", "environment": "digital", "language": "it"}
        self.add(0, "conversation.started", **key, **(details | started))

    def at(self, when: float | str | datetime) -> datetime:
        if isinstance(when, datetime):
            return when
        if isinstance(when, str):
            return rome(when)
        return (self.start.astimezone(ZoneInfo("UTC")) + timedelta(seconds=when)).astimezone(ROME)

    def add(self, when: float | str | datetime, type: str, **attributes: Any) -> Conversation:
        moment = self.at(when).isoformat()
        self.events.append(
            {"conversation_id": self.name, "seq": len(self.events) + 1, "at": moment, "type": type, **attributes}
        )
        return self

    def says(self, when: float | str | datetime = 0, text: str = "una domanda", **reading: Any) -> Conversation:
        """The customer writes and the assistant reads it; the reason is read at every message."""
        self.add(when, "message.customer", text=text)
        given = {"intent": "ask_question", "confidence": 0.9, "reason": self.reason} | reading
        return self.add(when, "reading", **given)

    def to_agent(self, when: float | str | datetime, text: str = "una cosa ancora") -> Conversation:
        """The customer writes while a person holds the conversation: nobody reads it for us."""
        return self.add(when, "message.customer", text=text)

    def bot(self, when: float | str | datetime, kind: str = "answer", **more: Any) -> Conversation:
        if kind == "answer":
            more = {"citations": [{"article_id": "a1", "version": "v1", "passage": 0, "score": 0.8}]} | more
        return self.add(when, "message.bot", kind=kind, text="…", **more)

    def agent(self, when: float | str | datetime, *, substantive: bool = True) -> Conversation:
        return self.add(when, "message.agent", text="…", agent="marta", substantive=substantive)

    def asks(self, when: float | str | datetime = 0, answered_after: float = 5) -> Conversation:
        """A question with the assistant's greeting after 2 seconds and its answer."""
        self.says(when)
        self.bot(2, "greeting")
        return self.bot(answered_after)

    def handed_over(self, requested: str, taken: str) -> Conversation:
        self.add(requested, "handoff.requested", why="customer_request")
        return self.add(taken, "handoff.taken", agent="marta")

    def resolved(self, when: float | str | datetime, answer: str = "yes") -> Conversation:
        return self.add(when, "resolution.answered", answer=answer)

    def survey(self, when: float | str | datetime, csat: int | None = None, ces: int | None = None) -> Conversation:
        self.add(when, "survey.offered", kind="contact", items=["resolution", "ces", "csat"])
        return self if csat is None else self.add(when, "survey.answered", csat=csat, ces=ces)

    def observed(self, when: float | str | datetime, kind: str, times: int = 1) -> Conversation:
        for _ in range(times):
            self.add(when, "observed", kind=kind)
        return self


def events(*conversations: Conversation) -> list[dict[str, Any]]:
    return [event for conversation in conversations for event in conversation.events]


def write_jsonl(path: Path, found: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(event) + "\n" for event in found), encoding="utf-8")
    return path


def facts_of(found: list[dict[str, Any]], configuration: Configuration | None = None) -> list[Facts]:
    """The interactions of events, without any database."""
    by_conversation: dict[str, list[Happening]] = {}
    for raw in found:
        event = parse(raw)
        happening = Happening(event.seq, from_datetime(event.at), event.body)
        by_conversation.setdefault(event.conversation_id, []).append(happening)
    known = configuration or default()
    return [facts for name, happenings in by_conversation.items() for facts in derive(name, happenings, known)]


@dataclass
class Seen:
    """One contact as of a moment: its facts, and what the columns say of it."""

    facts: Facts
    contacts: Contacts
    place: int

    @property
    def initial(self) -> str:
        return self.contacts.word("resolution_initial", self.place)

    @property
    def final(self) -> str:
        return self.contacts.word("resolution_final", self.place)

    @property
    def demand(self) -> str:
        return self.contacts.word("demand_type", self.place)

    @property
    def impression(self) -> str:
        return self.contacts.word("impression", self.place)

    @property
    def issue(self) -> str | None:
        """The id of its first contact."""
        found = self.contacts.id_of(int(self.contacts.links.first[self.place]))
        return None if found is None else sys.intern(found)

    @property
    def follower(self) -> str | None:
        return self.contacts.id_of(int(self.contacts.follower[self.place]))

    @property
    def repeat(self) -> bool:
        return bool(self.contacts.repeat[self.place])

    @property
    def mature(self) -> bool:
        return bool(self.contacts.mature[self.place])

    @property
    def friction(self) -> int:
        return int(self.contacts.friction[self.place])

    @property
    def resolved_at(self) -> int:
        return int(self.contacts.outcomes.resolved_at[self.place])

    @property
    def waited_s(self) -> float:
        return int(self.contacts.waited_so_far[self.place]) / SECOND

    def row(self) -> dict[str, Any]:
        return row(self.facts, self.contacts, self.place, default())


def facts_until(found: list[dict[str, Any]], as_of: str, configuration: Configuration | None = None) -> list[Facts]:
    """The interactions of what had happened by a moment in Rome."""
    return facts_of([event for event in found if datetime.fromisoformat(event["at"]) <= rome(as_of)], configuration)


def contacts_of(facts: list[Facts], as_of: str, configuration: Configuration | None = None) -> Contacts:
    """Interactions as columns, seen from a moment in Rome."""
    view = Held(tabulate(facts), 0).view(tabulate([]))
    return Contacts(view, from_datetime(rome(as_of)), (configuration or default()).windows)


def records_of(found: list[dict[str, Any]], as_of: str, configuration: Configuration | None = None) -> dict[str, Seen]:
    """The contacts of events by id as of a moment in Rome, in order of their start."""
    facts = facts_until(found, as_of, configuration)
    contacts = contacts_of(facts, as_of, configuration)
    seen = [Seen(known, contacts, place) for place, known in enumerate(facts)]
    by_start = sorted(seen, key=lambda one: (one.facts.started_at, one.facts.conversation_id, one.facts.ordinal))
    return {one.facts.id: one for one in by_start}


def population_of(found: list[dict[str, Any]], as_of: str) -> Population:
    """All contacts of events."""
    contacts = contacts_of(facts_until(found, as_of), as_of)
    return Population(contacts, np.arange(len(contacts)))


def measures_of(found: list[dict[str, Any]], as_of: str) -> dict[str, Any]:
    """Every metric over all contacts of events, as a report shows it."""
    return measured(population_of(found, as_of), default(), in_group=False)
