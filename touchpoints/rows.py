"""Interactions as rows, for tables, CSV and the API: what each is of, not how well anybody did."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from touchpoints import period, records
from touchpoints.configuration import Configuration
from touchpoints.erasure import shown_key
from touchpoints.facts import plain
from touchpoints.fields import Where, matcher
from touchpoints.instant import isoformat
from touchpoints.metrics import version
from touchpoints.record import Record
from touchpoints.vocabulary import PHASE_OF_STAGE, SCOPE

Row = dict[str, Any]
SCHEMA_VERSION: Final = 1
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PLAIN: Final = (
    "conversation_id",
    "key_strength",
    "touchpoint_type",
    "channel",
    "entry_page",
    "environment",
    "language",
    "contact_reason",
    "reason_source",
    "reason_confidence",
    "journey_stage",
    "stage_source",
    "service_kind",
    "segment",
    "customer_lifecycle",
    "cause_area",
    "cause_stage",
    "cause_certainty",
    "irritant_quadrant",
    "promise_id",
    "promise_effect",
    "used_context",
    "after_hours_start",
    "wait_wall_s",
    "wait_business_s",
    "user_turns",
    "reformulations",
    "fallbacks",
    "reentered_fields",
    "repeated_questions",
    "channel_switches",
    "alternatives_offered",
    "bureaucracy_steps",
    "resolution_answer",
    "commitment_met",
    "eligible",
    "exclusion_reason",
)
_INSTANTS: Final = (
    "started_at",
    "last_event_at",
    "closed_at",
    "first_bot_message_at",
    "first_substantive_at",
    "last_substantive_at",
    "agent_first_at",
    "resolution_asked_at",
    "commitment_due",
)
_LISTS: Final = ("citations", "stretches", "tags", "corrections", "survey_offered")
_SURVEY: Final = (
    "csat",
    "ces",
    "expectation_match",
    "felt_understood",
    "outcome_cognitive",
    "outcome_affective",
    "emotion",
    "comment",
)


class Page(NamedTuple):
    """Some rows, and how many there are in all."""

    rows: list[Row]
    total: int


def interactions(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None = None,
    period_to: period.Day | None = None,
    as_of: period.Moment | None = None,
    where: Where | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page:
    """Interactions that started in the period, eligible or not, in order of their start; arguments as for `report`."""
    moment = period.moment(datetime.now(UTC) if as_of is None else as_of, configuration)
    span, _ = records.days(connection, configuration, period_from, period_to, moment)
    matches = matcher(where, configuration)
    found = [record for record in records.load(connection, configuration, span, moment) if matches(record)]
    part = found[offset : None if limit is None else offset + limit]
    return Page([row(record, configuration) for record in part], len(found))


def row(record: Record, configuration: Configuration) -> Row:
    """Every field of an interaction, instants in ISO 8601 UTC, durations in seconds."""
    facts = record.facts
    timed = [stretch for stretch in facts.stretches if stretch.active_s is not None]
    return {
        "id": facts.id,
        "schema_version": SCHEMA_VERSION,
        "scope": SCOPE,
        "issue_id": record.issue.first.facts.id if record.issue else None,
        "customer_key": shown_key(facts.customer_key),
        "entity_ref": shown_key(facts.entity_ref),
        "zone": configuration.zone,
        **{name: isoformat(getattr(facts, name)) for name in _INSTANTS},
        **{name: getattr(facts, name) for name in _PLAIN},
        "encounter_mode": "interaction",
        "contact_relation": "direct",
        "phase": PHASE_OF_STAGE[facts.journey_stage],
        "demand_type": record.demand,
        "holder": record.holder,
        "handoffs": len(facts.stretches),
        "handoff_requested_at": isoformat(next((s.requested_at for s in facts.stretches if s.requested_at), None)),
        "handoff_reason": next((stretch.why for stretch in facts.stretches if stretch.why), None),
        "queue_left_at": isoformat(next((s.left_at for s in reversed(facts.stretches) if s.left_at), None)),
        "agent_active_s": sum(stretch.active_s or 0 for stretch in timed) if timed else None,
        "wrap_s": sum(stretch.wrap_s or 0 for stretch in timed) if timed else None,
        "concurrency": max((s.concurrency for s in timed if s.concurrency is not None), default=None),
        "friction": record.friction,
        "repeat": record.repeat,
        "resolution_initial": record.initial,
        "resolution_final": record.final,
        "resolved_at": isoformat(record.resolved_at),
        "revoked_by": record.follower.facts.id if record.revoked and record.follower else None,
        "maturity": "mature" if record.mature else "provisional",
        "impression": record.impression,
        "impression_evidence": None if facts.survey.csat is None else "csat",
        **{name: getattr(facts.survey, name) for name in _SURVEY},
        **{name: plain(getattr(facts, name)) for name in _LISTS},
        "config_version": configuration.version,
        "metric_version": version(configuration.windows),
    }


def csv_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Rows as CSV with a heading, lists as JSON; an apostrophe keeps a spreadsheet from running a text as a formula."""
    if not rows:
        return
    yield _csv_line(list(rows[0]))
    for found in rows:
        yield _csv_line([_csv_value(value) for value in found.values()])


def _csv_value(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)):
        return "'" + value
    return value


def _csv_line(values: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
