"""The closed list of fields a report can be filtered and broken down by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from touchpoints.configuration import Configuration
from touchpoints.errors import QueryError
from touchpoints.record import Record
from touchpoints.vocabulary import PHASE_OF_STAGE

Where = Mapping[str, str | Sequence[str]]
UNKNOWN: Final = "unknown"


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
_VALUES: Final[dict[str, Callable[[Record], str | None]]] = {
    "contact_reason": lambda record: record.facts.contact_reason,
    "area": lambda record: (record.facts.contact_reason or UNKNOWN).partition(".")[0],
    "channel": lambda record: record.facts.channel,
    "touchpoint_type": lambda record: record.facts.touchpoint_type,
    "environment": lambda record: record.facts.environment,
    "language": lambda record: record.facts.language,
    "segment": lambda record: record.facts.segment,
    "customer_lifecycle": lambda record: record.facts.customer_lifecycle,
    "key_strength": lambda record: record.facts.key_strength,
    "journey_stage": lambda record: record.facts.journey_stage,
    "phase": lambda record: PHASE_OF_STAGE[record.facts.journey_stage],
    "service_kind": lambda record: record.facts.service_kind,
    "cause_area": lambda record: record.facts.cause_area,
    "cause_stage": lambda record: record.facts.cause_stage,
    "demand_type": lambda record: record.demand,
    "irritant_quadrant": lambda record: record.facts.irritant_quadrant,
    "promise_effect": lambda record: record.facts.promise_effect,
    "promise_id": lambda record: record.facts.promise_id,
    "holder": lambda record: record.holder,
    "resolution_initial": lambda record: record.initial,
    "resolution_final": lambda record: record.final,
    "maturity": lambda record: "mature" if record.mature else "provisional",
    "after_hours": lambda record: str(record.facts.after_hours_start).lower(),
    "impression": lambda record: record.impression,
}
_ALIASES: Final = {"reason": "contact_reason", "cause": "cause_area", "stage": "journey_stage"}
FIELDS: Final = (*_VALUES, *_PERIODS, *_ALIASES)


def reader(field: str, configuration: Configuration) -> Callable[[Record], str]:
    """What a record says in a field; "unknown" where it says nothing. Raises QueryError for a field there isn't."""
    name = _ALIASES.get(field, field)
    if name in _PERIODS:
        label = _PERIODS[name]
        return lambda record: label(configuration.local(record.facts.started_at))
    if name not in _VALUES:
        raise QueryError(field, f"no such field; these are: {', '.join(FIELDS)}")
    value = _VALUES[name]
    return lambda record: value(record) or UNKNOWN


def matcher(where: Where | None, configuration: Configuration) -> Callable[[Record], bool]:
    """Whether a record passes a filter: every field must have its value, or one of several."""
    wanted = [
        (reader(field, configuration), {value} if isinstance(value, str) else set(value))
        for field, value in (where or {}).items()
    ]
    return lambda record: all(read(record) in values for read, values in wanted)
