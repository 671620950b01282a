"""Opening hours and the business clock, holidays and daylight saving included."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.touchpoints.history import rome
from touchpoints import configuration
from touchpoints.configuration import default, parse_yaml
from touchpoints.errors import ConfigurationError

BASE = "zone: Europe/Rome\nreasons: {}\n"


def test_opening_is_inclusive_and_closing_exclusive() -> None:
    assert default().is_open(rome("2026-03-02 09:00:00"))
    assert not default().is_open(rome("2026-03-02 18:00:00"))
    assert not default().is_open(rome("2026-03-07 12:00:00"))


def test_next_opening() -> None:
    assert default().next_opening(rome("2026-03-06 18:00:00")) == rome("2026-03-09 09:00:00")
    assert default().next_opening(rome("2026-03-02 10:00:00")) == rome("2026-03-02 10:00:00")
    assert parse_yaml(BASE + "hours: {}").next_opening(rome("2026-03-02 10:00:00")) is None


def test_business_seconds_over_a_weekend() -> None:
    assert default().business_seconds(rome("2026-03-06 17:00:00"), rome("2026-03-09 10:00:00")) == 2 * 3600
    assert default().business_seconds(rome("2026-03-09 10:00:00"), rome("2026-03-06 17:00:00")) == 0


def test_a_day_of_changing_clocks_has_its_real_length() -> None:
    always = parse_yaml(BASE + "hours: {sun: ['00:00-24:00']}")
    spring, autumn = rome("2026-03-29 00:00:00"), rome("2026-10-25 00:00:00")
    assert always.business_seconds(spring, rome("2026-03-30 00:00:00")) == 23 * 3600
    assert always.business_seconds(autumn, rome("2026-10-26 00:00:00")) == 25 * 3600


def test_holidays_are_closed() -> None:
    closed = parse_yaml(BASE + "hours: {mon: ['09:00-18:00']}\nholidays: {country: IT, dates: [2026-03-02]}")
    assert not closed.is_open(rome("2026-03-02 10:00:00"))
    assert not closed.is_open(rome("2026-04-06 10:00:00"))  # Easter Monday
    assert closed.is_open(rome("2026-03-09 10:00:00"))


moments = st.datetimes(
    min_value=rome("2026-03-01 00:00:00").replace(tzinfo=None),
    max_value=rome("2026-04-15 00:00:00").replace(tzinfo=None),
    timezones=st.just(ZoneInfo("UTC")),
).map(lambda moment: moment.replace(second=0, microsecond=0))


@given(start=moments, minutes=st.integers(0, 5000))
def test_business_seconds_equal_counting_minutes(start, minutes) -> None:
    end = start + timedelta(minutes=minutes)
    counted = sum(default().is_open(start + timedelta(minutes=minute)) for minute in range(minutes))
    assert default().business_seconds(start, end) == 60 * counted


@pytest.mark.parametrize(
    "text",
    [
        "hours: {mon: ['9-18']}",
        "hours: {mon: ['18:00-09:00']}",
        "hours: {someday: []}",
        "hours: {}\nzone: Mars/Olympus",
        "hours: {}\nholidays: {country: XX}",
        "hours: {}\nwindows: {quiet_h: -1}",
        "hours: {}\nreasons: {a.b: [nowhere]}",
        "hours: {}\nmystery: 1",
        "hours: [",
    ],
)
def test_a_bad_configuration_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_yaml((BASE if "zone" not in text and "reasons" not in text else "reasons: {}\nzone: UTC\n") + text)


def test_the_version_follows_the_content() -> None:
    assert parse_yaml(BASE + "hours: {}").version == parse_yaml("hours: {}\n" + BASE).version
    assert parse_yaml(BASE + "hours: {}").version != parse_yaml(BASE + "hours: {sun: []}").version
    assert configuration.default().version == default().version
