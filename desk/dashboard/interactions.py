"""From a number to the contacts it counts, and from one of them to what was said in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from babel.dates import format_datetime, format_time
from sqlalchemy import Connection

from desk import clock, labels
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.imported import metric_name
from desk.errors import NotFound
from desk.redaction import redact
from desk.store import accounts, transcripts
from desk.store.transcripts import Line
from touchpoints.configuration import Configuration
from touchpoints.display import FEWEST
from touchpoints.instant import from_datetime
from touchpoints.metrics import METRICS
from touchpoints.rows import Counted, Row, rows
from touchpoints.selection import Question, ask

AT_ONCE: Final = 50
FACTS: Final = (
    "contact_reason", "journey_stage", "cause_area", "demand_type", "promise_effect", "resolution_final", "maturity",
    "channel", "language", "segment", "handoffs", "friction", "user_turns", "reformulations", "fallbacks", "csat",
    "ces",
)  # fmt: skip
_KINDS: Final = {
    "contact_reason": "reason",
    "journey_stage": "stage",
    "cause_area": "area",
    "demand_type": "demand",
    "resolution_final": "final",
    "maturity": "maturity",
    "promise_effect": "effect",
}


@dataclass(frozen=True)
class Counting:
    """Which number's contacts are asked for, from the address."""

    metric: str | None
    part: str
    value: str | None
    offset: int

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Counting:
        offset = options.get("offset", "0")
        place = int(offset) if offset.isdecimal() and len(offset) < 9 else 0
        return cls(options.get("metric") or None, options.get("part") or "n", options.get("value") or None, place)

    @property
    def counted(self) -> Counted | None:
        return Counted(self.metric, self.part, self.value) if self.metric else None


def listed(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    """A page of the contacts behind a number. Raises QueryError for a number there isn't."""
    asked = Counting.of(options)
    found = evidence.contacts(asked.counted, AT_ONCE, asked.offset)
    name = (asked.metric or "contacts").partition(".")[0]
    metric = METRICS.get(name)
    return {
        "about": None,
        "name": metric_name(name, reader.language) if asked.metric else reader.t("every_contact"),
        "definition": getattr(metric.definition, reader.language, metric.definition.en)
        if metric and asked.metric
        else "",
        "part": reader.t(f"part.{asked.part}") if asked.part in ("numerator", "denominator") else None,
        "total": reader.number(found.total),
        "few": 0 < found.total < FEWEST,
        "rows": [] if 0 < found.total < FEWEST else [_row(one, evidence.configuration, reader) for one in found.rows],
        "first": reader.number(asked.offset + 1),
        "last": reader.number(asked.offset + len(found.rows)),
        "previous": asked.offset - AT_ONCE if asked.offset >= AT_ONCE else None,
        "next": asked.offset + AT_ONCE if asked.offset + len(found.rows) < found.total else None,
        "asked": {"metric": asked.metric, "part": asked.part, "value": asked.value},
        "conditions": [(field, _said(field, value, reader)) for field, value in evidence.filter.further],
        "pictures": {},
    }


def _row(one: Row, configuration: Configuration, reader: Reader) -> dict[str, Any]:
    return {
        "id": one["id"],
        "when": _moment(one["started_at"], configuration, reader),
        "eligible": one["eligible"],
        **{
            name: _said(name, one[name], reader)
            for name in ("contact_reason", "resolution_final", "cause_area", "channel")
        },
        "handoffs": reader.number(one["handoffs"]),
        "friction": reader.number(one["friction"]),
    }


def _said(field: str, value: Any, reader: Reader) -> str:
    """A field's value in words."""
    if value is None or value == "unknown":
        return labels.label(reader.language, "area", "unknown") if field == "cause_area" else reader.t("not_known")
    if isinstance(value, int | float):
        return reader.number(value)
    kind = _KINDS.get(field)
    if kind in ("final", "maturity", "effect"):
        return reader.t(f"{kind}.{value}")
    return labels.label(reader.language, kind, str(value)) if kind else str(value)


def _moment(instant: str | None, configuration: Configuration, reader: Reader) -> str:
    if instant is None:
        return reader.t("not_known")
    at = datetime.fromisoformat(instant).astimezone(configuration.timezone)
    return format_datetime(at, "d MMM y, HH:mm", locale=reader.language)


def find(connection: Connection, configuration: Configuration, name: str) -> Row:
    """One interaction by its id, as of now. Raises NotFound."""
    conversation, _, ordinal = name.rpartition(".")
    wanted = (conversation, int(ordinal)) if conversation and ordinal.isdecimal() and len(ordinal) < 6 else (name, 1)
    contacts = ask(connection, configuration, Question()).population.contacts
    for key in (wanted, (name, 1)):
        same = (contacts.view.table.ids == key[0]).to_numpy() & (contacts.number("ordinal") == key[1])
        places = np.flatnonzero(same & contacts.present)
        if len(places):
            return next(rows(connection, configuration, contacts, places[:1]))
    raise NotFound("no such interaction")


def one(connection: Connection, configuration: Configuration, name: str, full: bool, reader: Reader) -> dict[str, Any]:
    """What is known of one interaction, and what was said; without the right to read it all, redacted."""
    found = find(connection, configuration, name)
    start = from_datetime(datetime.fromisoformat(found["started_at"]))
    lines = transcripts.transcript(connection, found["conversation_id"], start, _end(connection, configuration, found))
    names = accounts.names(connection)
    spoken = found["language"] or reader.language
    hidden = tuple(names.values())

    def words(line: Line) -> str | None:
        if line.who == "event":
            return reader.t(f"happened.{line.text}")
        if line.text is None:
            return None
        return line.text if full else redact(line.text, spoken, hidden)

    return {
        "id": found["id"],
        "conversation": found["conversation_id"],
        "full": full,
        "lang": spoken,
        "when": _moment(found["started_at"], configuration, reader),
        "reason": _said("contact_reason", found["contact_reason"], reader),
        "facts": [(reader.t(f"field.{field}"), _said(field, found[field], reader)) for field in FACTS],
        "tags": found["tags"],
        "revoked_by": found["revoked_by"],
        "issue": found["issue_id"] if found["issue_id"] != found["id"] else None,
        "comment": redact(found["comment"], spoken, hidden) if found["comment"] and not full else found["comment"],
        "lines": [
            {"who": line.who, "said": words(line), "at": _time(line.at, configuration, reader)} for line in lines
        ],
    }


def _end(connection: Connection, configuration: Configuration, found: Row) -> int | None:
    """Where the conversation's next interaction begins; None when this is its latest."""
    _, _, ordinal = found["id"].rpartition(".")
    following = 2 if found["id"] == found["conversation_id"] else int(ordinal) + 1
    try:
        after = find(connection, configuration, f"{found['conversation_id']}.{following}")
    except NotFound:
        return None
    begins = from_datetime(datetime.fromisoformat(after["started_at"]))
    return begins if after["conversation_id"] == found["conversation_id"] and after["id"] != found["id"] else None


def _time(at: int, configuration: Configuration, reader: Reader) -> str:
    return format_time(clock.moment(at).astimezone(configuration.timezone), "HH:mm:ss", locale=reader.language)
