"""Every metric a second time, one contact after the other: what the columns must agree with on any history."""

from __future__ import annotations

from typing import Any

from tests.touchpoints.oracle.chain import link
from tests.touchpoints.oracle.formulas import FORMULAS
from tests.touchpoints.oracle.measure import Measure
from tests.touchpoints.oracle.population import Population
from tests.touchpoints.oracle.record import Record
from touchpoints.configuration import Configuration
from touchpoints.facts import Facts
from touchpoints.instant import Instant


def records(facts: list[Facts], as_of: Instant, configuration: Configuration) -> list[Record]:
    """Interactions as of a moment, linked to their issues, in order of their start."""
    found = [Record(known, as_of, configuration.windows) for known in facts if known.started_at <= as_of]
    link(found, as_of, configuration.windows)
    return sorted(found, key=Record.order)


def measured(found: list[Record]) -> dict[str, dict[str, Any]]:
    """Every metric over records."""
    population = Population(found)
    return {name: _plain(formula(population)) for name, formula in FORMULAS.items()}


def _plain(measure: Measure) -> dict[str, Any]:
    values = {"n": measure.n, **measure.values} | {name: _plain(part) for name, part in measure.parts.items()}
    counts = {value: len(members) for value, members in measure.by_value.items()}
    return values | ({"by_value": counts} if measure.kind == "counts" else {})
