"""What the values of closed and configured lists are called in a language; an unnamed one stands for itself."""

from __future__ import annotations

from collections.abc import Iterable

from desk import catalogue


def label(language: str, kind: str, value: str | None) -> str:
    """The name of one value, such as ("area", "delivery")."""
    if not value:
        return catalogue.text(language, "labels.unknown")
    key = f"labels.{kind}.{value}"
    return catalogue.text(language, key) if key in catalogue.keys(language) else value


def options(language: str, kind: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Values with their names, as a list to choose from: named ones first, both in order of the alphabet."""
    named = [(value, label(language, kind, value)) for value in values]
    return sorted(named, key=lambda one: (one[0] == one[1], one[1].casefold()))


def texts(language: str, *tables: str) -> dict[str, str]:
    """Everything the catalogue says in these tables, for a page's script."""
    prefixes = tuple(f"{table}." for table in tables)
    return {key: catalogue.text(language, key) for key in sorted(catalogue.keys(language)) if key.startswith(prefixes)}
