"""A metric as a person reads it: value, interval and n in their language, and no more than may be shown.

Under 5 cases nothing, from 5 to 9 counts only, from 10 the value with its interval; never a zero for what was not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from babel.numbers import format_decimal, format_percent

from desk import catalogue
from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT
from touchpoints.metrics import METRICS

Level = Literal["shown", "counts", "hidden", "none"]
Cell = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """One metric on a page, with all that a number must carry (rule R2)."""

    id: str
    name: str
    definition: str
    formula: str
    version: str
    method: str
    cannot: str
    level: Level
    value: str
    interval: str | None
    n: str
    notes: tuple[str, ...] = ()


def level(n: int) -> Level:
    """How much of a result over n cases may be shown."""
    if n == 0:
        return "none"
    return "hidden" if n < FEWEST else "counts" if n < FEWEST_FOR_PERCENT else "shown"


class Reader:
    """Writes the numbers of a report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def t(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"dashboard.{key}", **values)

    def number(self, value: float, digits: int = 0) -> str:
        return format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self.language)

    def percent(self, value: float) -> str:
        return format_percent(value, "#,##0.0%", locale=self.language)

    def duration(self, seconds: float) -> str:
        """Seconds as people say them, two units at most."""
        whole = round(seconds)
        minutes, hours = whole // 60, whole // 3600
        if whole < 60:
            return f"{self.number(seconds, 0 if seconds == whole else 1)} s"
        if hours == 0:
            return f"{minutes} min {whole % 60} s" if whole % 60 else f"{minutes} min"
        return f"{self.number(hours)} h {minutes % 60} min" if minutes % 60 else f"{self.number(hours)} h"

    def interval(self, low: float | None, high: float | None, write: Callable[[float], str]) -> str:
        if low is None or high is None:
            return self.t("no_interval")
        return self.t("interval", low=write(low), high=write(high))

    def figure(self, name: str, cell: Cell) -> Figure:
        """The metric with this id, whose numbers are `cell`."""
        metric = METRICS[name]
        value, interval, shown = _KINDS[_kind(cell)](self, cell)
        return Figure(
            id=name,
            name=getattr(metric.name, self.language, metric.name.en),
            definition=getattr(metric.definition, self.language, metric.definition.en),
            formula=metric.formula,
            version=cell["version"],
            method=self.t(f"method_{_kind(cell)}"),
            cannot=self.t(f"limits.{name}"),
            level=shown,
            value=value,
            interval=interval,
            n=self.t("n", n=self.number(cell["n"])),
            notes=tuple(self._notes(cell, shown)),
        )

    def guarded(self, shown: Level) -> str | None:
        """What stands in the place of a value that may not be shown."""
        return {"none": self.t("none_yet"), "hidden": self.t("not_shown")}.get(shown)

    def _notes(self, cell: Cell, shown: Level) -> list[str]:
        notes = []
        if "sessions" in cell:
            notes.append(
                self.t("sessions", sessions=self.number(cell["sessions"]), excluded=self.number(cell["excluded"]))
            )
        if "offered" in cell:
            notes.append(
                self.t("survey_offered", offered=self.number(cell["offered"]), answered=self.number(cell["answered"]))
            )
        if shown == "shown" and cell.get("bounds"):
            bounds = {side: self.percent(cell["bounds"][side]) for side in ("worst", "best")}
            notes += [self.t("mean_is", mean=self.number(cell["mean"], 2)), self.t("survey_bounds", **bounds)]
        if shown == "shown" and cell.get("none"):
            notes.append(self.t("never_answered", n=self.number(cell["none"])))
        return notes


_Shown = tuple[str, str | None, Level]


def _kind(cell: Cell) -> str:
    if "upper" in cell:
        return "range"
    return "proportion" if "denominator" in cell else "duration" if "median" in cell else "count"


def _proportion(reader: Reader, cell: Cell) -> _Shown:
    shown = level(cell["denominator"])
    counts = reader.t(
        "counts_only", numerator=reader.number(cell["numerator"]), denominator=reader.number(cell["denominator"])
    )
    if shown != "shown":
        return reader.guarded(shown) or counts, None, shown
    return reader.percent(cell["value"]), reader.interval(cell["low"], cell["high"], reader.percent), shown


def _range(reader: Reader, cell: Cell) -> _Shown:
    confirmed, upper, shown = cell["confirmed"], cell["upper"], level(cell["n"])
    if shown != "shown":
        ends = f"{reader.number(confirmed['numerator'])}–{reader.number(upper['numerator'])}"
        return (
            reader.guarded(shown) or reader.t("counts_only", numerator=ends, denominator=reader.number(cell["n"])),
            None,
            shown,
        )
    value = f"{reader.percent(confirmed['value'])}–{reader.percent(upper['value'])}"
    return value, reader.interval(confirmed["low"], upper["high"], reader.percent), shown


def _duration(reader: Reader, cell: Cell) -> _Shown:
    shown = level(cell["n"])
    if shown != "shown":
        return reader.guarded(shown) or reader.t("cases", n=reader.number(cell["n"])), None, shown
    return reader.duration(cell["median"]), reader.interval(cell["low"], cell["high"], reader.duration), shown


def _count(reader: Reader, cell: Cell) -> _Shown:
    return reader.number(cell["n"]), None, "shown"


_KINDS: Final = {"proportion": _proportion, "duration": _duration, "range": _range, "count": _count}
