"""Who the desk speaks for: name, languages, accent, notices. One TOML file in the home."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from desk import catalogue
from touchpoints.configuration import Configuration
from touchpoints.configuration import parse as parse_configuration
from touchpoints.errors import ConfigurationError

DEFAULT: Final = 'name = "Sportello"\nlanguages = ["it", "en"]\ntime_zone = "Europe/Rome"\naccent = "#1f5c4d"\n'


class BrandError(Exception):
    """The brand file can't be used; the message says where and why."""


@dataclass(frozen=True)
class Brand:
    """The brand in force. `texts` holds what the file says per language, for pages of that brand."""

    name: str
    languages: tuple[str, ...]
    zone: ZoneInfo
    accent: str
    texts: dict[str, dict[str, Any]]
    table: dict[str, Any]

    @property
    def on_accent(self) -> str:
        """Black or white, whichever reads better on the accent (WCAG relative luminance)."""
        channels = [int(self.accent[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"

    def text(self, language: str, key: str) -> str | None:
        """A text the brand has of its own, such as `privacy`, or None."""
        found = self.texts.get(language, {}).get(key)
        return found if isinstance(found, str) else None

    def notice(self, language: str) -> dict[str, str]:
        """What a customer reads before the first message: that this is a program, and how data is used."""
        own = self.texts.get(language, {}).get("notice", {})
        return {
            key: own.get(key) or catalogue.text(language, f"conversation.notice_{key}", brand=self.name)
            for key in ("automated", "privacy")
        }


def load(path: Path) -> Brand:
    """The brand a TOML file describes. Raises BrandError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrandError(f"{path}: {error}") from error
    return parse(table, str(path))


def parse(table: dict[str, Any], source: str) -> Brand:
    """The brand a table describes. Raises BrandError naming what is wrong in `source`."""
    name, languages = table.get("name"), table.get("languages", ["it", "en"])
    if not isinstance(name, str) or not name.strip():
        raise BrandError(f"{source}: `name` must be the brand's name")
    if not isinstance(languages, list) or not languages or any(one not in catalogue.languages() for one in languages):
        raise BrandError(f"{source}: `languages` must be some of {', '.join(catalogue.languages())}")
    try:
        zone = ZoneInfo(table.get("time_zone", "Europe/Rome"))
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise BrandError(f"{source}: `time_zone` is not a known time zone") from error
    accent = table.get("accent", "#1f5c4d")
    if not isinstance(accent, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise BrandError(f"{source}: `accent` must be a colour such as #1f5c4d")
    texts = {one: table[one] for one in languages if isinstance(table.get(one), dict)}
    return Brand(name, tuple(languages), zone, accent, texts, table)


def configuration(brand: Brand, base: Configuration) -> Configuration:
    """The record's configuration for this brand: the base with the brand's zone, hours and further reasons.

    Raises BrandError.
    """
    document = msgspec.to_builtins(base)
    document["zone"] = brand.zone.key
    document["hours"] = brand.table.get("hours", document["hours"])
    document["holidays"] = brand.table.get("holidays", document["holidays"])
    document["reasons"] = {**document["reasons"], **brand.table.get("reasons", {})}
    try:
        return parse_configuration(document)
    except ConfigurationError as error:
        raise BrandError(f"the brand's hours, holidays or reasons: {error}") from error
