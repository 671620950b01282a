"""What changed in the last full week, Monday to Sunday, beside the week before: the first thing a lead reads.

Only measures that need no seven days to be judged: what is said to last is never compared while it is still young.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from desk import labels
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import metric_name
from desk.dashboard.period import Period
from touchpoints.display import FEWEST

WATCHED: Final = (
    "contacts",
    "failure_demand",
    "promise_broken",
    "handoff_rate",
    "high_friction",
    "csat",
    "first_answer_s",
)
MOVERS: Final = 3
Days = tuple[date, date]
Verdict = Literal["up", "down", "same", "few", "plain", "median"]


@dataclass(frozen=True)
class Change:
    """A metric in both weeks; `verdict` is up or down where the interval of the difference leaves out zero."""

    id: str
    name: str
    before: str
    after: str
    difference: str
    verdict: Verdict
    warning: bool


def weeks(day: date) -> tuple[Days, Days]:
    """The last full week that ended by a day, and the one before it."""
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    this, before = (sunday - timedelta(days=6), sunday), (sunday - timedelta(days=13), sunday - timedelta(days=7))
    return this, before


def changes(evidence: Evidence, reader: Reader) -> dict[str, Any]:
    """Both weeks metric by metric, the reasons whose share moved most, and one sentence. Raises QueryError."""
    asked = evidence.filter.period
    this, before = weeks(asked.end)
    filter = evidence.filter.over(Period(*this, asked.as_of))
    found = evidence.report("week", compare=before, filter=filter, only=WATCHED)
    reader = Reader(reader.language, filter)
    comparison = found["comparison"]
    listed = [_change(name, comparison["metrics"][name], reader) for name in WATCHED]
    movers = _movers(comparison["mix"], reader)
    return {
        "this": reader.t("days", start=reader.day(this[0]), end=reader.day(this[1])),
        "before": reader.t("days", start=reader.day(before[0]), end=reader.day(before[1])),
        "listed": listed,
        "movers": movers,
        "mix_moved": comparison["mix_moved"].plain,
        "sentence": _sentence(listed, movers, comparison, reader),
        "any": bool(
            comparison["metrics"]["contacts"]["after"]["n"] or comparison["metrics"]["contacts"]["before"]["n"]
        ),
    }


def _change(name: str, cell: Part, reader: Reader) -> Change:
    before, after = (_value(cell[side], reader) for side in ("before", "after"))
    difference, verdict = _difference(cell, reader)
    warned = "direction" in (cell.get("warning") or {}).get("because", ())
    return Change(name, metric_name(name, reader.language), before, after, difference, verdict, warned)


def _value(cell: Part, reader: Reader) -> str:
    if "denominator" not in cell and "median" not in cell:
        return reader.number(cell["n"]) if level(cell["n"].plain) != "hidden" else reader.t("not_shown")
    shown = level(cell["n"].plain)
    if guarded := reader.guarded(shown):
        return guarded
    if "median" in cell:
        if shown == "counts":
            return reader.t("cases", n=reader.number(cell["n"]))
        return reader.duration(cell["median"])
    if shown == "counts":
        counts = {name: reader.number(cell[name]) for name in ("numerator", "denominator")}
        return reader.t("counts_only", **counts)
    return reader.percent(cell["value"])


def _difference(cell: Part, reader: Reader) -> tuple[str, Verdict]:
    found = cell.get("difference")
    both = [level(cell[side]["n"].plain) for side in ("before", "after")]
    if found is None or any(one != "shown" for one in both):
        return "–", "plain" if "denominator" not in cell["after"] and "median" not in cell["after"] else "few"
    if "low" not in found:
        return "–", "median" if "median" in found else "plain"
    difference = cell["difference"]
    words = {name: reader.in_points(difference[name]) for name in ("value", "low", "high")}
    verdict: Verdict = "up" if found["low"] > 0 else "down" if found["high"] < 0 else "same"
    return reader.t("difference", **words), verdict


def _movers(mix: Part, reader: Reader) -> list[dict[str, Any]]:
    """The reasons whose share of the contacts changed most."""
    known = [one for one in mix if one.get("change") is not None and one.get("value") != "unknown"]
    known.sort(key=lambda one: -abs(one["change"].plain))
    return [
        {
            "name": labels.label(reader.language, "reason", one["value"].plain),
            "before": reader.percent(one["before"]),
            "after": reader.percent(one["after"]),
            "change": reader.in_points(one["change"]),
            "rose": one["change"].plain > 0,
        }
        for one in known[:MOVERS]
    ]


def _moved(count: int) -> str:
    return "changes_moved_one" if count == 1 else "changes_moved"


def _sentence(listed: list[Change], movers: list[dict[str, Any]], comparison: Part, reader: Reader) -> str:
    if any(comparison["metrics"]["contacts"][side]["n"].plain < FEWEST for side in ("before", "after")):
        return reader.t("changes_few")
    moved = [one for one in listed if one.verdict in ("up", "down")]
    rose = next((one for one in movers if one["rose"]), None)
    if rose is None:
        return reader.t("changes_none") if not moved else reader.t(_moved(len(moved)), n=len(moved))
    said = {name: rose[name] for name in ("name", "before", "after")}
    return reader.t("changes_rose" if moved else "changes_rose_only", **said)
