"""Observations on record: taken in from CSV or JSON, all of them or none, and never overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Final, cast

import msgspec
from sqlalchemy import Connection, and_, bindparam, func, select, update

from touchpoints.cx import ledger, numerals
from touchpoints.cx.errors import ObservationError
from touchpoints.cx.observation import FIELDS, REQUIRED, Observation, check_against, parse
from touchpoints.cx.schema import observation as table
from touchpoints.cx.spreadsheet import open_sheet
from touchpoints.errors import ImportRefused
from touchpoints.instant import from_datetime, isoformat

AT_ONCE: Final = 400
REJECTS_NAMED: Final = 1000
_WHOLE: Final = ("n", "numerator", "denominator", "promoters", "passives", "detractors")
_DECIMAL: Final = ("value", "sd")
_DAY: Final = ("period_start", "period_end")


@dataclass
class Imported:
    """What an import did. `unattached` counts rows by the promise they name that nobody has written down."""

    rows: int = 0
    new: int = 0
    revised: int = 0
    unattached: Counter[str] = field(default_factory=Counter)

    @property
    def unchanged(self) -> int:
        return self.rows - self.new - self.revised


def import_csv(connection: Connection, source: BinaryIO, at: datetime, by: str) -> Imported:
    """Takes in a CSV file. Raises ImportRefused naming every refused line: nothing may be committed then."""
    sheet = open_sheet(source, FIELDS, REQUIRED)
    return _take(connection, ((line, _read(row, sheet.italian)) for line, row in sheet.rows), at, by)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], at: datetime, by: str) -> Imported:
    """Takes in observations as mappings; the first is "line" 1 in ImportRefused."""
    return _take(connection, ((number, dict(row)) for number, row in enumerate(rows, 1)), at, by)


def current(connection: Connection, until: date, metric_id: str | None = None) -> list[Observation]:
    """The observations in force whose period had ended by a day, in order of their period's end. One query.

    `metric_id` keeps those of one metric.
    """
    query = (
        select(table.c.document)
        .where(table.c.period_end <= until.isoformat(), table.c.current)
        .order_by(table.c.period_end, table.c.period_start, table.c.key)
    )
    if metric_id is not None:
        query = query.where(table.c.metric_id == metric_id)
    return [msgspec.json.decode(document, type=Observation) for document in connection.execute(query).scalars()]


def heard_of(connection: Connection, metric_id: str) -> bool:
    """Whether any observation in force, of whatever period, is of a metric."""
    query = select(table.c.key).where(table.c.metric_id == metric_id, table.c.current).limit(1)
    return connection.execute(query).first() is not None


def page(connection: Connection, limit: int, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Some of the observations in force, the latest period first, with who recorded them; and how many there are."""
    total = connection.execute(select(func.count()).select_from(table).where(table.c.current)).scalar_one()
    query = select(table).where(table.c.current).order_by(table.c.period_end.desc(), table.c.key)
    return [_shown(row) for row in connection.execute(query.limit(limit).offset(offset))], total


def history(connection: Connection, key: str) -> list[dict[str, Any]]:
    """Every revision of an observation, the earliest first."""
    query = select(table).where(table.c.key == key).order_by(table.c.revision)
    return [_shown(row) for row in connection.execute(query)]


def _shown(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "revision": row.revision,
        "current": row.current,
        "recorded_at": isoformat(row.recorded_at),
        "recorded_by": row.recorded_by,
        **msgspec.json.decode(row.document),
    }


def _read(row: dict[str, str] | str, italian: bool) -> dict[str, Any] | str:
    """A row of text with its numbers and days read; or the reason why it can't be."""
    if isinstance(row, str):
        return row
    readers = {
        **dict.fromkeys(_WHOLE, numerals.whole),
        **dict.fromkeys(_DECIMAL, numerals.decimal),
        **dict.fromkeys(_DAY, numerals.day),
        "response_rate": numerals.share,
    }
    found: dict[str, Any] = {}
    for name, text in row.items():
        if text:
            try:
                found[name] = readers[name](text, italian=italian) if name in readers else text
            except ValueError as error:
                return f"{name}: {error}"
    return found


def _take(connection: Connection, rows: Iterable[tuple[int, dict[str, Any] | str]], at: datetime, by: str) -> Imported:
    book, done = ledger.book(connection, at.date()), Imported()
    lines: dict[str, tuple[int, str]] = {}
    rejects: list[tuple[int, str]] = []
    refused = 0
    batch: dict[str, Observation] = {}
    for line, row in rows:
        try:
            found = _valid(row, book)
            if (other := _repeated(found, line, lines)) is not None:
                done.rows += other
                continue
        except ObservationError as error:
            refused += 1
            rejects += [(line, str(error))] if refused <= REJECTS_NAMED else []
            continue
        done.rows += 1
        if found.promise_id and found.promise_id not in book.promises:
            done.unattached[found.promise_id] += 1
        batch[found.key] = found
        if len(batch) >= AT_ONCE:
            _store(connection, batch, done, at, by)
            batch = {}
    if refused:
        raise ImportRefused(rejects, refused)
    _store(connection, batch, done, at, by)
    return done


def _valid(row: dict[str, Any] | str, book: ledger.Book) -> Observation:
    if isinstance(row, str):
        field_name, colon, why = row.partition(": ")
        raise ObservationError(field_name if colon else "", why if colon else row)
    found = parse(row)
    check_against(found, book.promises, book.touchpoints)
    return found


def _repeated(found: Observation, line: int, lines: dict[str, tuple[int, str]]) -> int | None:
    """None for what the file says first; 1 for the same again. Raises ObservationError for something else."""
    document = _document(found)
    earlier = lines.setdefault(found.key, (line, document))
    if earlier[0] == line:
        return None
    if earlier[1] != document:
        raise ObservationError("", f"says of the same thing something else than line {earlier[0]}")
    return 1


def _document(found: Observation) -> str:
    return msgspec.json.encode(found, order="deterministic").decode()


def _store(connection: Connection, batch: Mapping[str, Observation], done: Imported, at: datetime, by: str) -> None:
    query = select(table.c.key, table.c.revision, table.c.document)
    query = query.where(table.c.key.in_(list(batch)), table.c.current)
    known = {row.key: row for row in connection.execute(query)} if batch else {}
    rows = list(_changed(batch, known, at, by))
    revised = [{"of_key": row["key"], "of_revision": row["revision"] - 1} for row in rows if row["revision"] > 1]
    if revised:
        connection.execute(_RETIRE, revised)
    if rows:
        connection.execute(table.insert(), rows)
    done.revised += len(revised)
    done.new += len(rows) - len(revised)


_RETIRE: Final = (
    update(table)
    .where(and_(table.c.key == bindparam("of_key"), table.c.revision == bindparam("of_revision")))
    .values(current=False)
)


def _changed(
    batch: Mapping[str, Observation], known: Mapping[str, Any], at: datetime, by: str
) -> Iterator[dict[str, Any]]:
    for key, found in batch.items():
        document = _document(found)
        earlier = known.get(key)
        if earlier is None or earlier.document != document:
            yield {
                "key": key,
                "revision": 1 if earlier is None else cast(int, earlier.revision) + 1,
                "current": True,
                "metric_id": found.metric_id,
                "period_start": found.period_start.isoformat(),
                "period_end": found.period_end.isoformat(),
                "recorded_at": from_datetime(at),
                "recorded_by": by,
                "document": document,
            }
