"""Interactions as rows, for tables, exports and the API: what each is of, not how well anybody did."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from sqlalchemy import Connection, select

from touchpoints import period
from touchpoints.behind import behind
from touchpoints.columns.contacts import Contacts
from touchpoints.columns.frame import from_events
from touchpoints.columns.layout import NONE
from touchpoints.columns.table import Array
from touchpoints.configuration import Configuration
from touchpoints.dictionary import SCHEMA_VERSION, SURVEY_ITEMS
from touchpoints.erasure import shown_key
from touchpoints.errors import QueryError
from touchpoints.facts import Facts, decode, plain
from touchpoints.fields import Where
from touchpoints.instant import isoformat
from touchpoints.metrics import version
from touchpoints.population import Population
from touchpoints.schema import interaction, stale_conversation
from touchpoints.selection import Question, ask
from touchpoints.vocabulary import PHASE_OF_STAGE, SCOPE

Row = dict[str, Any]
_AT_ONCE: Final = 300
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
    "stated_wait_s",
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


class Counted(NamedTuple):
    """A number of a report whose contacts are wanted (behind.py)."""

    metric: str
    part: str = "n"
    value: str | None = None


class Page(NamedTuple):
    """Some rows, how many there are in all, and the cursor of the next page; None after the last."""

    rows: list[Row]
    total: int
    cursor: str | None


def interactions(
    connection: Connection,
    configuration: Configuration,
    period_from: period.Day | None = None,
    period_to: period.Day | None = None,
    as_of: period.Moment | None = None,
    where: Where | None = None,
    limit: int | None = None,
    offset: int = 0,
    counted: Counted | None = None,
    cursor: str | None = None,
) -> Page:
    """Interactions that started in the period, eligible or not, in order of their start; arguments as for `report`.

    With `counted` exactly those behind one number of that report. A page begins `offset` rows in, or after a `cursor`:
    that of the page before, which holds its place whatever arrives meanwhile. Raises QueryError for one that is none.
    """
    question = Question(period_from, period_to, as_of, where)
    population, places = _chosen(connection, configuration, question, counted)
    begin = offset if cursor is None else _after(population.contacts, places, cursor)
    part = places[begin : None if limit is None else begin + limit]
    more = begin + len(part) < len(places) and len(part)
    found = list(rows(connection, configuration, population.contacts, part))
    return Page(found, len(places), _cursor(population.contacts, int(part[-1])) if more else None)


def every_interaction(
    connection: Connection, configuration: Configuration, question: Question, counted: Counted | None = None
) -> Iterator[Row]:
    """The same a few hundred at a time, however many there are."""
    population, places = _chosen(connection, configuration, question, counted)
    yield from rows(connection, configuration, population.contacts, places)


def _chosen(
    connection: Connection, configuration: Configuration, question: Question, counted: Counted | None
) -> tuple[Population, Array]:
    population = ask(connection, configuration, question).population
    members = population.everybody if counted is None else behind(population, *counted)
    return population, by_start(population, members)


def by_start(population: Population, members: Array) -> Array:
    """The positions of members among the contacts, by start; the id decides between those of the same instant."""
    places = population.rows[members]
    table = population.contacts.view.table
    started, ordinal = table.numbers["started_at"][places], table.numbers["ordinal"][places]
    order = np.argsort(started, kind="stable")
    if np.any(np.diff(started[order]) == 0):
        keys = {"started": started, "id": table.ids.gather(places), "ordinal": ordinal, "row": np.arange(len(places))}
        order = pl.DataFrame(keys).sort(["started", "id", "ordinal"])["row"].to_numpy()
    found: Array = places[order]
    return found


def _cursor(contacts: Contacts, place: int) -> str:
    conversation_id, ordinal = contacts.key(place)
    key = f"{int(contacts.number('started_at')[place])} {ordinal} {conversation_id}"
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _after(contacts: Contacts, places: Array, cursor: str) -> int:
    """How many of the places come up to and including the cursor's."""
    try:
        started, ordinal, name = base64.urlsafe_b64decode(f"{cursor}==").decode().split(" ", 2)
        key = int(started), name, int(ordinal)
        begin = int(np.searchsorted(contacts.number("started_at")[places], key[0]))
    except (ValueError, OverflowError) as error:
        raise QueryError("cursor", "no cursor of a page before") from error
    while begin < len(places) and _key(contacts, int(places[begin])) <= key:
        begin += 1
    return begin


def _key(contacts: Contacts, place: int) -> tuple[int, str, int]:
    conversation_id, ordinal = contacts.key(place)
    return int(contacts.number("started_at")[place]), conversation_id, ordinal


