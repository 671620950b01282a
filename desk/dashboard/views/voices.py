"""Voices: customers' words behind a number, drawn at random and redacted; none where fewer than five spoke."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from desk import labels
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.imported import metric_name
from desk.redaction import redact
from desk.store import accounts, transcripts
from touchpoints.behind import behind
from touchpoints.display import FEWEST
from touchpoints.rows import rows
from touchpoints.selection import Question, ask

BEHIND: Final = {
    "contacts": ("contacts", "n"),
    "failure_demand": ("failure_demand", "numerator"),
    "promise_broken": ("promise_broken", "numerator"),
    "repeat_7d": ("repeat_7d", "numerator"),
    "high_friction": ("high_friction", "numerator"),
    "unresolved": ("unresolved", "numerator"),
    "resolution_confirmed": ("resolution_confirmed", "numerator"),
    "csat": ("csat", "denominator"),
}
SHOWN: Final = 8
DRAWN: Final = 40
LONGEST: Final = 320


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    about = evidence.report()
    metric = options.get("metric") if options.get("metric") in BEHIND else "contacts"
    draw = options.get("draw", "1")
    number = int(draw) if draw.isdecimal() and len(draw) < 7 else 1
    found = voices(evidence, str(metric), number, reader)
    counted = about["metrics"][BEHIND[str(metric)][0]]
    return {
        "about": about,
        "metric": metric,
        "name": metric_name(str(metric), reader.language),
        "metrics": [(name, metric_name(name, reader.language)) for name in BEHIND],
        "of": _of(counted, BEHIND[str(metric)][1], reader),
        "quotes": found,
        "hidden": found is None,
        "next": number + 1,
        "pictures": {},
    }


def _of(cell: Part, part: str, reader: Reader) -> str:
    n = cell[part]
    return reader.t("voices_of", n=reader.number(n)) if n.plain >= FEWEST else reader.t("not_shown")


def voices(evidence: Evidence, metric: str, draw: int, reader: Reader) -> list[dict[str, str]] | None:
    """A few quotes from the contacts behind a number; None where they come from fewer than five customers.

    What was written in the survey stands before the first words of the conversation. The same draw of the same
    contacts gives the same quotes, so that a page can be shared.
    """
    arguments = evidence.arguments()
    population = ask(evidence.connection, evidence.configuration, Question(*arguments.values())).population
    members = behind(population, *BEHIND[metric])
    if population.customers(members, FEWEST) < FEWEST:
        return None
    places = population.rows[members]
    chosen = np.random.default_rng(draw).permutation(places)[:DRAWN]
    contacts = list(rows(evidence.connection, evidence.configuration, population.contacts, chosen))
    said = transcripts.first_words(evidence.connection, [one["conversation_id"] for one in contacts])
    names = tuple(accounts.names(evidence.connection).values())
    quotes = []
    for one in sorted(contacts, key=lambda one: not one["comment"]):
        words = one["comment"] or said.get(one["conversation_id"])
        if words and words.strip():
            quotes.append(_quote(one, words, names, reader))
    # a few places can be of one customer: what is shown must come from five all the same
    speakers = {
        one["customer_key"] or one["id"] for one in contacts if one["comment"] or said.get(one["conversation_id"])
    }
    return quotes[:SHOWN] if len(speakers) >= FEWEST else None


def _quote(one: dict[str, Any], words: str, names: tuple[str, ...], reader: Reader) -> dict[str, str]:
    spoken = one["language"] or reader.language
    text = " ".join(redact(words, spoken, names).split())
    return {
        "text": text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…",
        "lang": spoken,
        "kind": reader.t("voice_survey" if one["comment"] else "voice_first_words"),
        "reason": labels.label(reader.language, "reason", one["contact_reason"]),
    }
