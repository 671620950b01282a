"""Orders: how many there were and whose, so that contacts have a denominator and silence can be counted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, func, select, update

from touchpoints.configuration import Configuration
from touchpoints.cx.errors import ObservationError
from touchpoints.cx.schema import customer_order as table
from touchpoints.cx.spreadsheet import open_sheet
from touchpoints.errors import ImportRefused
from touchpoints.instant import Instant, from_datetime
from touchpoints.period import Span

FIELDS: Final = ("customer_key", "order_ref", "at")
ERASED: Final = "erased-"
AT_ONCE: Final = 400
REJECTS_NAMED: Final = 1000
_ITALIAN: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


@dataclass
class Imported:
    rows: int = 0
    new: int = 0

    @property
    def known(self) -> int:
        return self.rows - self.new


def import_csv(connection: Connection, source: BinaryIO, configuration: Configuration) -> Imported:
    """Takes in a CSV of orders. Raises ImportRefused naming every refused line: nothing may be committed then."""
    sheet = open_sheet(source, FIELDS, FIELDS)
    return _take(connection, sheet.rows, configuration)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], configuration: Configuration) -> Imported:
    """Takes in orders as mappings; the first is "line" 1 in ImportRefused."""
    return _take(connection, enumerate(rows, 1), configuration)


def count(connection: Connection, span: Span, as_of: Instant) -> int:
    """Orders placed in the span and by the moment."""
    placed = table.c.at.between(span.start, min(span.end - 1, as_of))
    return connection.execute(select(func.count()).select_from(table).where(placed)).scalar_one()


def customers(connection: Connection, span: Span, as_of: Instant) -> list[str]:
    """The keys of those who ordered in the span and by the moment, each once; erased ones aren't known any more."""
    placed = table.c.at.between(span.start, min(span.end - 1, as_of))
    keys = select(table.c.customer_key).where(placed, table.c.customer_key.not_like(f"{ERASED}%"))
    return list(connection.execute(keys.distinct()).scalars())


def first(connection: Connection) -> Instant | None:
    """The moment of the first order; None while none was imported."""
    return connection.execute(select(func.min(table.c.at))).scalar()


def erase(connection: Connection, customer_key: str) -> int:
    """Takes the person out of their orders, which stay as counts; returns how many there were."""
    references = list(
        connection.execute(select(table.c.order_ref).where(table.c.customer_key == customer_key)).scalars()
    )
    token = ERASED + secrets.token_hex(8)
    for reference in references:
        values = {"customer_key": token, "order_ref": ERASED + secrets.token_hex(8)}
        connection.execute(update(table).where(table.c.order_ref == reference).values(**values))
    return len(references)


def _take(
    connection: Connection, rows: Iterable[tuple[int, Mapping[str, Any] | str]], configuration: Configuration
) -> Imported:
    done, rejects, refused = Imported(), [], 0
    batch: dict[str, tuple[int, dict[str, Any]]] = {}
    known_in_file: dict[str, tuple[int, str, Instant]] = {}

    def store() -> None:
        nonlocal refused
        for line, why in _store(connection, batch, done):
            refused += 1
            rejects.append((line, why))
        batch.clear()

    for line, row in rows:
        try:
            found = _order(row, configuration)
            said = (line, found["customer_key"], found["at"])
            earlier = known_in_file.setdefault(found["order_ref"], said)
            if earlier[1:] != said[1:]:
                raise ObservationError("order_ref", f"says something else than line {earlier[0]}")
        except ObservationError as error:
            refused += 1
            rejects.append((line, str(error)))
            continue
        done.rows += 1
        if earlier is said:
            batch[found["order_ref"]] = (line, found)
        if len(batch) >= AT_ONCE:
            store()
    store()
    if refused:
        raise ImportRefused(sorted(rejects)[:REJECTS_NAMED], refused)
    return done


def _store(
    connection: Connection, batch: Mapping[str, tuple[int, dict[str, Any]]], done: Imported
) -> list[tuple[int, str]]:
    """Stores what is new; names the lines whose order is on record with another customer or moment."""
    query = select(table).where(table.c.order_ref.in_(list(batch)))
    stored = {row.order_ref: row for row in connection.execute(query)} if batch else {}
    fresh = [order for reference, (_, order) in batch.items() if reference not in stored]
    if fresh:
        connection.execute(table.insert(), fresh)
    done.new += len(fresh)
    return [
        (line, f"order_ref: {reference!r} is on record with another customer or moment")
        for reference, (line, order) in batch.items()
        if reference in stored
        and (stored[reference].customer_key, stored[reference].at) != (order["customer_key"], order["at"])
    ]


def _order(row: Mapping[str, Any] | str, configuration: Configuration) -> dict[str, Any]:
    if isinstance(row, str):
        raise ObservationError("", row)
    for name in FIELDS:
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ObservationError(name, "missing")
        if len(row[name]) > 200:
            raise ObservationError(name, "longer than 200 characters")
    if strange := [name for name in row if name not in FIELDS]:
        raise ObservationError(str(strange[0])[:60], "unknown field")
    return {"order_ref": row["order_ref"], "customer_key": row["customer_key"], "at": _moment(row["at"], configuration)}


def _moment(text: str, configuration: Configuration) -> Instant:
    """A moment; one without an offset is on the brand's clock."""
    try:
        if found := _ITALIAN.match(text.strip()):
            hour, minute, second = (int(part or 0) for part in found.groups()[3:])
            moment = datetime(int(found[3]), int(found[2]), int(found[1]), hour, minute, second)
        else:
            moment = datetime.fromisoformat(text.strip())
        return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=configuration.timezone))
    except (ValueError, OverflowError) as error:
        raise ObservationError("at", f"{text[:40]!r} is no moment; write 2026-03-02T10:00+01:00") from error
