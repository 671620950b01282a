"""What service can say, asked of the record once for a summary: the report of the period and a few break-downs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from touchpoints import period
from touchpoints.configuration import Configuration
from touchpoints.cx.figure import Figure
from touchpoints.fields import Where, reader
from touchpoints.metrics import METRICS
from touchpoints.population import Population
from touchpoints.report import POPULATION, groups, measured, told
from touchpoints.selection import Question
from touchpoints.selection import ask as select
from touchpoints.vocabulary import SCOPE

BREAK_DOWNS: Final = (
    "cause_area",
    "cause_stage",
    "promise_id",
    "demand_type",
    "contact_reason",
    "irritant_quadrant",
)
IN_GROUPS: Final = (
    "contacts",
    "issues",
    "failure_demand",
    "promise_broken",
    "repeat_7d",
    "revocation",
    "high_friction",
    "resolved_by_bot",
)
"""What the summary says of each group; of all contacts together it says every metric."""
Cell = dict[str, Any]


@dataclass(frozen=True)
class Service:
    """A report and its break-downs: `by[field][value]` are metrics of a group, blank under 5 customers."""

    document: dict[str, Any]
    by: dict[str, dict[str, Cell]]
    population: Population

    @property
    def metrics(self) -> Cell:
        found: Cell = self.document["metrics"]
        return found

    @property
    def contacts(self) -> int:
        """Eligible contacts of the period."""
        return int(self.metrics["contacts"]["n"])

    @property
    def days(self) -> tuple[date, date]:
        days = self.document["period"]
        return date.fromisoformat(days["from"]), date.fromisoformat(days["to"])

    def groups(self, field: str) -> Iterator[tuple[str, Cell]]:
        yield from self.by[field].items()

    def figure(self, metric: str) -> Figure | None:
        """A metric as a figure of one number; None when nothing was observed or it is no such number."""
        if metric not in METRICS or not self.metrics[metric]["n"]:
            return None
        cell = self.metrics[metric]
        kind, chosen = _one_number(cell)
        if kind is None or chosen.get("n") in (None, 0):
            return None
        scale = 100 if kind in ("proportion", "range") else 1
        middle = chosen["median"] if kind == "median" else chosen["value"]
        return Figure(
            metric=metric,
            kind=kind,
            unit=METRICS[metric].unit,
            n=chosen["n"],
            value=None if middle is None else scale * middle,
            low=None if chosen["low"] is None else scale * chosen["low"],
            high=None if chosen["high"] is None else scale * chosen["high"],
            scope=self.document["scope"],
            population=self.document["population"],
            period=self.days,
            version=cell["version"],
            source="service record",
            numerator=chosen.get("numerator"),
            denominator=chosen.get("denominator"),
        )


def ask(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None,
    period_to: period.Day | None,
    as_of: period.Moment | None,
    where: Where | None,
) -> Service:
    """The report with its break-downs, of contacts selected once. Raises QueryError."""
    question = Question(period_from, period_to, as_of, where)
    selected = select(connection, configuration, question)
    population = selected.population
    document = {
        "scope": SCOPE,
        "population": POPULATION,
        **selected.about(question, configuration),
        "metrics": told(selected.measured(question, configuration), population, configuration),
    }
    by = {
        field: {
            value: measured(group, configuration, in_group=True, names=IN_GROUPS)
            for value, group in groups(population, reader(field, configuration)(population))
        }
        for field in BREAK_DOWNS
    }
    return Service(document, by, population)


def _one_number(cell: Cell) -> tuple[Any, Cell]:
    """A share as it is, a range by its upper end (what lasted, confirmed or not), a wait by the wall clock."""
    if "upper" in cell:
        return "range", cell["upper"]
    if "wall" in cell:
        return "median", cell["wall"]
    if "numerator" in cell:
        return "proportion", cell
    return ("median", cell) if "median" in cell else (None, cell)