def rows(
    connection: Connection, configuration: Configuration, contacts: Contacts, places: Sequence[int] | Array
) -> Iterator[Row]:
    """The rows of contacts, in the order of their positions, read a few hundred at a time."""
    for start in range(0, len(places), _AT_ONCE):
        part = [int(place) for place in places[start : start + _AT_ONCE]]
        found = _facts(connection, configuration, contacts, part)
        for place in part:
            yield row(found[contacts.key(place)], contacts, place, configuration)


def _facts(
    connection: Connection, configuration: Configuration, contacts: Contacts, places: Sequence[int]
) -> dict[tuple[str, int], Facts]:
    """Facts as of the contacts' moment: stored ones where they hold, else derived from the events until then."""
    keys = [contacts.key(place) for place in places]
    query = select(interaction.c.facts).where(
        # not by both columns of the key: SQLite looks pairs up in no index, and reads all there are
        interaction.c.conversation_id.in_({name for name, _ in keys}),
        interaction.c.events_until <= contacts.as_of,
        interaction.c.conversation_id.not_in(select(stale_conversation.c.conversation_id)),
    )
    stored = [] if contacts.derived_here else [decode(text) for text in connection.execute(query).scalars()]
    found = {(facts.conversation_id, facts.ordinal): facts for facts in stored}
    missing = sorted({name for name, ordinal in keys if (name, ordinal) not in found})
    fresh = from_events(connection, configuration, missing, contacts.as_of)
    return found | {(facts.conversation_id, facts.ordinal): facts for facts in fresh}


def row(facts: Facts, contacts: Contacts, place: int, configuration: Configuration) -> Row:
    """Every field of an interaction, instants in ISO 8601 UTC, durations in seconds."""
    timed = [stretch for stretch in facts.stretches if stretch.active_s is not None]
    final, demand = contacts.word("resolution_final", place), contacts.word("demand_type", place)
    resolved_at = int(contacts.outcomes.resolved_at[place])
    return {
        "id": facts.id,
        "schema_version": SCHEMA_VERSION,
        "scope": SCOPE,
        "issue_id": contacts.id_of(int(contacts.links.first[place])),
        "customer_key": shown_key(facts.customer_key),
        "entity_ref": shown_key(facts.entity_ref),
        "zone": configuration.zone,
        **{name: isoformat(getattr(facts, name)) for name in _INSTANTS},
        **{name: getattr(facts, name) for name in _PLAIN},
        "cause_certainty": _certainty(facts, demand),
        "encounter_mode": "interaction",
        "contact_relation": "direct",
        "output_kind": _output_kind(facts),
        "phase": PHASE_OF_STAGE[facts.journey_stage],
        "demand_type": demand,
        "holder": contacts.word("holder", place),
        "handoffs": len(facts.stretches),
        "handoff_requested_at": isoformat(next((s.requested_at for s in facts.stretches if s.requested_at), None)),
        "handoff_reason": next((stretch.why for stretch in facts.stretches if stretch.why), None),
        "queue_left_at": isoformat(next((s.left_at for s in reversed(facts.stretches) if s.left_at), None)),
        "agent_active_s": sum(stretch.active_s or 0 for stretch in timed) if timed else None,
        "wrap_s": sum(stretch.wrap_s or 0 for stretch in timed) if timed else None,
        "concurrency": max((s.concurrency for s in timed if s.concurrency is not None), default=None),
        "friction": int(contacts.friction[place]),
        "repeat": bool(contacts.repeat[place]),
        "resolution_initial": contacts.word("resolution_initial", place),
        "resolution_final": final,
        "resolved_at": None if resolved_at == NONE else isoformat(resolved_at),
        "revoked_by": contacts.id_of(int(contacts.follower[place])) if final == "revoked" else None,
        "maturity": contacts.word("maturity", place),
        "impression": contacts.word("impression", place),
        "impression_evidence": None if facts.survey.csat is None else "csat",
        **{name: getattr(facts.survey, name) for name in SURVEY_ITEMS},
        **{name: plain(getattr(facts, name)) for name in _LISTS},
        "config_version": configuration.version,
        "metric_version": version(configuration.windows),
    }


def _certainty(facts: Facts, demand: str) -> str:
    """What is said of a return is a hypothesis, even where nothing is said of its cause."""
    turned = demand != facts.demand_type
    return "hypothesis" if turned and facts.cause_certainty == "unknown" else facts.cause_certainty


def _output_kind(facts: Facts) -> list[str]:
    """What the customer met: the assistant's technology, and a person where one came."""
    met = {"technology": facts.first_bot_message_at is not None, "people": facts.taken}
    return [kind for kind, so in met.items() if so] or ["service"]
