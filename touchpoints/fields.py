"""The closed list of fields a report can be filtered and broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from touchpoints.columns.table import Array, Coded
from touchpoints.configuration import Configuration
from touchpoints.errors import QueryError
from touchpoints.instant import SECOND
from touchpoints.population import Population

Where = Mapping[str, str | Sequence[str]]
_QUARTER: Final = 900 * SECOND
"""Clocks of all zones differ by whole quarters of an hour, so that every moment of one has the same label."""


def _hour(moment: datetime) -> str:
    return moment.replace(minute=0, second=0, microsecond=0).isoformat(timespec="minutes")


def _week(moment: datetime) -> str:
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02}"


_PERIODS: Final[dict[str, Callable[[datetime], str]]] = {
    "hour": _hour,
    "day": lambda moment: moment.date().isoformat(),
    "week": _week,
    "month": lambda moment: f"{moment:%Y-%m}",
}
_COLUMNS: Final[dict[str, str]] = {
    "contact_reason": "contact_reason",
    "area": "area",
    "channel": "channel",
    "touchpoint_type": "touchpoint_type",
    "environment": "environment",
    "language": "language",
    "segment": "segment",
    "customer_lifecycle": "customer_lifecycle",
    "key_strength": "key_strength",
    "journey_stage": "journey_stage",
    "phase": "phase",
    "service_kind": "service_kind",
    "cause_area": "cause_area",
    "cause_stage": "cause_stage",
    "demand_type": "demand_type",
    "irritant_quadrant": "irritant_quadrant",
    "promise_effect": "promise_effect",
    "promise_id": "promise_id",
    "holder": "holder",
    "resolution_initial": "resolution_initial",
    "resolution_final": "resolution_final",
    "maturity": "maturity",
    "after_hours": "after_hours_start",
    "impression": "impression",
    "reason": "contact_reason",
    "cause": "cause_area",
    "stage": "journey_stage",
}
FIELDS: Final = (*_COLUMNS, *_PERIODS)


def reader(field: str, configuration: Configuration) -> Callable[[Population], Coded]:
    """What contacts say in a field; "unknown" where they say nothing. Raises QueryError for a field there isn't."""
    if field in _PERIODS:
        label = _PERIODS[field]
        return lambda p: _labels(p.number("started_at"), label, configuration)
    if field not in _COLUMNS:
        raise QueryError(field, f"no such field; these are: {', '.join(FIELDS)}")
    return lambda p: p.text(_COLUMNS[field])


def matcher(where: Where | None, configuration: Configuration) -> Callable[[Population], Array]:
    """Which contacts pass a filter: every field must have its value, or one of several."""
    wanted = [
        (reader(field, configuration), [value] if isinstance(value, str) else list(value))
        for field, value in (where or {}).items()
    ]

    def passing(p: Population) -> Array:
        mask = p.everybody
        for read, values in wanted:
            coded = read(p)
            mask = mask & np.isin(coded.codes, [coded.code(value) for value in values])
        return mask

    return passing


def _labels(started_at: Array, label: Callable[[datetime], str], configuration: Configuration) -> Coded:
    quarters, places = np.unique(started_at // _QUARTER, return_inverse=True)
    known: dict[str, int] = {}
    found = [label(configuration.local(int(quarter) * _QUARTER)) for quarter in quarters]
    codes = np.array([known.setdefault(text, len(known)) for text in found] or [0])
    return Coded(codes[places], tuple(known))
