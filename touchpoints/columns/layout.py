"""Which columns an interaction has, and how each is told from its facts.

Numbers are plain arrays; a moment or duration that is missing is NONE. Texts are codes into a list of words. Keys and
references are there only as 64-bit digests: enough to say which contacts are the same customer's, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np

from touchpoints.facts import Facts
from touchpoints.instant import SECOND

NONE: Final = -(2**62)
"""A moment or a duration that is not known; no real one comes near it."""
UNKNOWN: Final = "unknown"
STANDINGS: Final = (None, "yes", "no", "queue_left", "weak")

Read = Callable[[Facts], Any]


def micros(seconds: float | None) -> int:
    """Seconds as whole microseconds: sums of them don't depend on their order."""
    return NONE if seconds is None else round(seconds * SECOND)


@lru_cache(maxsize=10_000)
def digest(*parts: str) -> int:
    """64 bits that stand for texts; 0 stands for none."""
    whole = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(whole, digest_size=8).digest(), "big") or 1


def _moment(name: str) -> Read:
    return lambda facts: NONE if (value := getattr(facts, name)) is None else value


def _since_start(name: str) -> Read:
    """Never negative: two clocks may disagree by a moment."""
    return lambda facts: NONE if (value := getattr(facts, name)) is None else max(value - facts.started_at, 0)


def _customer(facts: Facts) -> int:
    """Whom to count: the customer where known, else this contact alone."""
    return digest("key", facts.customer_key or "") if facts.identifiable else digest("contact", facts.id)


def _matter(facts: Facts) -> int:
    """The customer and the reason, which contacts must share to be about one matter; 0 where they can't be."""
    chains = facts.eligible and facts.identifiable and facts.customer_key and facts.contact_reason
    return digest(str(facts.customer_key), str(facts.contact_reason)) if chains else 0


def _handling(facts: Facts) -> int:
    """What agents worked on it, where they were there and said so."""
    timed = [s for s in facts.stretches if s.taken_at is not None and s.active_s is not None]
    return sum(micros((s.active_s or 0) + (s.wrap_s or 0)) for s in timed) if timed else NONE


def _friction(facts: Facts) -> int:
    """The frictions that don't depend on the moment one looks back from."""
    observed = facts.reformulations + facts.fallbacks + facts.reentered_fields + facts.channel_switches
    return observed + len(facts.stretches)


def _expectation(facts: Facts) -> int:
    """0 when not said, else from worse, 1, to better, 3."""
    said = facts.survey.expectation_match
    return 0 if said is None else 1 + ("worse", "as", "better").index(said)


def _commitment(facts: Facts) -> int:
    """0 for none due, 1 for one not met, 2 for met."""
    return 0 if facts.commitment_met is None else 1 + facts.commitment_met


def _offered(item: str) -> Read:
    return lambda facts: item in facts.survey_offered


NUMBERS: Final[dict[str, tuple[Any, Read]]] = {
    "conversation": (np.uint64, lambda facts: digest(facts.conversation_id)),
    "ordinal": (np.int32, lambda facts: facts.ordinal),
    "customer": (np.uint64, _customer),
    "matter": (np.uint64, _matter),
    "ref": (np.uint64, lambda facts: digest(facts.entity_ref) if facts.entity_ref else 0),
    "started_at": (np.int64, lambda facts: facts.started_at),
    "last_event_at": (np.int64, lambda facts: facts.last_event_at),
    "last_substantive_at": (np.int64, _moment("last_substantive_at")),
    "yes_at": (np.int64, _moment("yes_at")),
    "quiet_at": (np.int64, _moment("quiet_at")),
    "waiting_since": (np.int64, _moment("waiting_since")),
    "first_message": (np.int64, _since_start("first_bot_message_at")),
    "first_answer": (np.int64, _since_start("first_substantive_at")),
    "wait_wall": (np.int64, lambda facts: micros(facts.wait_wall_s)),
    "wait_business": (np.int64, lambda facts: micros(facts.wait_business_s)),
    "stated_wait": (np.int64, lambda facts: micros(facts.stated_wait_s)),
    "waited": (np.int64, lambda facts: micros(facts.waited_s)),
    "handling": (np.int64, _handling),
    "user_turns": (np.int32, lambda facts: facts.user_turns),
    "friction_seen": (np.int32, _friction),
    "csat": (np.int8, lambda facts: facts.survey.csat or 0),
    "ces": (np.int8, lambda facts: facts.survey.ces or 0),
    "standing": (np.int8, lambda facts: STANDINGS.index(facts.standing)),
    "identifiable": (np.bool_, lambda facts: facts.identifiable),
    "eligible": (np.bool_, lambda facts: facts.eligible),
    "left": (np.bool_, lambda facts: facts.left),
    "wrap_denies": (np.bool_, lambda facts: facts.wrap_resolution in ("no", "partly")),
    "handoff": (np.bool_, lambda facts: facts.handoff),
    "taken": (np.bool_, lambda facts: facts.taken),
    "after_hours": (np.bool_, lambda facts: facts.after_hours_start),
    "knowledge_answer": (np.bool_, lambda facts: facts.knowledge_answer),
    "demand_stated": (np.bool_, lambda facts: facts.demand_stated),
    "felt_understood": (np.int8, lambda facts: facts.survey.felt_understood or 0),
    "expectation": (np.int8, _expectation),
    "commitment": (np.int8, _commitment),
    "alternatives": (
        np.int8,
        lambda facts: -1 if facts.alternatives_offered is None else min(facts.alternatives_offered, 9),
    ),
    "used_context": (np.bool_, lambda facts: facts.used_context),
    "csat_offered": (np.bool_, _offered("csat")),
    "ces_offered": (np.bool_, _offered("ces")),
}
TEXTS: Final = (
    "exclusion_reason",
    "contact_reason",
    "channel",
    "touchpoint_type",
    "environment",
    "language",
    "segment",
    "customer_lifecycle",
    "key_strength",
    "journey_stage",
    "service_kind",
    "cause_area",
    "cause_stage",
    "demand_type",
    "irritant_quadrant",
    "promise_effect",
    "promise_id",
)


def number_column(name: str, found: Sequence[Facts]) -> np.ndarray[Any, Any]:
    """A column of numbers, one for each interaction."""
    kind, read = NUMBERS[name]
    return np.fromiter(map(read, found), dtype=kind, count=len(found))


def text_column(name: str, found: Sequence[Facts]) -> list[str]:
    """A column of words, one for each interaction; "unknown" where nothing is said."""
    return [getattr(facts, name) or UNKNOWN for facts in found]
