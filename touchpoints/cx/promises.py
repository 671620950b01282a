"""Each promise against its own evidence: listed one by one, never averaged (rules R4, R5, R6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from touchpoints.cx.entry import Promise, Touchpoint
from touchpoints.cx.figure import Figure, of_observation
from touchpoints.cx.ledger import Book, Entry
from touchpoints.cx.observation import Observation
from touchpoints.cx.service import Service
from touchpoints.cx.status import status
from touchpoints.cx.vocabulary import PromiseStatus
from touchpoints.metrics import METRICS


@dataclass(frozen=True)
class Judged:
    """A promise with its status and why; `figures` are those of the latest period, `earlier` the ones before."""

    entry: Entry
    status: PromiseStatus
    why: str
    figures: list[Figure]
    earlier: list[Figure]
    beside: list[Figure] = field(default_factory=list)
    set_aside: int = 0
    signals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def promise(self) -> Promise:
        found: Promise = self.entry.value
        return found

    @property
    def gap(self) -> float:
        """How far the figure is on the bad side of its target, as a part of the target."""
        if not self.figures or self.figures[0].value is None:
            return 0
        missing = self.promise.target - self.figures[0].value
        missing = missing if self.promise.direction == "at_least" else -missing
        return missing / (abs(self.promise.target) or 1)

    def plain(self, day: str) -> dict[str, Any]:
        """As JSON; `day` is the one the book was opened at."""
        described = {name: value for name, value in self.entry.plain().items() if name not in ("withdrawn",)}
        review = described.get("review_on")
        return {
            **described,
            "dated_after_period": self.entry.later,
            "review_due": bool(review and review <= day),
            "status": self.status,
            "why": self.why,
            "figure": self.figures[0].plain() if self.figures else None,
            "also": [figure.plain() for figure in self.figures[1:]],
            "earlier": [figure.plain() for figure in self.earlier],
            "beside": [figure.plain() for figure in self.beside],
            "service_evidence_set_aside": self.set_aside,
            "signals": self.signals,
        }


def judge_all(book: Book, observations: Sequence[Observation], service: Service) -> list[Judged]:
    """Every promise in force, in the order of their names."""
    return [_judge(entry, book, observations, service) for entry in sorted(book.of("promise"), key=lambda e: e.id)]


def _judge(entry: Entry, book: Book, observations: Sequence[Observation], service: Service) -> Judged:
    promise: Promise = entry.value
    about = [one for one in observations if _about(promise, one)]
    allowed = [one for one in about if promise.includes_service or not of_service(one, book.touchpoints)]
    figures = [of_observation(one) for one in allowed if one.metric_id == promise.metric]
    if promise.includes_service and (own := service.figure(promise.metric)) is not None:
        figures.append(own)
    figures.sort(key=lambda one: (one.period[1], one.period[0]), reverse=True)
    latest = [one for one in figures if one.period == figures[0].period]
    found, why = _told(promise, latest)
    if not figures and not _heard_of(promise.metric, observations):
        why = "unknown_measure"
    return Judged(
        entry=entry,
        status=found,
        why=why,
        figures=latest,
        earlier=figures[len(latest) :],
        beside=[of_observation(one) for one in allowed if one.metric_id != promise.metric],
        set_aside=len(about) - len(allowed),
        signals=_signals(promise, service),
    )


def _about(promise: Promise, found: Observation) -> bool:
    """What names the promise; what names none, when metric and area are the promise's."""
    if found.promise_id is not None:
        return found.promise_id == promise.id
    return found.metric_id == promise.metric and found.cx_area in promise.areas


def _heard_of(metric: str, observations: Sequence[Observation]) -> bool:
    """Whether a measure is one of the record's own or has come in by any import; else its name may be a slip."""
    return metric in METRICS or any(one.metric_id == metric for one in observations)


def of_service(found: Observation, touchpoints: Mapping[str, Touchpoint]) -> bool:
    """Whether an observation is about service, by its area or by where it was made."""
    known = touchpoints.get(found.touchpoint_type)
    return found.from_service or (known is not None and known.service)


def _told(promise: Promise, latest: Sequence[Figure]) -> tuple[PromiseStatus, str]:
    """The status and the code of why. Sources that disagree about the same period leave it uncertain."""
    if not latest:
        return "not_measured", "no_evidence"
    told = {status(figure, promise.target, promise.direction) for figure in latest}
    if len(told) > 1:
        return "uncertain", "sources_disagree"
    (found,) = told
    if found == "uncertain":
        return found, "no_interval" if latest[0].low is None else "interval_straddles_target"
    return found, {"kept": "interval_meets_target", "not_kept": "interval_misses_target"}.get(found, "no_evidence")


def _signals(promise: Promise, service: Service) -> list[dict[str, Any]]:
    """Contacts that say something about the promise: they point, and never decide (rule R4)."""
    found = [("promise_id", promise.id), *(("cause_area", area) for area in promise.areas)]
    signals = []
    for by, value in found:
        cell = service.by[by].get(value, {}).get("promise_broken")
        if cell is None:
            continue
        if cell.get("hidden"):
            signals.append({"by": by, "value": value, "hidden": True, "n": None})
        elif cell["numerator"]:
            signals.append(
                {
                    "by": by,
                    "value": value,
                    "metric": "promise_broken",
                    "scope": service.document["scope"],
                    "population": service.document["population"],
                    "period": service.document["period"],
                    "method": "share of contacts, Wilson 95% interval",
                    **{name: cell[name] for name in ("n", "numerator", "denominator", "display", "version")},
                }
            )
    return signals
