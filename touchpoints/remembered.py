"""Measures remembered from question to question: when a few contacts changed since, only those are looked at.

What a contact says depends on its own events, on the contacts of the same customer with the same matter, and on the
moment looked back from. So a remembered answer is brought up to date by taking out the contacts whose events, matter or
standing at the moment changed, as they were, and putting them in as they are now: exactly the answer of asking anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from touchpoints.addition import TooFarError, added
from touchpoints.columns.contacts import Contacts
from touchpoints.columns.held import Held, View, in_order
from touchpoints.columns.layout import NONE
from touchpoints.columns.table import Array
from touchpoints.instant import Instant
from touchpoints.measure import FEWEST, Measure, how_many
from touchpoints.metrics import METRICS
from touchpoints.population import Population

_MOST_CHANGED: Final = 4_000
"""Contacts looked at again; when more changed, all are, and that is remembered instead."""
_QUESTIONS: Final = 8
"""Answers remembered of each database; each is a few hundred kilobytes."""
_FIRST: Final = 64
Passing = Callable[[Contacts], Population]


class Measured(NamedTuple):
    """Metrics by id, and how many contacts are too young for what is said to last."""

    measures: Mapping[str, Measure]
    immature: int


@dataclass(frozen=True)
class _Remembered:
    as_of: Instant
    present: Array
    found: Measured
    places: Mapping[tuple[str, str], Array]
    """Of each value counted: where its contacts are, or enough of them to tell that it may be shown."""


_answers: Final[WeakKeyDictionary[Held, OrderedDict[Any, _Remembered]]] = WeakKeyDictionary()
_lock: Final = Lock()


def measured_anew(population: Population, names: Iterable[str] = METRICS) -> Measured:
    """These metrics, every one when not told, from all contacts."""
    immature = how_many(population.eligible & ~population.mature)
    return Measured({name: METRICS[name].measure(population) for name in names}, immature)


def measured(population: Population, passing: Passing, question: Any) -> Measured:
    """Every metric over a population, which is what `passing` makes of its contacts.

    `question` stands for the filter, the days and the configuration: equal ones must pass the same contacts.
    """
    held = population.contacts.view.held
    if held is None:
        return measured_anew(population)
    with _lock:
        known = _answers.setdefault(held, OrderedDict())
        remembered = known.get(question)
    if remembered is not None:
        found = _brought_up_to_date(remembered, population, passing)
        if found is not None:
            return found
    anew = measured_anew(population)
    with _lock:
        known[question] = _remember(population, anew)
        known.move_to_end(question)
        while len(known) > _QUESTIONS:
            known.popitem(last=False)
    return anew


def _remember(population: Population, found: Measured) -> _Remembered:
    """Without the masks of contacts, of which there is one for every number."""
    places = {
        (name, value): population.rows[_some(measure.with_value(value))]
        for name, measure in found.measures.items()
        for value in measure.by_value
    }
    kept = {name: _stripped(measure) for name, measure in found.measures.items()}
    contacts = population.contacts
    return _Remembered(contacts.as_of, contacts.present, Measured(kept, found.immature), places)


def _stripped(measure: Measure) -> Measure:
    parts = {name: _stripped(part) for name, part in measure.parts.items()}
    bare = Measure(measure.kind, measure.n, measure.values, parts=parts, by_value=measure.by_value)
    return replace(bare, total=measure.total, scale=measure.scale, spread=measure.spread, everyone=measure.everyone)


def _some(members: Array) -> Array:
    found = np.flatnonzero(members[: 100 * _FIRST])
    return (found if len(found) >= _FIRST else np.flatnonzero(members))[:_FIRST]


def _brought_up_to_date(before: _Remembered, population: Population, passing: Passing) -> Measured | None:
    """None when too much changed."""
    now = population.contacts
    changed = _changed(before, now)
    if len(changed) > _MOST_CHANGED:
        return None
    left = changed[changed < len(before.present)]
    left = left[before.present[left]]
    coming = passing(_only(now, changed[now.present[changed]], now.as_of))
    gone, come = measured_anew(passing(_only(now, left, before.as_of))), measured_anew(coming)
    customer = now.view.table.numbers["customer"]

    def few(name: str, value: str) -> bool:
        places = before.places.get((name, value), left[:0])
        staying = customer[places[~np.isin(places, left)]]
        arrived = coming.number("customer")[come.measures[name].with_value(value)]
        known = len(np.unique(np.concatenate([staying, arrived])))
        if known >= FEWEST or len(places) < _FIRST:
            return known < FEWEST
        return METRICS[name].measure(population).few(value)

    try:
        measures = {
            name: added(measure, gone.measures[name], come.measures[name], lambda value, name=name: few(name, value))  # type: ignore[misc]
            for name, measure in before.found.measures.items()
        }
    except TooFarError:
        return None
    return Measured(measures, before.found.immature - gone.immature + come.immature)


def _changed(then: _Remembered, now: Contacts) -> Array:
    """The places of contacts that say something else now, and of all that share a matter with one."""
    numbers, known = now.view.table.numbers, len(then.present)
    differ = now.present.copy()
    differ[:known] ^= then.present
    if then.as_of != now.as_of:
        first, last = sorted((then.as_of, now.as_of))
        for moments in (numbers["quiet_at"], numbers["last_event_at"] + now.windows.chain):
            differ |= (moments > first) & (moments <= last)
        differ |= numbers["waiting_since"] != NONE
    own = np.flatnonzero(differ)
    matters = np.unique(numbers["matter"][own])
    matters = matters[matters != 0]
    if len(own) > _MOST_CHANGED:
        return own
    found: Array = np.union1d(own, now.view.of_matters(matters))
    return found


def _only(contacts: Contacts, places: Array, as_of: Instant) -> Contacts:
    """Some of the contacts by themselves, as of a moment; chains are whole when all of a matter are among them."""
    few = contacts.view.table.keep(places)
    chained = np.flatnonzero(few.numbers["matter"])
    order = chained[in_order(few, chained)]
    return Contacts(View(few, np.ones(len(few), dtype=np.bool_), order), as_of, contacts.windows)
