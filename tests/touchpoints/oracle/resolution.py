"""How an interaction came out, as far as one can tell at a moment: told from the facts, never guessed.

A yes of the customer confirms; silence after a substantive answer only assumes. Nothing an agent writes confirms.
"""

from __future__ import annotations

from touchpoints.configuration import Windows
from touchpoints.facts import Facts
from touchpoints.instant import Instant
from touchpoints.vocabulary import Initial


def initial(facts: Facts, as_of: Instant, windows: Windows) -> Initial:
    """The outcome before returns are looked at."""
    outcome = _standing(facts, as_of)
    if outcome == "pending" and mature(facts, as_of, windows):
        return "unresolved"
    return outcome


def resolved_at(facts: Facts, outcome: Initial) -> Instant | None:
    """When it was resolved: confirmed when the customer said so, assumed at the last substantive answer."""
    if outcome == "confirmed":
        return facts.yes_at
    return facts.last_substantive_at if outcome == "assumed" else None


def mature(facts: Facts, as_of: Instant, windows: Windows) -> bool:
    """Whether a return within the window would have been seen by now."""
    return facts.last_event_at + windows.chain <= as_of


def _standing(facts: Facts, as_of: Instant) -> Initial:
    quiet = facts.quiet_at is not None and facts.quiet_at <= as_of
    answered = facts.last_substantive_at is not None
    if facts.standing == "yes":
        return "confirmed"
    if facts.standing == "queue_left" or ((facts.left or quiet) and not answered):
        return "abandoned"
    if facts.standing == "no" or facts.wrap_resolution in ("no", "partly") or (facts.standing == "weak" and quiet):
        return "unresolved"
    return "assumed" if answered and quiet else "pending"
