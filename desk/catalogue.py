"""Interface texts by language, from desk/locale/<language>/*.toml, a file a subject. A new language is a new folder."""

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
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


@cache
def _texts(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        found = dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))
        if twice := texts.keys() & found.keys():
            raise ValueError(f"{path.name} repeats {', '.join(sorted(twice))}")
        texts |= found
    return texts


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
