"""Dialogues at the pace of human ones: counts, durations and waits are exact, and dropping out is not being helped."""

from __future__ import annotations

import random
from datetime import datetime
from statistics import fmean, median
from typing import Any

import pytest

from bench.record.dialogues import QUARTER_FROM, dialogue
from tests.touchpoints.history import facts_of, measures_of
from touchpoints.instant import SECOND

LATER = "2026-06-30 00:00:00"
HUMAN = {"messages": (8, 18), "think_s": (19, 47)}
"""Median and 90th percentile of 5,820 human dialogues."""


@pytest.fixture(scope="module")
def told() -> list[list[dict[str, Any]]]:
    chance = random.Random(3)
    return [dialogue(f"d{i}", QUARTER_FROM + i * 3600 * SECOND, chance) for i in range(300)]


def times(events: list[dict[str, Any]], *types: str) -> list[datetime]:
    return [datetime.fromisoformat(event["at"]) for event in events if event["type"] in types]


def test_the_dialogues_have_the_shape_of_human_ones(told: list[list[dict[str, Any]]]) -> None:
    messages = sorted(len(times(one, "message.customer")) for one in told)
    assert median(messages) == pytest.approx(HUMAN["messages"][0], abs=2)
    assert messages[int(0.9 * len(messages))] == pytest.approx(HUMAN["messages"][1], abs=5)


def test_counts_durations_and_waits_are_exact(told: list[list[dict[str, Any]]]) -> None:
    found = measures_of([event for one in told for event in one], LATER)
    turns = [len(times(one, "message.customer")) for one in told]
    assert (found["turns"]["sum"], found["turns"]["median"]) == (sum(turns), median(turns))
    waits = [
        (taken - asked).total_seconds()
        for one in told
        for asked, taken in zip(times(one, "handoff.requested"), times(one, "handoff.taken"), strict=True)
    ]
    assert found["agent_wait_s"]["wall"]["n"] == len(waits) > 20
    assert found["agent_wait_s"]["wall"]["median"] == median(waits)
    assert found["agent_wait_s"]["wall"]["mean"] == pytest.approx(fmean(waits), rel=1e-12)
    answers = []
    for one in told:
        first = next((e for e in one if e.get("kind") == "answer" or e.get("substantive")), None)
        if first is not None:
            start = times(one, "message.customer")[0]
            answers.append((datetime.fromisoformat(first["at"]) - start).total_seconds())
    assert (found["first_answer_s"]["n"], found["first_answer_s"]["median"]) == (len(answers), median(answers))
    assert found["first_answer_s"]["none"] == len(told) - len(answers)
    handling = [e["active_s"] + e["wrap_s"] for one in told for e in one if e["type"] == "wrapped_up"]
    assert found["aht_s"]["value"] == pytest.approx(fmean(handling), rel=1e-9)


def test_who_drops_out_before_an_answer_is_not_resolved(told: list[list[dict[str, Any]]]) -> None:
    """The same dialogues, each cut short right after the first message of the customer, or after a fallback."""
    cut = []
    for one in told:
        asked = next(at for at, event in enumerate(one) if event["type"] == "message.customer")
        cut += one[: asked + 1]
        if len(cut) % 2:
            last = {**one[asked], "type": "message.bot", "seq": one[asked]["seq"] + 1, "kind": "fallback", "text": "?"}
            cut.append(last)
    found = measures_of(cut, LATER)
    assert found["abandonment"]["numerator"] == found["contacts"]["n"] == len(told)
    assert found["resolution_initial"]["numerator"] == found["resolution_range"]["upper"]["numerator"] == 0


def test_every_contact_comes_out_in_exactly_one_way(told: list[list[dict[str, Any]]]) -> None:
    every = [event for one in told for event in one]
    found = measures_of(every, LATER)
    ways = [found[name]["numerator"] for name in ("resolution_initial", "unresolved", "abandonment")]
    assert sum(ways) == found["contacts"]["n"] == len(facts_of(every)) == len(told)
