"""The measures of service: resolution as a range, over time, beside the period before; waits; and any break-down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from markupsafe import Markup
from msgspec.structs import asdict

from desk import labels
from desk.dashboard.charts.picture import Picture
from desk.dashboard.charts.trend import Mark, Week, trend
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import metric_name
from desk.dashboard.resolution import resolution
from desk.dashboard.views import waits

# metrics in the order of the page; those in one tuple are only ever shown together
GROUPS: Final = {
    "volume": (("contacts",), ("issues",), ("containment", "empty_containment"), ("handoff_rate",), ("after_hours",)),
    "outcome": (
        ("resolution_confirmed",),
        ("resolution_assumed",),
        ("unresolved",),
        ("abandonment",),
        ("revocation",),
        ("repeat_7d",),
        ("fcr",),
        ("resolved_after_handoff",),
    ),
    "time": (("first_answer_s",), ("agent_wait_s",), ("ttr_contact_s",), ("aht_s",)),
    "effort": (("turns",), ("friction",), ("high_friction",), ("kb_cover",)),
    "survey": (("csat",), ("ces",)),
    "demand": (("failure_demand",), ("promise_broken",)),
}
BREAK_DOWNS: Final = {
    "contact_reason": "reason",
    "channel": "channel",
    "language": "language",
    "segment": "segment",
    "customer_lifecycle": "lifecycle",
    "journey_stage": "stage",
    "cause_area": "area",
    "demand_type": "demand",
    "key_strength": "identified",
}
BROKEN_DOWN: Final = ("resolution_confirmed", "handoff_rate", "high_friction", "failure_demand")
COMPARED: Final = ("resolution_confirmed", "resolution_assumed", "handoff_rate", "revocation", "failure_demand", "csat")


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    before = evidence.filter.before
    found = evidence.report()
    compared = evidence.report("compared", compare=before, only=COMPARED)
    metrics = found["metrics"]
    by = options.get("by") if options.get("by") in BREAK_DOWNS else "contact_reason"
    over_time = _trend(evidence.report("weeks", by="week", only=("resolution_range",)), evidence, reader)
    pictures = [over_time, *waits.pictures(evidence, reader)]
    return {
        "about": found,
        "any": bool(metrics["contacts"]["n"].plain),
        "resolution": resolution(metrics, reader),
        "trend": over_time,
        "waits": pictures[1:],
        "groups": {
            name: [[reader.figure(one, metrics[one]) for one in together] for together in group]
            for name, group in GROUPS.items()
        },
        "comparison": _comparison(compared["comparison"], before, reader),
        "by": by,
        "break_downs": [(field, reader.t(f"by.{field}")) for field in BREAK_DOWNS],
        "rows": _broken_down(evidence.report(f"by_{by}", by=by, only=("contacts", *BROKEN_DOWN)), str(by), reader),
        "columns": [metric_name(name, reader.language) for name in BROKEN_DOWN],
        "pictures": {one.name: one for one in pictures},
    }


def _trend(found: Part, evidence: Evidence, reader: Reader) -> Picture:
    weeks, table = [], []
    for group in found["groups"]:
        monday = date.fromisocalendar(*_week(group["value"].plain), 1)
        cell = group["metrics"]["resolution_range"]
        shown = not cell.get("hidden") and level(cell["n"].plain) == "shown"
        confirmed, upper = cell["confirmed"], cell["upper"]
        ends = (confirmed["value"].plain, upper["value"].plain) if shown else None
        interval = (confirmed["low"].plain, upper["high"].plain) if shown else None
        weeks.append(Week(reader.day(monday).rsplit(" ", 1)[0], ends, interval))
        table.append([reader.day(monday), *_cells(cell, shown, reader)])
    events = _events(evidence, found, reader)
    sentence = reader.t("trend_sentence_events" if events else "trend_sentence")
    svg = trend(weeks, events, sentence, reader.t("not_shown_short"))
    head = [reader.t(key) for key in ("week_column", "confirmed_column", "upper_column", "interval_column", "n_column")]
    return Picture("resolution-over-time", reader.t("trend_title"), sentence, svg, head, table)


def _cells(cell: Part, shown: bool, reader: Reader) -> list[str]:
    if not shown:
        few = cell.get("hidden") or level(cell["n"].plain) == "hidden"
        n = "–" if few else reader.number(cell["n"])
        return [reader.t("not_shown_short")] * 3 + [n]
    confirmed, upper = cell["confirmed"], cell["upper"]
    interval = Markup("{}–{}").format(reader.percent(confirmed["low"]), reader.percent(upper["high"]))
    return [reader.percent(confirmed["value"]), reader.percent(upper["value"]), interval, reader.number(cell["n"])]


def _week(label: str) -> tuple[int, int]:
    year, _, week = label.partition("-W")
    return int(year), int(week)


def _events(evidence: Evidence, found: Part, reader: Reader) -> list[Mark]:
    """Context events of the period, at their place among the weeks drawn."""
    listed = [_week(group["value"].plain) for group in found["groups"]]
    if not listed:
        return []
    first = date.fromisocalendar(*listed[0], 1)
    marks = []
    for one in evidence.context_events():
        if first <= one.start < date.fromisocalendar(*listed[-1], 1) + timedelta(days=7):
            place = sum(date.fromisocalendar(*week, 1) <= one.start for week in listed) - 1
            marks.append(Mark(place + one.start.weekday() / 7, reader.said(asdict(one.text))))
    return marks


def _comparison(found: Part, before: tuple[date, date], reader: Reader) -> dict[str, Any]:
    rows = []
    for name in COMPARED:
        cell = found["metrics"][name]
        sides = [cell["before"], cell["after"]]
        shown = all(level(side["n"].plain) == "shown" for side in sides)
        difference, standard = cell["difference"], cell["standardised"]
        row = {"name": metric_name(name, reader.language), "shown": shown, "warning": bool(cell["warning"])}
        if shown:
            words = {key: reader.in_points(difference[key]) for key in ("value", "low", "high")}
            row |= {
                "before": reader.percent(sides[0]["value"]),
                "after": reader.percent(sides[1]["value"]),
                "difference": reader.t("difference", **words),
                "standardised": reader.percent(standard["value"]) if standard else "–",
                "because": [reader.t(f"because.{one.plain}") for one in cell["warning"]["because"]]
                if cell["warning"]
                else [],
            }
        rows.append(row)
    mix = [
        {
            "name": labels.label(
                reader.language, "reason", None if one["value"].plain == "unknown" else one["value"].plain
            ),
            **{key: reader.percent(one[key]) for key in ("before", "after")},
            "change": reader.in_points(one["change"]),
        }
        for one in found["mix"]
        if one.get("change") is not None
    ]
    return {
        "before": reader.t("days", start=reader.day(before[0]), end=reader.day(before[1])),
        "rows": rows,
        "mix": mix,
        "hidden": sum(bool(one.get("hidden")) for one in found["mix"]),
        "moved": found["mix_moved"].plain,
    }


def _broken_down(found: Part, by: str, reader: Reader) -> list[dict[str, Any]]:
    kind = BREAK_DOWNS[by]
    rows = []
    for group in found["groups"]:
        value, metrics = group["value"].plain, group["metrics"]
        if metrics["contacts"].get("n") == 0:
            continue
        hidden = metrics["contacts"].get("hidden") or level(metrics["contacts"]["n"].plain) == "hidden"
        name = labels.label(reader.language, kind, None if value == "unknown" and kind != "area" else value)
        n = (
            reader.t("few")
            if hidden
            else reader.contacts(reader.number(metrics["contacts"]["n"]), "contacts", "n", **{by: value})
        )
        cells = [_broken_cell(metrics[name], name, {by: value}, reader) for name in BROKEN_DOWN]
        rows.append({"name": name, "n": n, "cells": cells, "size": metrics["contacts"].get("n") or 0})
    return sorted(rows, key=lambda row: (-row["size"], row["name"]))


def _broken_cell(cell: Part, name: str, only: dict[str, str], reader: Reader) -> str:
    if cell.get("hidden"):
        return reader.t("few")
    shown = level(cell["n"].plain)
    if shown in ("none", "hidden"):
        return "–" if shown == "none" else reader.t("few")
    if shown == "counts":
        return reader.t("counts_only", **{key: reader.number(cell[key]) for key in ("numerator", "denominator")})
    low, high = (reader.percent(cell[end]) for end in ("low", "high"))
    value = reader.contacts(reader.percent(cell["value"]), name, "numerator", **only)
    return Markup('{} <span class="soft">({}–{})</span>').format(value, low, high)
