"""The report: every metric over a period, as one JSON document that says what it is about (rule R2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from touchpoints import metrics, period, records
from touchpoints.configuration import Configuration
from touchpoints.display import cell, display
from touchpoints.fields import Where, matcher, reader
from touchpoints.metrics import METRICS
from touchpoints.population import Population
from touchpoints.record import Record
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
) -> dict[str, Any]:
    """All metrics over whole days from–to (inclusive, the brand's zone) as known at `as_of` (now, when not given).

    Without days the period is the whole record up to `as_of`. `where` keeps contacts by field, `by` adds a group for
    each value of a field. Only reads. Raises QueryError naming a field, day or moment there isn't.
    """
    moment = period.moment(datetime.now(UTC) if as_of is None else as_of, configuration)
    span, days = records.days(connection, configuration, period_from, period_to, moment)
    matches = matcher(where, configuration)
    group_of = None if by is None else reader(by, configuration)
    found = [record for record in records.load(connection, configuration, span, moment) if matches(record)]
    document: dict[str, Any] = {
        "scope": SCOPE,
        "population": POPULATION,
        "method": METHOD,
        "period": days,
        "as_of": configuration.local(moment).isoformat(),
        "config_version": configuration.version,
        "where": dict(where or {}),
        "metrics": measured(found, configuration, in_group=False),
    }
    if group_of is not None:
        groups: dict[str, list[Record]] = {}
        for record in found:
            groups.setdefault(group_of(record), []).append(record)
        document["by"] = by
        document["groups"] = [
            {"value": value, "metrics": measured(groups[value], configuration, in_group=True)}
            for value in sorted(groups)
        ]
    return document


def measured(found: Sequence[Record], configuration: Configuration, *, in_group: bool) -> dict[str, Any]:
    """Every metric over the records, with its n, version and display."""
    population = Population(found)
    version = metrics.version(configuration.windows)
    return {name: _cell(metric, population, version, in_group) for name, metric in METRICS.items()}


def _cell(metric: metrics.Metric, population: Population, version: str, in_group: bool) -> dict[str, Any]:
    measure = metric.measure(population)
    values = cell(measure, in_group=in_group)
    shown = "n<5" if values.get("hidden") else display(measure, metric.unit)
    if metric.cohort == "mature":
        immature = len(population.eligible) - len(population.mature)
        values["maturity"] = "provisional" if immature else "mature"
        values["immature"] = None if values.get("hidden") else immature
    return {**values, "unit": metric.unit, "version": version, "display": shown}
