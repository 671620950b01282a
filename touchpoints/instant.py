"""Moments as whole microseconds since 1970, UTC: exact, comparable, the same in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z."""

SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Instant:
    """The instant of a datetime that knows its zone. Raises ValueError when it doesn't."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(instant: Instant) -> datetime:
    """The instant as a UTC datetime."""
    return _EPOCH + timedelta(microseconds=instant)


def isoformat(instant: Instant | None) -> str | None:
    """The instant in ISO 8601, UTC, with a Z; None stays None."""
    return None if instant is None else to_datetime(instant).isoformat().replace("+00:00", "Z")
