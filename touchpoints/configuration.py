"""What a brand decides: hours, windows, reasons and where each comes from. Versioned by content.

A changed configuration is a new version; the earlier ones stay in the database, so an old report can be made again.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml
from msgspec import Meta
from sqlalchemy import Connection, select

from touchpoints import vocabulary as v
from touchpoints.errors import ConfigurationError
from touchpoints.hours import OpeningHours, Stretch
from touchpoints.instant import HOUR, SECOND, Instant, from_datetime, to_datetime
from touchpoints.schema import configuration as table
from touchpoints.schema import configuration_saved as saved_table

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STRETCH: Final = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")
_WORD: Final = re.compile(r"\w+")


class Reason(NamedTuple):
    """Defaults of a contact reason: where the customer stands, and the upstream cause as a hypothesis."""

    stage: v.Stage = "unknown"
    cause_area: v.Area = "unknown"
    cause_stage: v.Stage = "unknown"
    demand: v.Demand = "unknown"
    promise_effect: v.PromiseEffect = "unknown"
    quadrant: v.Quadrant = "unknown"


UNKNOWN_REASON: Final = Reason()


class Saved(NamedTuple):
    """A configuration put in force: which, when, and by whom where that was said."""

    version: str
    at: Instant
    by: str | None


class Holidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    country: str | None = None
    dates: tuple[date, ...] = ()


class Windows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lengths of time the metrics depend on; changing one makes a new version of them."""

    quiet_h: Annotated[float, Meta(gt=0, le=8760)] = 24
    chain_h: Annotated[float, Meta(gt=0, le=8760)] = 168
    long_wait_s: Annotated[float, Meta(ge=0, le=86_400)] = 120

    @property
    def quiet(self) -> Instant:
        return round(self.quiet_h * HOUR)

    @property
    def chain(self) -> Instant:
        return round(self.chain_h * HOUR)

    @property
    def long_wait(self) -> Instant:
        return round(self.long_wait_s * SECOND)

    def __str__(self) -> str:
        return f"{self.quiet_h:g}h/{self.chain_h:g}h/{self.long_wait_s:g}s"


class Configuration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A version of the brand's configuration; its version is a digest of what it says."""

    zone: str
    hours: dict[Weekday, tuple[str, ...]]
    reasons: dict[str, Reason]
    holidays: Holidays = Holidays()
    windows: Windows = Windows()
    reading_confidence: Annotated[float, Meta(ge=0, le=1)] = 0.5
    social_intents: frozenset[str] = frozenset()
    courtesies: frozenset[str] = frozenset()
    touchpoints: dict[str, str] = {}

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()[:12]

    @cached_property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def opening(self) -> OpeningHours:
        weekly = {_WEEKDAYS.index(day): [_stretch(text) for text in stretches] for day, stretches in self.hours.items()}
        return OpeningHours(self.timezone, weekly, self.holidays.dates, self.holidays.country)

    def is_open(self, at: datetime) -> bool:
        """Whether a person answers at this moment."""
        return self.opening.is_open(at)

    def next_opening(self, at: datetime) -> datetime | None:
        """The next moment it opens, in the brand's zone; `at` itself when open, None when not within a year."""
        return self.opening.next_opening(at)

    def business_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds of opening time between two moments."""
        return self.opening.business_seconds(start, end)

    def is_courtesy(self, text: str) -> bool:
        """Whether a message is made of courtesies alone ("grazie mille!") and so asks nothing."""
        words = _WORD.findall(text.casefold())
        return bool(words) and self.courtesies.issuperset(words)

    def local(self, instant: Instant) -> datetime:
        """The instant on the brand's clock."""
        return to_datetime(instant).astimezone(self.timezone)


def parse(document: Any) -> Configuration:
    """The configuration a mapping (YAML or JSON) describes. Raises ConfigurationError naming what is wrong."""
    try:
        configuration = msgspec.convert(document, Configuration)
        _ = configuration.opening
    except msgspec.ValidationError as error:
        raise ConfigurationError(str(error)) from error
    except (ZoneInfoNotFoundError, ValueError, NotImplementedError) as error:
        raise ConfigurationError(f"zone, hours or holidays: {error}") from error
    return configuration


def parse_yaml(text: str) -> Configuration:
    """The configuration a YAML document describes."""
    try:
        return parse(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"not valid YAML: {error}") from error


@cache
def default() -> Configuration:
    """What a fresh home starts with (default.yaml)."""
    return parse_yaml(resources.files("touchpoints").joinpath("default.yaml").read_text(encoding="utf-8"))


def load(connection: Connection, version: str | None = None) -> Configuration:
    """The configuration in force (the last saved, else the default), or an earlier version by its name."""
    if version is None:
        query = select(table.c.document).join(saved_table, saved_table.c.version == table.c.version)
        query = query.order_by(saved_table.c.number.desc()).limit(1)
    else:
        query = select(table.c.document).where(table.c.version == version)
    document = connection.execute(query).scalar()
    if document is not None:
        return parse(msgspec.json.decode(document))
    if version not in (None, default().version):
        raise ConfigurationError(f"no configuration {version!r} was ever in force")
    return default()


def save(connection: Connection, configuration: Configuration, at: datetime, by: str | None = None) -> str:
    """Puts a configuration in force from now on and returns its version; saving one again makes it the latest.

    Reports, of past moments too, use the one in force now unless they name another by its version; the history tells
    which was in force when.
    """
    version, moment = configuration.version, from_datetime(at)
    if connection.execute(select(table.c.version).where(table.c.version == version)).first() is None:
        document = msgspec.json.encode(configuration, order="deterministic").decode()
        connection.execute(table.insert(), {"version": version, "saved_at": moment, "document": document})
    connection.execute(saved_table.insert(), {"version": version, "saved_at": moment, "saved_by": by})
    return version


def history(connection: Connection) -> list[Saved]:
    """Every time a configuration was put in force, the oldest first."""
    query = select(saved_table.c.version, saved_table.c.saved_at, saved_table.c.saved_by)
    return [Saved(*row) for row in connection.execute(query.order_by(saved_table.c.number))]


def _stretch(text: str) -> Stretch:
    found = _STRETCH.match(text)
    if not found:
        raise ValueError(f"{text!r} is no stretch of hours: write 09:00-18:00")
    opening = time(int(found[1]), int(found[2]))
    if found[3] == "24" and found[4] != "00":
        raise ValueError(f"{text!r} ends after midnight")
    closing = time(int(found[3]) % 24, int(found[4]))
    if closing != time() and closing <= opening:
        raise ValueError(f"{text!r} closes before it opens")
    return opening, closing
