"""A metric as a person reads it: value, interval and n in their language, and no more than may be shown.

Under 5 cases nothing, from 5 to 9 counts only, from 10 the value with its interval; never a zero for what was not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from desk import catalogue, labels
from desk.dashboard.document import Part
from desk.dashboard.filter import Filter
from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT
from touchpoints.metrics import METRICS

Level = Literal["shown", "counts", "hidden", "none"]
Number = Part | float


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
    source: str = ""


def level(n: int) -> Level:
    """How much of a result over n cases may be shown."""
    if n == 0:
        return "none"
    return "hidden" if n < FEWEST else "counts" if n < FEWEST_FOR_PERCENT else "shown"


class Reader:
    """Writes the numbers of a document in one language; each says in the page where in the document it stands."""

    def __init__(self, language: str, filter: Filter | None = None) -> None:
        self.language = language
        self.filter = filter

    def t(self, key: str, **values: object) -> str:
        return self.text(f"dashboard.{key}", **values)

    def text(self, key: str, **values: object) -> str:
        """A text of any catalogue; what is filled in keeps its own marks."""
        if not any(isinstance(value, Markup) for value in values.values()):
            return catalogue.text(self.language, key, **values)
        return escape(catalogue.text(self.language, key)).format(**values)

    def counted(self, key: str, count: Part, **values: object) -> str:
        """A text of any catalogue that counts something, in the singular where there is one: `<key>_one`."""
        return self.text(f"{key}_one" if count.plain == 1 else key, **values)

    def owner(self, given: str | None) -> str:
        """Who answers for something, by the name the house gave."""
        return labels.label(self.language, "owner", given) if given else self.text("cx.nobody")

    def source(self, given: str) -> str:
        """Where evidence comes from, by the name whoever brought it gave."""
        return self.t("source_service") if given == "service record" else labels.label(self.language, "source", given)

    def said(self, texts: Any) -> str:
        """A text somebody wrote, in the reader's language, else in the other."""
        return str(texts.get(self.language) or next((text for text in texts.values() if text), ""))

    def day(self, given: str | date) -> str:
        day = date.fromisoformat(given[:10]) if isinstance(given, str) else given
        return format_date(day, "d MMM y", locale=self.language)

    def number(self, value: Number, digits: int = 0) -> str:
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return _marked(value, lambda one: format_decimal(one, pattern, locale=self.language))

    def percent(self, value: Number) -> str:
        """A share, 0–1."""
        return _marked(value, lambda one: format_percent(one, "#,##0.0%", locale=self.language))

    def of_hundred(self, value: Number) -> str:
        """A share already in percent."""
        return _marked(value, lambda one: format_percent(one / 100, "#,##0.0%", locale=self.language))

    def signed(self, value: Number) -> str:
        return _marked(value, lambda one: format_decimal(one, "+#,##0;−#,##0", locale=self.language))

    def in_points(self, value: Number) -> str:
        """The difference of two shares, 0–1, in percentage points."""
        return _marked(value, lambda one: format_decimal(100 * one, "+#,##0.0;−#,##0.0", locale=self.language))

    def duration(self, value: Number) -> str:
        """Seconds as people say them, two units at most."""
        return _marked(value, self._duration)

    def _duration(self, seconds: float) -> str:
        whole = round(seconds)
        minutes, hours = whole // 60, whole // 3600
        if whole < 60:
            return f"{self.number(seconds, 0 if seconds == whole else 1)} s"
        if hours == 0:
            return f"{minutes} min {whole % 60} s" if whole % 60 else f"{minutes} min"
        return f"{self.number(hours)} h {minutes % 60} min" if minutes % 60 else f"{self.number(hours)} h"

    def interval(self, low: Part, high: Part, write: Callable[[Number], str]) -> str:
        if low.plain is None or high.plain is None:
            return self.t("no_interval")
        return self.t("interval", low=write(low), high=write(high))

    def contacts(self, text: str, metric: str, part: str = "n", **only: str) -> str:
        """A number as a link to the contacts it counts."""
        if self.filter is None:
            return text
        value = only.pop("value", None)
        asked = {"metric": metric, "part": part} | ({"value": value} if value else {})
        address = f"/dashboard/interactions?{self.filter.only(**only).query}&{urlencode(asked)}"
        return Markup('<a class="behind" href="{}">{}</a>').format(address, text)

    def figure(self, name: str, cell: Part) -> Figure:
        """The metric with this id, whose numbers are `cell`."""
        metric = METRICS[name]
        kind = _kind(cell)
        value, interval, shown = _KINDS[kind](self, cell)
        behind = "numerator" if kind == "proportion" else "n"
        linked = name if kind != "range" else f"{name}.upper"
        return Figure(
            id=name,
            name=getattr(metric.name, self.language, metric.name.en),
            definition=getattr(metric.definition, self.language, metric.definition.en),
            formula=metric.formula,
            version=cell["version"].plain,
            method=self.t(f"method_{kind}"),
            cannot=self.t(f"limits.{name}"),
            level=shown,
            value=self.contacts(value, linked, behind) if shown in ("shown", "counts") and kind != "range" else value,
            interval=interval,
            n=self.count_of(name, cell),
            notes=tuple(self._notes(cell, shown)),
        )

    def count_of(self, name: str, cell: Part) -> str:
        """The n of a metric, as a link to its contacts where it may be opened."""
        n = cell["n"]
        text = self.t("n", n=self.number(n))
        return (
            self.contacts(text, name, "n")
            if n.plain >= FEWEST and "numerator" not in cell
            else (self.contacts(text, name, "denominator") if n.plain >= FEWEST else text)
        )

    def guarded(self, shown: Level) -> str | None:
        """What stands in the place of a value that may not be shown."""
        return {"none": self.t("none_yet"), "hidden": self.t("not_shown")}.get(shown)

    def _notes(self, cell: Part, shown: Level) -> list[str]:
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
            notes.append(self.counted("dashboard.never_answered", cell["none"], n=self.number(cell["none"])))
        if shown == "shown" and cell.get("identifiable"):
            known = cell["identifiable"]
            said = {name: self.number(known[name]) for name in ("numerator", "denominator")}
            notes.append(self.counted("dashboard.identifiable", known["numerator"], **said))
        if cell.get("censored"):
            notes.append(self.counted("dashboard.censored", cell["censored"], n=self.number(cell["censored"])))
        return notes


