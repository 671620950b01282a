"""The report: every metric over a period, as one JSON document that says what it is about (rule R2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from touchpoints import metrics, period
from touchpoints.columns.table import Coded
from touchpoints.comparison import compared
from touchpoints.configuration import Configuration
from touchpoints.cx import orders
from touchpoints.cx.report_cells import cells
from touchpoints.display import cell, display
from touchpoints.fields import Where, reader
from touchpoints.measure import Measure, rate
from touchpoints.metrics import METRICS
from touchpoints.population import Population
from touchpoints.remembered import Measured, measured_anew
from touchpoints.selection import Question, Selected, ask
from touchpoints.vocabulary import SCOPE

POPULATION: Final = "eligible service interactions that started in the period"
METHOD: Final = (
    "Recorded events only. Proportions: Wilson 95% interval. Medians: exact order-statistic interval, none under 6 "
    "values. Metrics of what lasts: mature interactions only. Shown from 5 as counts, from 10 with interval; in a "
    "break-down cells under 5 customers are hidden."
)


def report(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None = None,
    period_to: period.Day | None = None,
    as_of: period.Moment | None = None,
    where: Where | None = None,
    by: str | None = None,
    compare: tuple[period.Day, period.Day] | None = None,
    only: Sequence[str] | None = None,
) -> dict[str, Any]:
    """All metrics over whole days from–to (inclusive, the brand's zone) as known at `as_of` (now, when not given).

    Without days the period is the whole record up to `as_of`. `where` keeps contacts by field, `by` adds a group for
    each value of a field, `compare` sets the period beside an earlier one (comparison.py). Metrics that `only` doesn't
    name, when it is given, are not computed. Only reads. Raises QueryError naming a field, day or moment there isn't.
    """
    group_of = None if by is None else reader(by, configuration)
    question = Question(period_from, period_to, as_of, where)
    selected = ask(connection, configuration, question)
    population = selected.population
    document: dict[str, Any] = {
        "scope": SCOPE,
        "population": POPULATION,
        "method": METHOD,
        **selected.about(question, configuration),
    }
    if only:
        document["metrics"] = measured(population, configuration, in_group=False, names=only)
    else:
        document["metrics"] = told(selected.measured(question, configuration), population, configuration)
    if not where and not only:  # orders have none of the fields of contacts
        document["metrics"] |= _with_orders(connection, selected, configuration)
        contacts = document["metrics"]["contacts"]["n"]
        imported = cells(connection, configuration, selected.days, selected.moment, contacts)
        document["metrics"] |= {name: document["metrics"][name] | found for name, found in imported.items()}
    if group_of is not None:
        document["by"] = by
        document["groups"] = [
            {"value": value, "metrics": measured(group, configuration, in_group=True, names=only or METRICS)}
            for value, group in groups(population, group_of(population))
        ]
    if compare is not None:
        earlier = selected.also(*compare, question, configuration)
        document["comparison"] = {"period": earlier.days, **compared(earlier.population, population, only or METRICS)}
    return document


def groups(population: Population, coded: Coded) -> Iterator[tuple[str, Population]]:
    """The contacts with each value of a field, by value."""
    order = np.argsort(coded.codes, kind="stable")
    codes = coded.codes[order]
    for code, value in sorted(enumerate(coded.words), key=lambda item: item[1]):
        begin, end = np.searchsorted(codes, [code, code + 1])
        if begin < end:
            yield value, Population(population.contacts, population.rows[order[begin:end]])


def measured(
    population: Population, configuration: Configuration, *, in_group: bool, names: Iterable[str] = METRICS
) -> dict[str, Any]:
    """Metrics over contacts, every one when not told which, with n, version and display."""
    return told(measured_anew(population, names), population, configuration, in_group=in_group)


def told(
    found: Measured, population: Population, configuration: Configuration, *, in_group: bool = False
) -> dict[str, Any]:
    """Measures as the document says them."""
    version = metrics.version(configuration.windows)
    return {
        name: _cell(METRICS[name], measure, found.immature, population, version, in_group)
        for name, measure in found.measures.items()
    }


def _with_orders(connection: Connection, selected: Selected, configuration: Configuration) -> dict[str, Any]:
    """What needs imported orders; nothing while none were imported."""
    if orders.first(connection) is None:
        return {}
    population, metric = selected.population, METRICS["contact_rate"]
    measure = rate(population.eligible, orders.count(connection, selected.span, selected.moment))
    shown = {"unit": metric.unit, "version": metrics.version(configuration.windows)}
    values = cell(measure, population, in_group=False)
    return {metric.id: {**values, **shown, "display": display(measure, metric.unit)}}


def _cell(
    metric: metrics.Metric, measure: Measure, immature: int, population: Population, version: str, in_group: bool
) -> dict[str, Any]:
    values = cell(measure, population, in_group=in_group)
    shown = "n<5" if values.get("hidden") else display(measure, metric.unit)
    if metric.cohort == "mature":
        values["maturity"] = "provisional" if immature else "mature"
        values["immature"] = None if values.get("hidden") else immature
    return {**values, "unit": metric.unit, "version": version, "display": shown}
