"""Interface texts by language, from desk/locale/<language>.toml. A new language is a new file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "locale"
DEFAULT: Final = "en"


@cache
def languages() -> tuple[str, ...]:
    """Languages that have a catalogue, in order of their code."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def _texts(language: str) -> dict[str, str]:
    return dict(_flat("", tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))))


def _flat(prefix: str, table: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield prefix + key, value


def keys(language: str) -> set[str]:
    return set(_texts(language))


def pick(*wanted: str | None) -> str:
    """The first of these that has a catalogue (`it-IT` counts as `it`), else the default."""
    for one in wanted:
        if one and one[:2].lower() in languages():
            return one[:2].lower()
    return DEFAULT


def text(language: str, key: str, /, **values: object) -> str:
    """The text under a key such as `conversation.apology`, with {names} filled in. Raises KeyError."""
    found = _texts(pick(language))[key]
    return found.format(**values) if values else found
