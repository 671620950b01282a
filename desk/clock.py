"""The one place that asks what time it is, so that tests and simulations can say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC: how every time is stored."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def moment(stored: int) -> datetime:
    """The stored microseconds as a moment in UTC."""
    return datetime.fromtimestamp(stored // 1_000_000, UTC).replace(microsecond=stored % 1_000_000)


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with a trailing Z, as on every wire and in every export."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
