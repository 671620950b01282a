"""When people are at the desk, and how to say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from babel.dates import format_datetime

from desk import catalogue
from touchpoints.configuration import Configuration

CALLBACK: Final = timedelta(hours=4)  # within this much of the next opening an answer is promised
UNKNOWN: Final = timedelta(days=7)  # the promise of a desk that has no opening in sight


@dataclass(frozen=True)
class Hours:
    """The desk's opening hours, holidays included, in the brand's time zone."""

    configuration: Configuration

    def is_open(self, at: datetime) -> bool:
        return self.configuration.is_open(at)

    def reopens(self, at: datetime) -> datetime | None:
        """The next opening; the moment itself while open; None when there is none within a year."""
        return self.configuration.next_opening(at)

    def callback_due(self, at: datetime) -> datetime:
        """By when an answer to a message left now is promised."""
        opening = self.reopens(at)
        return at + UNKNOWN if opening is None else opening + CALLBACK

    def say(self, at: datetime | None, language: str) -> str:
        """The moment as a person would say it: the weekday, the day and the time in the brand's zone."""
        if at is None:
            return catalogue.text(language, "conversation.unknown_time")
        return _said(at.astimezone(self.configuration.timezone).replace(second=0, microsecond=0), language)


@lru_cache(64)
def _said(minute: datetime, language: str) -> str:
    """Every turn asks, and mostly for the same minute."""
    return format_datetime(minute, "EEEE d MMMM, HH:mm", locale=language)
