"""What the record refuses, and how it says so.

RecordError
├── EventError          an event has a value it can't have; names the field
├── EventConflict       other content under a (conversation, seq) already stored; names both
├── ImportRefused       lines of a file were refused; names each line, nothing of the file is stored
├── ConfigurationError  a configuration has a value it can't have
└── QueryError          a report was asked for a field, period or moment that doesn't exist
"""

from __future__ import annotations

from collections.abc import Sequence


class RecordError(Exception):
    """Anything this package refuses."""


class EventError(RecordError):
    """An event has a value it can't have; `field` names it ("" when it is the event as a whole)."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.field = field
        self.why = why


class EventConflict(RecordError):
    """The same (conversation, seq) is already stored with other content."""

    def __init__(self, conversation_id: str, seq: int) -> None:
        super().__init__(f"conversation {conversation_id!r}, seq {seq}: already stored with other content")
        self.conversation_id = conversation_id
        self.seq = seq


class ImportRefused(RecordError):
    """Lines of a file were refused, so nothing of it was stored; `rejects` holds (line number, why)."""

    def __init__(self, rejects: Sequence[tuple[int, str]], total: int) -> None:
        lines = "\n".join(f"line {line}: {why}" for line, why in rejects)
        more = f"\n… and {total - len(rejects)} more" if total > len(rejects) else ""
        super().__init__(f"{total} line(s) refused, nothing was imported\n{lines}{more}")
        self.rejects = tuple(rejects)
        self.total = total


class ConfigurationError(RecordError):
    """A configuration has a value it can't have; the message names it."""


class QueryError(RecordError):
    """A report was asked for a field, period or moment that doesn't exist; `field` names the parameter."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
