"""The data dictionary of exported interactions: each field's kind and meaning, in the order of the columns."""

from __future__ import annotations

import csv
import io
from importlib import resources
from typing import Final, Literal, NamedTuple

import yaml

SCHEMA_VERSION: Final = 3
"""Raised when a field is added or changes its meaning. 2: output_kind; 3: stated_wait_s."""
SURVEY_ITEMS: Final = (
    "csat",
    "ces",
    "expectation_match",
    "felt_understood",
    "outcome_cognitive",
    "outcome_affective",
    "emotion",
    "comment",
)


class Field(NamedTuple):
    """A column of an export. A list is an array of texts or objects, as JSON where the format has no lists."""

    name: str
    kind: Literal["text", "integer", "number", "boolean", "moment", "list"]
    meaning: str


def _read() -> tuple[Field, ...]:
    listed = yaml.safe_load(resources.files("touchpoints").joinpath("dictionary.yaml").read_text(encoding="utf-8"))
    return tuple(Field(name, kind, meaning) for name, (kind, meaning) in listed.items())


DICTIONARY: Final = _read()
COLUMNS: Final = tuple(field.name for field in DICTIONARY)


def dictionary_csv() -> str:
    """The dictionary as a table: field, kind, meaning."""
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\r\n")
    table.writerow(Field._fields)
    table.writerows(DICTIONARY)
    return buffer.getvalue()
