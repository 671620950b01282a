"""Import of histories: events as JSON lines, of any length, all of a file or nothing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import msgspec
from sqlalchemy import Connection, func, select

from touchpoints.append import Row, row, store_rows
from touchpoints.errors import EventError, ImportRefused
from touchpoints.instant import SECOND
from touchpoints.parsing import parse, unknown_attributes
from touchpoints.schema import event

CLOCK_SKEW_S: Final = 60
"""How far the clock may run back from one event of a conversation to the next."""
_AT_ONCE: Final = 2000
_CONVERSATIONS_AT_ONCE: Final = 500
_LONGEST_LINE: Final = 1_000_000
_REJECTS_NAMED: Final = 100
_NAMES_KEPT: Final = 1000
_NAME_SHOWN: Final = 60
_BOM: Final = b"\xef\xbb\xbf"


@dataclass
class Imported:
    """What an import did. `ignored` counts the attributes no event type has, which were not stored."""

    lines: int = 0
    stored: int = 0
    ignored: Counter[str] = field(default_factory=Counter)

    @property
    def known(self) -> int:
        """Events that were stored before."""
        return self.lines - self.stored


def import_events(
    connection: Connection, source: BinaryIO, progress: Callable[[int], None] = lambda lines: None
) -> Imported:
    """Stores the events of a JSON-lines file; tells `progress` how many lines have been read after each batch.

    Raises ImportRefused naming the refused lines: the caller's transaction must not be committed then.
    """
    return _Import(connection).run(source, progress)


class _Import:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._imported = Imported()
        self._rejects: list[tuple[int, str]] = []
        self._rejected = 0

    def run(self, source: BinaryIO, progress: Callable[[int], None]) -> Imported:
        batch: dict[int, Row] = {}
        number = 0
        for number, line in _lines(source):
            if (found := self._parse(number, line)) is not None:
                batch[number] = found
            if len(batch) >= _AT_ONCE:
                self._store(batch)
                batch = {}
                progress(number)
        self._store(batch)
        progress(number)
        if self._rejected:
            raise ImportRefused(sorted(self._rejects), self._rejected)
        return self._imported

    def _parse(self, number: int, line: bytes | None) -> Row | None:
        if line is None:
            self._reject(number, f"longer than {_LONGEST_LINE:,} bytes")
            return None
        if not line.strip():
            return None
        try:
            raw = msgspec.json.decode(line)
            parsed = row(parse(raw, strict=False))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._reject(number, f"not JSON: {error}")
        except EventError as error:
            self._reject(number, str(error))
        else:
            self._imported.lines += 1
            self._ignored(raw)
            return parsed
        return None

    def _ignored(self, raw: dict[str, Any]) -> None:
        ignored = self._imported.ignored
        for name in unknown_attributes(raw):
            known = f"{raw['type']}.{name[:_NAME_SHOWN]}"
            ignored[known if known in ignored or len(ignored) < _NAMES_KEPT else "others"] += 1

    def _store(self, batch: dict[int, Row]) -> None:
        if not batch:
            return
        stored, conflicts = store_rows(self._connection, list(batch.values()))
        self._imported.stored += stored
        lines = {id(row): number for number, row in batch.items()}
        for conflict in conflicts:
            self._reject(lines[id(conflict)], "seq: already stored with other content")
        self._refuse_time_running_back({(row["conversation_id"], row["seq"]): number for number, row in batch.items()})

    def _refuse_time_running_back(self, lines: dict[tuple[str, int], int]) -> None:
        names = sorted({name for name, _ in lines})
        for start in range(0, len(names), _CONVERSATIONS_AT_ONCE):
            part = names[start : start + _CONVERSATIONS_AT_ONCE]
            for name, seq, before in self._connection.execute(_running_back(part)):
                number = lines.get((name, seq)) or lines.get((name, before))
                if number is not None:
                    why = f"at: seq {seq} is over {CLOCK_SKEW_S} s earlier than seq {before} before it"
                    self._reject(number, why)

    def _reject(self, number: int, why: str) -> None:
        self._rejected += 1
        if len(self._rejects) < _REJECTS_NAMED:
            self._rejects.append((number, why))


def _running_back(conversations: list[str]) -> Any:
    """Query of (conversation, seq, the seq before) where time runs back by more than clocks differ."""
    neighbours = (
        select(
            event.c.conversation_id,
            event.c.seq,
            event.c.at,
            func.lag(event.c.seq).over(partition_by=event.c.conversation_id, order_by=event.c.seq).label("seq_before"),
            func.lag(event.c.at).over(partition_by=event.c.conversation_id, order_by=event.c.seq).label("at_before"),
        )
        .where(event.c.conversation_id.in_(conversations))
        .subquery()
    )
    late = neighbours.c.at < neighbours.c.at_before - CLOCK_SKEW_S * SECOND
    return select(neighbours.c.conversation_id, neighbours.c.seq, neighbours.c.seq_before).where(late)


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None for one too long to hold in memory."""
    number = 0
    while line := source.readline(_LONGEST_LINE + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) <= _LONGEST_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while rest := source.readline(_LONGEST_LINE + 1):
            if rest.endswith(b"\n"):
                break
        yield number, None
