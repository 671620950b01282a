"""Measures brought up to date are exactly those of looking at every contact again."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.touchpoints.histories import histories
from tests.touchpoints.history import rome
from touchpoints import remembered, spread
from touchpoints.columns.contacts import Contacts
from touchpoints.columns.held import Held
from touchpoints.columns.table import tabulate
from touchpoints.configuration import default
from touchpoints.facts import Facts
from touchpoints.fields import matcher
from touchpoints.instant import HOUR, from_datetime
from touchpoints.interaction import Happening, derive
from touchpoints.parsing import parse
from touchpoints.period import Span
from touchpoints.remembered import measured, measured_anew
from touchpoints.report import told
from touchpoints.selection import _passing

DAY = 24 * HOUR
MARCH = Span(from_datetime(rome("2026-03-01 00:00:00")), from_datetime(rome("2026-04-01 00:00:00")))
History = list[list[dict[str, Any]]]


def facts_of(name: str, events: list[dict[str, Any]]) -> list[Facts]:
    parsed = [parse({**event, "conversation_id": name}) for event in events]
    return derive(name, [Happening(one.seq, from_datetime(one.at), one.body) for one in parsed], default())


class Record:
    """A record that conversations arrive in, and two ways to ask it."""

    def __init__(self) -> None:
        self.held = Held(tabulate([]), 0)
        self.change = 0

    def takes(self, facts: list[Facts]) -> None:
        self.change += 1
        self.held.catch_up(tabulate(facts), self.change)

    def says(self, as_of: int, where: dict[str, str], seen_only_now: list[Facts]) -> None:
        passing = _passing(MARCH, matcher(where, default()))
        population = passing(Contacts(self.held.view(tabulate(seen_only_now)), as_of, default().windows))
        found = measured(population, passing, tuple(where.items()))
        assert told(found, population, default()) == told(measured_anew(population), population, default())


@pytest.fixture
def brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each question but the first was answered from what was remembered; reach and memory are short."""
    seen: list[bool] = []
    original: Callable[..., Any] = remembered._brought_up_to_date

    def watched(*given: Any) -> Any:
        found = original(*given)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(remembered, "_brought_up_to_date", watched)
    return seen


def told_again(draw: random.Random, history: History, record: Record, asked: int) -> None:
    for number in range(asked):
        which = draw.randrange(len(history))
        events, name = history[which], f"c{draw.randrange(12)}"
        record.takes(facts_of(name, events[: draw.randrange(1, len(events) + 1)]))
        only_now = facts_of("c0", history[0][:2]) if number % 3 == 0 else []
        where = {"contact_reason": "delivery.late"} if number % 4 == 1 else {}
        record.says(MARCH.start + draw.randrange(5, 60) * DAY, where, only_now)


@settings(max_examples=120, deadline=None)
@given(history=histories, chance=st.integers(0, 2**32))
def test_as_contacts_come_and_change_and_the_moment_moves(history: History, chance: int) -> None:
    told_again(random.Random(chance), history, Record(), 8)


@pytest.mark.parametrize("chance", range(6))
def test_with_surveys_agents_and_many_customers(
    chance: int, brought_up_to_date: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "_BESIDE", 40)
    monkeypatch.setattr(remembered, "_FIRST", 6)
    draw, record = random.Random(chance), Record()
    facts = [one for number in range(240) for one in facts_of(f"d{number}", dialogue(number, draw))]
    record.takes(facts[:150])
    for number in range(150, len(facts), 3):
        record.takes(facts[number : number + 3])
        changed = facts_of(f"d{draw.randrange(150)}", dialogue(number, draw))
        record.takes(changed)
        where = {"language": "it"} if number % 2 else {}
        record.says(MARCH.start + draw.choice([20, 40, 40]) * DAY + number, where, [])
    assert brought_up_to_date.count(True) > 10


def dialogue(number: int, draw: random.Random) -> list[dict[str, Any]]:
    """A contact with something of everything."""
    at = MARCH.start + draw.randrange(30) * DAY + draw.randrange(86_400) * 1_000_000
    told: list[dict[str, Any]] = []

    def add(seconds: int, kind: str, /, **more: Any) -> None:
        nonlocal at
        at += seconds * 1_000_000
        moment = str(np.datetime64(at, "us")) + "+00:00"
        told.append({"conversation_id": "d", "seq": len(told) + 1, "at": moment, "type": kind, **more})

    known = {"customer_key": f"k{draw.randrange(60)}", "key_strength": "authenticated"}
    language = draw.choice(["it", "en"])
    add(0, "conversation.started", channel="chat", language=language, **(known if draw.random() < 0.8 else {}))
    add(1, "message.customer", text="?")
    add(
        1,
        "reading",
        intent="ask",
        confidence=0.9,
        reason=draw.choice(["delivery.late", "returns.how_to", "billing.double_charge"]),
    )
    add(draw.randrange(1, 9), "message.bot", kind=draw.choice(["answer", "answer", "fallback"]))
    if draw.random() < 0.4:
        add(5, "handoff.requested", why="customer_request")
        if draw.random() < 0.8:
            add(draw.randrange(300), "handoff.taken", agent="a")
            add(60, "message.agent", substantive=True)
            add(9, "wrapped_up", active_s=draw.randrange(600), wrap_s=30)
    add(1, "survey.offered", items=["csat", "ces"])
    if draw.random() < 0.5:
        add(9, "survey.answered", csat=draw.randint(1, 5), ces=draw.randint(1, 7))
    if draw.random() < 0.5:
        add(9, "resolution.answered", answer=draw.choice(["yes", "no"]))
    if draw.random() < 0.1:
        add(1, "excluded", reason=draw.choice(["spam", "test"]))
    return told
