"""Interactions as CSV, JSON lines or Parquet; every format has the columns of dictionary.py, rows or none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

import polars as pl

from touchpoints.dictionary import COLUMNS, DICTIONARY

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_AT_ONCE: Final = 20_000
_KINDS: Final[dict[str, Any]] = {
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "moment": pl.Datetime("us", "UTC"),
    "list": pl.String,
}
_PARQUET: Final = {field.name: _KINDS[field.kind] for field in DICTIONARY}
_MOMENTS: Final = tuple(field.name for field in DICTIONARY if field.kind == "moment")
_LISTS: Final = tuple(field.name for field in DICTIONARY if field.kind == "list")


def csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A heading and a line a row, lists as JSON; an apostrophe keeps a spreadsheet from running a text as a formula."""
    yield _csv_line(COLUMNS)
    for found in rows:
        yield _csv_line([_csv_value(found[name]) for name in COLUMNS])


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One JSON object a line."""
    for found in rows:
        yield json.dumps({name: found[name] for name in COLUMNS}, ensure_ascii=False) + "\n"


def write_parquet(rows: Iterable[dict[str, Any]], target: BinaryIO) -> None:
    """One Parquet file; lists are texts of JSON, since their items are of several shapes."""
    remaining = iter(rows)
    parts = [pl.DataFrame(schema=_PARQUET)]
    while part := [_parquet_row(found) for found in islice(remaining, _AT_ONCE)]:
        parts.append(pl.DataFrame(part, schema=_PARQUET, orient="row"))
    pl.concat(parts).write_parquet(target)


def _parquet_row(found: dict[str, Any]) -> tuple[Any, ...]:
    changed: dict[str, Any] = {}
    changed |= {name: datetime.fromisoformat(found[name]) for name in _MOMENTS if found[name] is not None}
    changed |= {name: json.dumps(found[name], ensure_ascii=False) for name in _LISTS}
    return tuple(changed.get(name, found[name]) for name in COLUMNS)


def _csv_value(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return "'" + value
    return value


def _csv_line(values: Iterable[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