def _marked(value: Number, write: Callable[[float], str]) -> str:
    """A number of a document in an element that says which it is; a bare number as it is written."""
    if not isinstance(value, Part):
        return write(value)
    element = '<data value="{}" data-document="{}" data-path="{}">{}</data>'
    return Markup(element).format(value.plain, value.document, value.path, write(value.plain))


_Shown = tuple[str, str | None, Level]


def _kind(cell: Part) -> str:
    if "upper" in cell:
        return "range"
    if "wall" in cell or "median" in cell:
        return "duration"
    return "proportion" if "denominator" in cell else "count"


def _between(low: str, high: str) -> str:
    return Markup("{}–{}").format(low, high)


def _proportion(reader: Reader, cell: Part) -> _Shown:
    shown = level(cell["denominator"].plain)
    counts = reader.t(
        "counts_only", numerator=reader.number(cell["numerator"]), denominator=reader.number(cell["denominator"])
    )
    if shown != "shown":
        return reader.guarded(shown) or counts, None, shown
    return reader.percent(cell["value"]), reader.interval(cell["low"], cell["high"], reader.percent), shown


def _range(reader: Reader, cell: Part) -> _Shown:
    confirmed, upper, shown = cell["confirmed"], cell["upper"], level(cell["n"].plain)
    if shown != "shown":
        ends = _between(reader.number(confirmed["numerator"]), reader.number(upper["numerator"]))
        return (
            reader.guarded(shown) or reader.t("counts_only", numerator=ends, denominator=reader.number(cell["n"])),
            None,
            shown,
        )
    value = _between(reader.percent(confirmed["value"]), reader.percent(upper["value"]))
    return value, reader.interval(confirmed["low"], upper["high"], reader.percent), shown


def _duration(reader: Reader, cell: Part) -> _Shown:
    if "wall" in cell:
        cell = cell["wall"]
    shown = level(cell["n"].plain)
    if shown != "shown":
        return reader.guarded(shown) or reader.t("cases", n=reader.number(cell["n"])), None, shown
    write = reader.number if "sum" in cell else reader.duration
    return write(cell["median"]), reader.interval(cell["low"], cell["high"], write), shown


def _count(reader: Reader, cell: Part) -> _Shown:
    shown = level(cell["n"].plain)
    if shown == "hidden":
        return reader.t("not_shown"), None, shown
    return reader.number(cell["n"]), None, "shown"


_KINDS: Final = {"proportion": _proportion, "duration": _duration, "range": _range, "count": _count}
