"""Opening hours in the brand's zone: open or not, when again, and durations on the business clock.

Opening is inclusive, closing exclusive; local hours become UTC by the zone's own rules, so a day of daylight-saving
change has the length it really had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

Stretch = tuple[time, time]
_DAYS_AHEAD = 366


class OpeningHours:
    """Weekly hours (Monday is 0; a closing time of 00:00 is the end of the day) without holidays."""

    def __init__(
        self,
        zone: ZoneInfo,
        weekly: Mapping[int, Sequence[Stretch]],
        closed_on: Sequence[date] = (),
        country: str | None = None,
    ) -> None:
        self.zone = zone
        self._weekly = weekly
        self._closed_on = frozenset(closed_on)
        self._public: Mapping[date, str] = holidays.country_holidays(country) if country else {}

    def is_open(self, at: datetime) -> bool:
        """Whether a person answers at this moment."""
        moment = at.astimezone(UTC)
        return any(opening <= moment < closing for opening, closing in self._stretches(at.astimezone(self.zone).date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """The next moment it opens, in the brand's zone; `at` itself when open, None when it does not within a year."""
        if self.is_open(at):
            return at
        moment = at.astimezone(UTC)
        day = at.astimezone(self.zone).date()
        for offset in range(_DAYS_AHEAD):
            for opening, _ in self._stretches(day + timedelta(days=offset)):
                if opening >= moment:
                    return opening.astimezone(self.zone)
        return None

    def business_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds of opening time between two moments; 0 when the end does not come after the start."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        day, until = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        total = timedelta()
        while day <= until:
            for opening, closing in self._stretches(day):
                total += max(min(closing, last) - max(opening, first), timedelta())
            day += timedelta(days=1)
        return total.total_seconds()

    def _stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self._closed_on or day in self._public:
            return
        for opening, closing in self._weekly.get(day.weekday(), ()):
            end = day if closing > time() else day + timedelta(days=1)
            yield self._utc(day, opening), self._utc(end, closing)

    def _utc(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)
