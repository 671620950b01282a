"""What the CX side refuses.

RecordError
├── EntryError       a promise, friction, event or action has a value it can't have; names the field
└── ObservationError an observation or order has a value it can't have; names the field
"""

from __future__ import annotations

from touchpoints.errors import RecordError


class FieldError(RecordError):
    """A value that can't be; `field` names it ("" when it is the whole)."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.field = field
        self.why = why


class EntryError(FieldError):
    """A promise, friction, context event, action or other dated entry can't be recorded."""


class ObservationError(FieldError):
    """A row of an import can't be taken in."""
