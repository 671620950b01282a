"""How long customers waited, as a distribution: how many waited up to a minute, to five, and so on."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from touchpoints import period
from touchpoints.columns.layout import NONE
from touchpoints.configuration import Configuration
from touchpoints.fields import Where
from touchpoints.formulas import FORMULAS
from touchpoints.instant import SECOND
from touchpoints.measure import Measure
from touchpoints.metrics import version
from touchpoints.population import Population
from touchpoints.selection import Question, ask
from touchpoints.vocabulary import SCOPE

EDGES: Final = (0, 10, 60, 300, 900, 3_600, 14_400, 86_400)
"""Lower ends of the bins in seconds; each holds what reaches its lower end and not the next, the last the rest."""
COLUMNS: Final = {
    "first_answer_s": "first_answer",
    "agent_wait_wall_s": "wait_wall",
    "agent_wait_business_s": "wait_business",
    "ttr_contact_s": "resolution",
}
POPULATION: Final = "eligible service interactions that started in the period, and waited for this"


def waits(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None = None,
    period_to: period.Day | None = None,
    as_of: period.Moment | None = None,
    where: Where | None = None,
) -> dict[str, Any]:
    """Counts of contacts by length of each wait, with its median; arguments and errors as for the report."""
    question = Question(period_from, period_to, as_of, where)
    selected = ask(connection, configuration, question)
    found = {name: _wait(name, column, selected.population) for name, column in COLUMNS.items()}
    about = {"scope": SCOPE, "population": POPULATION, **selected.about(question, configuration)}
    return {**about, "version": version(configuration.windows), "unit": "s", "waits": found}


def _wait(name: str, column: str, population: Population) -> dict[str, Any]:
    measure = _measure(name, population)
    known = population.number(column)
    lengths = known[measure.among & (known != NONE)]
    edges = [edge * SECOND for edge in EDGES]
    counted = np.bincount(np.searchsorted(edges, lengths, side="right"), minlength=len(edges) + 1)[1:].tolist()
    ends = (*EDGES[1:], None)
    bins = [{"from": start, "until": end, "n": n} for start, end, n in zip(EDGES, ends, counted, strict=True)]
    return {"n": measure.n, **{key: measure.values[key] for key in ("median", "low", "high")}, "bins": bins}


def _measure(name: str, population: Population) -> Measure:
    """The metric whose contacts these are."""
    for clock in ("wall", "business"):
        if name == f"agent_wait_{clock}_s":
            return FORMULAS["agent_wait_s"](population).parts[clock]
    return FORMULAS[name](population)
