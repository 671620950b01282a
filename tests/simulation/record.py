"""What the product's record says of a walk, held against what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from desk.store import threads
from tests.simulation.walk import DeadEnd, Walk
from touchpoints import configuration
from touchpoints.derivation import derive_stored
from touchpoints.facts import Facts
from touchpoints.store import open_engine


def check(walks: list[Walk], home: Path) -> list[str]:
    """Where the record and the walks disagree, a line each."""
    engine = open_engine(f"sqlite:///{home / 'sportello.sqlite'}")
    try:
        with engine.connect() as connection:
            return [wrong for walk in walks for wrong in _wrong(walk, _latest(walk, connection))]
    finally:
        engine.dispose()


def _latest(walk: Walk, connection: Connection) -> Facts:
    token = walk.customer.client.headers["Authorization"].removeprefix("Bearer ")
    thread = threads.thread_of(connection, token, datetime.now(UTC))
    if thread is None:
        raise DeadEnd("the conversation is gone")
    (derived,) = derive_stored(connection, [thread.id], configuration.load(connection))
    return derived.interactions[-1]


def _wrong(walk: Walk, facts: Facts) -> list[str]:
    ledger = walk.ledger
    told = {
        "turns": (facts.user_turns, ledger.turns),
        "a knowledge answer": (facts.knowledge_answer, ledger.answers > 0),
        "articles cited": (len(facts.citations), ledger.answers),
        "fallbacks": (facts.fallbacks, ledger.fallbacks),
        "handoff": (facts.handoff, ledger.person_asked),
        "resolution answer": (facts.resolution_answer, ledger.judged),
        "an agent came": (facts.taken, ledger.taken),
        "left": (facts.left, ledger.left),
        "order": (facts.entity_ref, ledger.order),
        "a promise with a time": (facts.commitment_due is not None, ledger.tickets > 0),
    }
    if ledger.why:
        told["handoff reason"] = (next((one.why for one in facts.stretches if one.why), None), ledger.why)
    if ledger.judged:  # a no that led to a person stays open, so all that is sure of it is that nothing is confirmed
        told["resolution"] = (facts.standing == "yes", ledger.judged == "yes")
    wrong = [f"{name}: {said!r} on record, {was!r} in truth" for name, (said, was) in told.items() if said != was]
    if facts.knowledge_answer and facts.contact_reason is None:
        wrong.append("answered from an article, and no contact reason")
    if len(facts.survey_offered) + bool(facts.resolution_asked_at) > 3:
        wrong.append(f"more than three questions: {facts.survey_offered}")
    return [f"{line}\n    " + "\n    ".join(walk.log) for line in wrong]
