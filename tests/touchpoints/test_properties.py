"""On random histories: metrics equal a naive version, and nothing depends on the order of arrival."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.touchpoints import naive, oracle
from tests.touchpoints.histories import histories, moments, until
from tests.touchpoints.history import contacts_of, facts_of, facts_until, measures_of, population_of, records_of, rome
from touchpoints import erasure, facts
from touchpoints.columns.table import Table, join, ordered, pack, tabulate, unpack
from touchpoints.configuration import default
from touchpoints.formulas import FORMULAS
from touchpoints.instant import from_datetime
from touchpoints.measure import Measure
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


@settings(max_examples=400, deadline=None)
@given(history=histories, as_of=moments, language=st.sampled_from([None, "it"]))
def test_columns_equal_the_contacts_one_by_one(history: History, as_of: str, language: str | None) -> None:
    """Every number of every metric, and every contact's outcome and issue."""
    known, moment = facts_until(flat(history), as_of), from_datetime(rome(as_of))
    contacts = contacts_of(known, as_of)
    expected = {record.facts.id: record for record in oracle.records(known, moment, default())}
    for place, fact in enumerate(known):
        record = expected[fact.id]
        assert contacts.word("resolution_final", place) == record.final
        assert contacts.id_of(int(contacts.links.first[place])) == (record.issue and record.issue.first.facts.id)
        assert contacts.id_of(int(contacts.follower[place])) == (record.follower and record.follower.facts.id)
        assert (contacts.friction[place], contacts.repeat[place]) == (record.friction, record.repeat)
        for name in ("demand_type", "holder", "impression"):
            assert contacts.word(name, place) == getattr(record, name.removesuffix("_type"))
    chosen = [place for place, fact in enumerate(known) if language is None or fact.user_turns % 2]
    found = Population(contacts, np.array(chosen, dtype=np.int64))
    plain = {name: _plain(formula(found)) for name, formula in FORMULAS.items()}
    whole = oracle.measured([expected[known[place].id] for place in chosen])
    assert _close(plain, whole), (plain, whole)


@settings(max_examples=100, deadline=None)
@given(history=histories, as_of=moments)
def test_columns_survive_being_packed_and_merged(history: History, as_of: str) -> None:
    known = facts_until(flat(history), as_of)
    whole, parts = tabulate(known), [tabulate(known[start::2]) for start in (0, 1)]
    for table in (unpack(*pack(whole)), ordered(join([unpack(*pack(part)) for part in parts]))):
        assert _rows(table) == _rows(whole)


def _rows(table: Table) -> list[tuple[Any, ...]]:
    numbers = [column.tolist() for column in table.numbers.values()]
    texts = [[coded.words[code] for code in coded.codes] for coded in table.texts.values()]
    return sorted(zip(table.ids.to_list(), *numbers, *texts, strict=True))


def _plain(measure: Measure) -> dict[str, Any]:
    values = {"n": measure.n, **measure.values} | {name: _plain(part) for name, part in measure.parts.items()}
    return values | ({"by_value": dict(measure.by_value)} if measure.kind == "counts" else {})


def _close(found: Any, expected: Any) -> bool:
    """Equal, but for the last digits of what was divided."""
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(_close(found[name], expected[name]) for name in found)
    return bool(found == expected or (isinstance(found, float) and found == pytest.approx(expected, rel=1e-12)))


@settings(max_examples=100, deadline=None)
@given(history=histories, seed=st.integers(0, 1000))
def test_the_order_of_arrival_changes_nothing(history: History, seed: int) -> None:
    arriving = flat(history)
    random.Random(seed).shuffle(arriving)
    assert sorted(map(facts.encode, facts_of(arriving))) == sorted(map(facts.encode, facts_of(flat(history))))


@settings(max_examples=100, deadline=None)
@given(history=histories, as_of=moments)
def test_splitting_a_period_and_adding_gives_the_whole(history: History, as_of: str) -> None:
    population = population_of(flat(history), as_of)
    whole = measured(population, default(), in_group=False)
    parts = [Population(population.contacts, population.rows[start::2]) for start in (0, 1)]
    halves = [measured(part, default(), in_group=False) for part in parts]
    for name in COUNTED:
        for part in ("numerator", "denominator"):
            assert sum(half[name][part] for half in halves) == whole[name][part]
    assert sum(half["issues"]["n"] for half in halves) == whole["issues"]["n"]


@settings(max_examples=100, deadline=None)
@given(history=histories, as_of=moments)
def test_what_is_known_never_contradicts_itself(history: History, as_of: str) -> None:
    records = records_of(flat(history), as_of).values()
    for record in records:
        resolved = record.initial in ("confirmed", "assumed")
        assert (record.final == "revoked") == (resolved and record.follower is not None)
        assert (record.resolved_at >= 0) == resolved
        assert record.facts.started_at <= record.facts.last_event_at
        assert record.follower is None or record.issue is not None


@settings(max_examples=50, deadline=None)
@given(history=histories)
def test_a_survives_being_stored(history: History) -> None:
    for found in facts_of(flat(history)):
        assert facts.decode(facts.encode(found)) == found
        assert erasure.shown_key(found.customer_key) == found.customer_key
