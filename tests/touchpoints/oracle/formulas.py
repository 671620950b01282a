"""How each metric is computed: one function for each id of the closed list, over a population."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.touchpoints.oracle.measure import NOT_MEASURED, Measure, counts, distribution, number, proportion, share
from tests.touchpoints.oracle.population import Population
from tests.touchpoints.oracle.record import HIGH_FRICTION, Issue, Record
from touchpoints.instant import SECOND, Instant


def contacts(p: Population) -> Measure:
    reasons: dict[str, int] = {}
    for record in p.excluded:
        why = record.facts.exclusion_reason or "corrected"
        reasons[why] = reasons.get(why, 0) + 1
    return number(
        len(p.eligible), p.eligible, sessions=len(p.sessions), excluded=len(p.excluded), excluded_by_reason=reasons
    )


def issues(p: Population) -> Measure:
    return number(len(p.issues), [issue.first for issue in p.issues], eventually=_eventually(p))


def turns(p: Population) -> Measure:
    total = sum(record.facts.user_turns for record in p.eligible)
    return distribution(((record.facts.user_turns, record) for record in p.eligible), sum=total)


def friction(p: Population) -> Measure:
    total = sum(record.friction for record in p.eligible)
    return distribution(((record.friction, record) for record in p.eligible), sum=total)


def touchpoint_map(p: Population) -> Measure:
    """An agent's desk is a touchpoint of its own, so the rows don't add up to the contacts."""
    by_value: dict[str, list[Record]] = {}
    for record in p.eligible:
        touchpoints = [record.facts.touchpoint_type, *(["agent_desk"] if record.facts.taken else [])]
        for touchpoint in dict.fromkeys(touchpoints):
            by_value.setdefault(f"{touchpoint}.{record.facts.journey_stage}", []).append(record)
    return Measure("counts", len(p.eligible), {}, p.eligible, by_value=dict(sorted(by_value.items())))


def empty_containment(p: Population) -> Measure:
    return share([record for record in p.mature if not record.facts.handoff], lambda record: not record.sustained)


def resolution_range(p: Population) -> Measure:
    confirmed = share(p.mature, lambda record: record.sustained and record.initial == "confirmed")
    upper = share(p.mature, lambda record: record.sustained)
    return Measure("range", len(p.mature), {}, p.mature, {"confirmed": confirmed, "upper": upper})


def resolved_after_handoff(p: Population) -> Measure:
    return share([record for record in p.mature if record.facts.handoff], lambda record: record.sustained)


def revocation(p: Population) -> Measure:
    return share([record for record in p.mature if record.resolved], lambda record: record.revoked)


def repeat_7d(p: Population) -> Measure:
    known = [record for record in p.mature if record.facts.identifiable]
    return share(known, lambda record: record.follower is not None, identifiable=proportion(len(known), p.mature))


def fcr(p: Population) -> Measure:
    firsts = [issue.first for issue in p.mature_issues]
    without_handoff = share(firsts, lambda record: record.sustained and not record.facts.handoff)
    return share(firsts, lambda record: record.sustained, without_handoff=without_handoff, eventually=_eventually(p))


def first_message_s(p: Population) -> Measure:
    return _since_start(p, lambda record: record.facts.first_bot_message_at)


def first_answer_s(p: Population) -> Measure:
    return _since_start(p, lambda record: record.facts.first_substantive_at)


def agent_wait_s(p: Population) -> Measure:
    wall = distribution((record.facts.wait_wall_s, record) for record in p.handoffs)
    business = distribution((record.facts.wait_business_s, record) for record in p.handoffs)
    beside = {
        "never_taken": sum(1 for record in p.handoffs if not record.facts.taken),
        "without_request": sum(1 for r in p.handoffs if r.facts.taken and r.facts.wait_wall_s is None),
    }
    return Measure("pair", wall.n, beside, wall.members, {"wall": wall, "business": business})


def aht_s(p: Population) -> Measure:
    taken = [record for record in p.handoffs if record.facts.taken]
    handling = distribution((_handling(record), record) for record in taken)
    values = {**handling.values, "value": handling.values["mean"], "missing": len(taken) - handling.n}
    return Measure("distribution", handling.n, values, handling.members)


def ttr_contact_s(p: Population) -> Measure:
    times = [(_seconds(record.facts.started_at, record.resolved_at), record) for record in p.mature if record.sustained]
    return distribution(times, censored=len(p.mature) - len(times))


def ttr_issue_s(p: Population) -> Measure:
    times = [
        (_seconds(issue.first.facts.started_at, last.resolved_at), issue.first)
        for issue in p.mature_issues
        if (last := issue.last_mature) is not None and last.sustained
    ]
    return distribution(times, censored=len(p.mature_issues) - len(times))


def ces(p: Population) -> Measure:
    return _survey(p, "ces", lambda record: record.facts.survey.ces, good_from=5)


def csat(p: Population) -> Measure:
    return _survey(p, "csat", lambda record: record.facts.survey.csat, good_from=4)


def failure_demand(p: Population) -> Measure:
    unknown = sum(1 for record in p.eligible if record.demand == "unknown")
    value = sum(1 for record in p.eligible if record.demand == "value")
    return share(
        p.eligible,
        lambda record: record.demand == "failure",
        issues=share([issue.first for issue in p.issues], lambda record: record.demand == "failure"),
        unknown=unknown,
        value_demand=value,
    )


def promise_broken(p: Population) -> Measure:
    return share(p.eligible, _broken, issues=share([issue.first for issue in p.issues], _broken))


def _broken(record: Record) -> bool:
    return record.facts.promise_effect == "broken"


def _eventually(p: Population) -> Measure:
    done = [issue for issue in p.mature_issues if _settled(issue)]
    return proportion(len(done), [issue.first for issue in p.mature_issues])


def _settled(issue: Issue) -> bool:
    return issue.last_mature is not None and issue.last_mature.sustained


def _since_start(p: Population, moment: Callable[[Record], Instant | None]) -> Measure:
    found = [(_seconds(record.facts.started_at, moment(record)), record) for record in p.eligible]
    return distribution(found, none=sum(1 for seconds, _ in found if seconds is None))


def _seconds(start: Instant, end: Instant | None) -> float | None:
    """Never negative: two clocks may disagree by a moment."""
    return None if end is None else max(end - start, 0) / SECOND


def _handling(record: Record) -> float | None:
    timed = [s for s in record.facts.stretches if s.taken_at is not None and s.active_s is not None]
    return sum((s.active_s or 0) + (s.wrap_s or 0) for s in timed) if timed else None


def _survey(p: Population, item: str, answer: Callable[[Record], int | None], good_from: int) -> Measure:
    """Shares among those who answered; the bounds say what the silent could make of it."""
    answers = [(value, record) for record in p.eligible if (value := answer(record)) is not None]
    good = sum(1 for value, _ in answers if value >= good_from)
    everyone, silent = len(p.eligible), len(p.eligible) - len(answers)
    bounds = {"worst": good / everyone, "best": (good + silent) / everyone} if everyone else None
    return proportion(
        good,
        [record for _, record in answers],
        mean=sum(value for value, _ in answers) / len(answers) if answers else None,
        offered=sum(1 for record in p.eligible if item in record.facts.survey_offered),
        answered=len(answers),
        bounds=bounds,
    )


FORMULAS: Final[dict[str, Callable[[Population], Measure]]] = {
    "contacts": contacts,
    "issues": issues,
    "turns": turns,
    "after_hours": lambda p: share(p.eligible, lambda record: record.facts.after_hours_start),
    "containment": lambda p: share(p.eligible, lambda record: not record.facts.handoff),
    "empty_containment": empty_containment,
    "handoff_rate": lambda p: share(p.eligible, lambda record: record.facts.handoff),
    "resolution_initial": lambda p: share(p.eligible, lambda record: record.resolved),
    "resolution_range": resolution_range,
    "resolution_confirmed": lambda p: resolution_range(p).parts["confirmed"],
    "resolution_assumed": lambda p: share(p.mature, lambda record: record.sustained and record.initial == "assumed"),
    "resolved_by_bot": lambda p: share(p.mature, lambda record: record.sustained and not record.facts.handoff),
    "resolved_after_handoff": resolved_after_handoff,
    "revocation": revocation,
    "repeat_7d": repeat_7d,
    "fcr": fcr,
    "unresolved": lambda p: share(p.eligible, lambda record: record.initial == "unresolved"),
    "abandonment": lambda p: share(p.eligible, lambda record: record.initial == "abandoned"),
    "first_message_s": first_message_s,
    "first_answer_s": first_answer_s,
    "agent_wait_s": agent_wait_s,
    "aht_s": aht_s,
    "ttr_contact_s": ttr_contact_s,
    "ttr_issue_s": ttr_issue_s,
    "friction": friction,
    "high_friction": lambda p: share(p.eligible, lambda record: record.friction >= HIGH_FRICTION),
    "ces": ces,
    "csat": csat,
    "failure_demand": failure_demand,
    "promise_broken": promise_broken,
    "kb_cover": lambda p: share(p.eligible, lambda record: record.facts.knowledge_answer),
    "causes": lambda p: counts(p.eligible, lambda record: record.facts.cause_area),
    "quadrants": lambda p: counts(p.eligible, lambda record: record.facts.irritant_quadrant),
    "impressions": lambda p: counts(p.eligible, lambda record: record.impression),
    "map": touchpoint_map,
    "contact_rate": lambda p: NOT_MEASURED,
    "nps": lambda p: NOT_MEASURED,
}
