"""On random histories: metrics equal a naive version, and nothing depends on the order of arrival."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.touchpoints import naive
from tests.touchpoints.histories import histories, moments, until
from tests.touchpoints.history import facts_of, measures_of, records_of, rome
from touchpoints import erasure, facts
from touchpoints.configuration import default
from touchpoints.population import Population
from touchpoints.report import measured

History = list[list[dict[str, Any]]]
COUNTED = ("containment", "empty_containment", "resolution_initial", "resolution_confirmed", "resolution_assumed",
           "unresolved", "abandonment", "revocation", "repeat_7d", "fcr")  # fmt: skip


def flat(history: History) -> list[dict[str, Any]]:
    return [event for events in history for event in events]


@settings(max_examples=400, deadline=None)
@given(history=histories, as_of=moments)
def test_metrics_equal_a_naive_version(history: History, as_of: str) -> None:
    expected = naive.metrics(until(history, as_of), rome(as_of))
    found = measures_of(flat(history), as_of)
    assert found["contacts"]["n"] == expected["contacts"]
    assert found["turns"]["sum"] == expected["turns"]
    assert {name: (found[name]["numerator"], found[name]["denominator"]) for name in COUNTED} == {
        name: expected[name] for name in COUNTED
    }
    times = expected["ttr_contact_s"]
    assert found["ttr_contact_s"]["n"] == len(times)
    assert (found["ttr_contact_s"]["mean"] or 0) * len(times) == sum(times)


@settings(max_examples=100, deadline=None)
@given(history=histories, seed=st.integers(0, 1000))
def test_the_order_of_arrival_changes_nothing(history: History, seed: int) -> None:
    arriving = flat(history)
    random.Random(seed).shuffle(arriving)
    assert sorted(map(facts.encode, facts_of(arriving))) == sorted(map(facts.encode, facts_of(flat(history))))


@settings(max_examples=100, deadline=None)
@given(history=histories, as_of=moments)
def test_splitting_a_period_and_adding_gives_the_whole(history: History, as_of: str) -> None:
    records = list(records_of(flat(history), as_of).values())
    whole = measured(records, default(), in_group=False)
    halves = [measured(part, default(), in_group=False) for part in (records[::2], records[1::2])]
    for name in COUNTED:
        for part in ("numerator", "denominator"):
            assert sum(half[name][part] for half in halves) == whole[name][part]
    assert sum(half["issues"]["n"] for half in halves) == whole["issues"]["n"]


@settings(max_examples=100, deadline=None)
@given(history=histories, as_of=moments)
def test_what_is_known_never_contradicts_itself(history: History, as_of: str) -> None:
    population = Population(list(records_of(flat(history), as_of).values()))
    for record in population.eligible:
        assert record.revoked + record.sustained + (not record.resolved) == 1
        assert (record.resolved_at is None) == (not record.resolved)
        assert record.facts.started_at <= record.facts.last_event_at
    contacts = [contact for issue in population.issues for contact in issue.contacts]
    assert len(contacts) == len(set(map(id, contacts)))


@settings(max_examples=50, deadline=None)
@given(history=histories)
def test_a_survives_being_stored(history: History) -> None:
    for found in facts_of(flat(history)):
        assert facts.decode(facts.encode(found)) == found
        assert erasure.shown_key(found.customer_key) == found.customer_key
