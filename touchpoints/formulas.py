"""How each metric is computed: one function for each id of the closed list, over a population."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from touchpoints.columns.layout import NONE, UNKNOWN
from touchpoints.columns.table import Array
from touchpoints.measure import (
    FEWEST,
    NOT_MEASURED,
    Measure,
    answers_told,
    count,
    counts,
    duration,
    how_many,
    number,
    proportion,
    ranked,
)
from touchpoints.population import Population

HIGH_FRICTION: Final = 3
AGENT_DESK: Final = "agent_desk"


def contacts(p: Population) -> Measure:
    excluded = ~p.eligible
    reasons = counts(p, "exclusion_reason", excluded).by_value
    return number(
        p.eligible,
        sessions=p.everybody,
        excluded=excluded,
        excluded_by_reason={"corrected" if why == UNKNOWN else why: n for why, n in reasons.items()},
    )


def issues(p: Population) -> Measure:
    return number(p.issues, eventually=_eventually(p))


def touchpoint_map(p: Population) -> Measure:
    """An agent's desk is a touchpoint of its own, so the rows don't add up to the contacts."""
    places, stages = p.text("touchpoint_type"), p.text("journey_stage")
    at_desk = p.eligible & p.number("taken") & ~p.is_("touchpoint_type", AGENT_DESK)
    cells: dict[str, int] = {}
    pairs = places.codes.astype(np.int64) * len(stages.words) + stages.codes
    for code, n in enumerate(np.bincount(pairs[p.eligible], minlength=0).tolist()):
        place, stage = divmod(code, len(stages.words) or 1)
        cells |= {f"{places.words[place]}.{stages.words[stage]}": n} if n else {}
    for stage, n in enumerate(np.bincount(stages.codes[at_desk], minlength=0).tolist()):
        name = f"{AGENT_DESK}.{stages.words[stage]}"
        cells |= {name: cells.get(name, 0) + n} if n else {}

    def with_value(cell: str) -> Array:
        place, _, stage = cell.rpartition(".")
        there = p.is_("touchpoint_type", place) & p.eligible
        found: Array = (there | at_desk if place == AGENT_DESK else there) & p.is_("journey_stage", stage)
        return found

    n = how_many(p.eligible)
    return Measure(
        "counts",
        n,
        {},
        p.eligible,
        by_value=ranked(cells),
        with_value=with_value,
        few=lambda cell: p.customers(with_value(cell), FEWEST) < FEWEST,
    )


def resolution_range(p: Population) -> Measure:
    confirmed, upper = resolution_confirmed(p), proportion(p, p.sustained, p.mature)
    return Measure("range", upper.n, {}, p.mature, upper.good, parts={"confirmed": confirmed, "upper": upper})


def resolution_confirmed(p: Population) -> Measure:
    return proportion(p, p.sustained & p.number("confirmed"), p.mature)


def repeat_7d(p: Population) -> Measure:
    known = p.number("identifiable")
    return proportion(p, p.number("followed"), p.mature & known, identifiable=proportion(p, known, p.mature))


def fcr(p: Population) -> Measure:
    return proportion(
        p,
        p.sustained,
        p.mature_issues,
        without_handoff=proportion(p, p.sustained & ~p.handoff, p.mature_issues),
        eventually=_eventually(p),
    )


def _eventually(p: Population) -> Measure:
    return proportion(p, p.number("settled_issue"), p.mature_issues)


def agent_wait_s(p: Population) -> Measure:
    handoffs, taken = p.eligible & p.handoff, p.number("taken")
    wall, business = duration(p, "wait_wall", handoffs), duration(p, "wait_business", handoffs)
    beside = {
        "never_taken": handoffs & ~taken,
        "without_request": handoffs & taken & (p.number("wait_wall") == NONE),
    }
    counted = {name: how_many(members) for name, members in beside.items()}
    return Measure("pair", wall.n, counted, wall.among, None, beside, {"wall": wall, "business": business})


def aht_s(p: Population) -> Measure:
    taken = p.eligible & p.number("taken")
    found = duration(p, "handling", taken, missing=taken & (p.number("handling") == NONE))
    return replace(found, values={**found.values, "value": found.values["mean"]})


def ttr_contact_s(p: Population) -> Measure:
    """Those not resolved have no time to resolution; they are counted beside it."""
    return duration(p, "resolution", p.mature & p.sustained, censored=p.mature & ~p.sustained)


def ttr_issue_s(p: Population) -> Measure:
    open_still = p.mature_issues & (p.number("issue_resolution") == NONE)
    return duration(p, "issue_resolution", p.mature_issues, censored=open_still)


def _since_start(p: Population, name: str) -> Measure:
    return duration(p, name, p.eligible, none=p.eligible & (p.number(name) == NONE))


def _survey(p: Population, item: str, good_from: int) -> Measure:
    """Shares among those who answered; the bounds say what the silent could make of it."""
    given = p.number(item)
    answers = p.eligible & (given > 0)
    everyone, total = how_many(p.eligible), int(given[answers].sum(dtype=np.int64))
    good, n = how_many(answers & (given >= good_from)), how_many(answers)
    offered = p.eligible & p.number(f"{item}_offered")
    more = answers_told(good, n, total, everyone)
    found = proportion(p, given >= good_from, answers, **more, offered=offered, answered=answers)
    return replace(found, total=total, everyone=everyone)


def failure_demand(p: Population) -> Measure:
    failure = p.is_("demand_type", "failure")
    return proportion(
        p,
        failure,
        p.eligible,
        issues=proportion(p, failure, p.issues),
        unknown=p.eligible & p.is_("demand_type", UNKNOWN),
        value_demand=p.eligible & p.is_("demand_type", "value"),
    )


def promise_broken(p: Population) -> Measure:
    broken = p.is_("promise_effect", "broken")
    return proportion(p, broken, p.eligible, issues=proportion(p, broken, p.issues))


def _outcome(word: str) -> Callable[[Population], Measure]:
    return lambda p: proportion(p, p.is_("resolution_initial", word), p.eligible)


FORMULAS: Final[dict[str, Callable[[Population], Measure]]] = {
    "contacts": contacts,
    "issues": issues,
    "turns": lambda p: count(p, "user_turns", p.eligible),
    "after_hours": lambda p: proportion(p, p.number("after_hours"), p.eligible),
    "containment": lambda p: proportion(p, ~p.handoff, p.eligible),
    "empty_containment": lambda p: proportion(p, ~p.sustained, p.mature & ~p.handoff),
    "handoff_rate": lambda p: proportion(p, p.handoff, p.eligible),
    "resolution_initial": lambda p: proportion(p, p.number("resolved"), p.eligible),
    "resolution_range": resolution_range,
    "resolution_confirmed": resolution_confirmed,
    "resolution_assumed": lambda p: proportion(p, p.sustained & ~p.number("confirmed"), p.mature),
    "resolved_by_bot": lambda p: proportion(p, p.sustained & ~p.handoff, p.mature),
    "resolved_after_handoff": lambda p: proportion(p, p.sustained, p.mature & p.handoff),
    "revocation": lambda p: proportion(p, p.number("followed"), p.mature & p.number("resolved")),
    "repeat_7d": repeat_7d,
    "fcr": fcr,
    "unresolved": _outcome("unresolved"),
    "abandonment": _outcome("abandoned"),
    "first_message_s": lambda p: _since_start(p, "first_message"),
    "first_answer_s": lambda p: _since_start(p, "first_answer"),
    "agent_wait_s": agent_wait_s,
    "aht_s": aht_s,
    "ttr_contact_s": ttr_contact_s,
    "ttr_issue_s": ttr_issue_s,
    "friction": lambda p: count(p, "friction", p.eligible),
    "high_friction": lambda p: proportion(p, p.number("friction") >= HIGH_FRICTION, p.eligible),
    "ces": lambda p: _survey(p, "ces", good_from=5),
    "csat": lambda p: _survey(p, "csat", good_from=4),
    "failure_demand": failure_demand,
    "promise_broken": promise_broken,
    "kb_cover": lambda p: proportion(p, p.number("knowledge_answer"), p.eligible),
    "causes": lambda p: counts(p, "cause_area", p.eligible),
    "quadrants": lambda p: counts(p, "irritant_quadrant", p.eligible),
    "impressions": lambda p: counts(p, "impression", p.eligible),
    "map": touchpoint_map,
    "contact_rate": lambda p: NOT_MEASURED,
    "nps": lambda p: NOT_MEASURED,
}
