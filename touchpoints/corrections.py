"""Which fields a person may correct, and what each may then say."""

from __future__ import annotations

from typing import Final, get_args

from touchpoints import vocabulary as v

_CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "journey_stage": v.STAGES,
    "service_kind": get_args(v.ServiceKind),
    "customer_lifecycle": get_args(v.Lifecycle),
    "cause_area": v.AREAS,
    "cause_stage": v.STAGES,
    "cause_certainty": get_args(v.Certainty),
    "demand_type": get_args(v.Demand),
    "irritant_quadrant": get_args(v.Quadrant),
    "promise_effect": get_args(v.PromiseEffect),
}
_OPEN: Final = frozenset({"contact_reason", "entity_ref", "segment", "promise_id"})
CORRECTABLE: Final = frozenset({*_CLOSED, *_OPEN, "eligible"})
_ALIASES: Final = {"reason": "contact_reason"}


def corrected_field(name: str) -> str:
    """The record's name of a field, which events call `reason` for short."""
    return _ALIASES.get(name, name)


def check_correction(field: str, value: str | bool | None) -> None:
    """Raises ValueError when the field can't be corrected or can't have this value."""
    name = corrected_field(field)
    if name not in CORRECTABLE:
        raise ValueError(f"field {field!r} can't be corrected; these can: {', '.join(sorted(CORRECTABLE))}")
    if value is None:
        return
    if isinstance(value, bool) != (name == "eligible"):
        raise ValueError(f"value of {field} is {'true or false' if name == 'eligible' else 'a text'}")
    if name in _CLOSED and value not in _CLOSED[name]:
        raise ValueError(f"value of {field} is {value!r}; it can be {', '.join(_CLOSED[name])}")
