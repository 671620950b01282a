"""What a lead can write down, each with the fields of its form. Names are those of touchpoints/cx/entry.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from desk.strategy.field import Field


@dataclass(frozen=True)
class Kind:
    """`plural` is its part of the address. `naming` is the field a new entry's id is made of; where it is None nothing
    new can be written, only what is there changed. A `fixed` id is chosen from a list."""

    name: str
    plural: str
    fields: tuple[Field, ...]
    naming: str | None = None
    ids: str = ""
    dated: bool = True

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


_ALL: Final = (
    Kind(
        "promise",
        "promises",
        (
            Field("text", "text"),
            Field("areas", "several", "area"),
            Field("owner", "line"),
            Field("metric", "line", "metric"),
            Field("direction", "choice", "direction"),
            Field("target", "number"),
            Field("unit", "choice", "unit"),
            Field("includes_service", "flag"),
            Field("differentiator", "flag"),
            Field("offering_stage", "choice", "offering"),
            Field("review_on", "day", required=False),
        ),
        naming="text",
    ),
    Kind(
        "friction",
        "frictions",
        (
            Field("what", "text"),
            Field("why", "text"),
            Field("promise_id", "choice", "promise"),
            Field("concern", "choice", "concern"),
            Field("covers", "several", "covered", required=False),
            Field("approver", "line"),
            Field("expires_on", "day"),
            Field("declared_to_customer", "flag"),
        ),
        naming="what",
    ),
    Kind(
        "action",
        "actions",
        (
            Field("text", "text"),
            Field("level", "choice", "level"),
            Field("type", "choice", "action_type"),
            Field("finding", "line"),
            Field("process_changed", "line"),
            Field("owner", "line"),
            Field("measure_again_on", "day"),
            Field("promise_id", "choice", "promise", required=False),
            Field("cause", "choice", "cause", required=False),
            Field("pillar", "choice", "pillar", required=False),
            Field("done_on", "day", required=False),
        ),
        naming="text",
    ),
    Kind(
        "context_event",
        "context-events",
        (Field("text", "text"), Field("start", "day"), Field("end", "day", required=False)),
        naming="text",
    ),
    Kind(
        "area",
        "areas",
        (Field("owner", "line"), Field("offering_stage", "choice", "offering")),
    ),
    Kind(
        "touchpoint",
        "touchpoints",
        (
            Field("name", "text"),
            Field("stages", "several", "stage", required=False),
            Field("environment", "choice", "environment"),
            Field("service", "flag"),
        ),
        naming="name",
    ),
    Kind(
        "reason",
        "reasons",
        (
            Field("stage", "choice", "any_stage"),
            Field("cause_area", "choice", "any_area"),
            Field("cause_stage", "choice", "any_stage"),
            Field("demand", "choice", "demand"),
            Field("promise_effect", "choice", "promise_effect"),
            Field("quadrant", "choice", "quadrant"),
        ),
        dated=False,  # the whole record is derived anew with it, so that it holds from now on and for all that is shown
    ),
    Kind(
        "threshold",
        "thresholds",
        (Field("direction", "choice", "direction"), Field("target", "number")),
    ),
)
KINDS: Final = {one.plural: one for one in _ALL}
"""Kinds by their part of the address, in the order of the pages."""
