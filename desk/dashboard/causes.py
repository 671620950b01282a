"""Where contacts come from: areas and reasons by number of contacts, as rows of a chart and of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk import labels
from desk.dashboard.figures import Reader

NOT_UPSTREAM = ("service", "unknown")


@dataclass(frozen=True)
class Bar:
    """One row; `count` is None under 5 customers, `share` a percentage of the longest bar."""

    value: str
    name: str
    count: int | None
    share: float
    area: str


def bars(document: dict[str, Any], kind: str, language: str) -> list[Bar]:
    """The groups of a report by number of contacts; those too small to show and what is not known come last."""
    rows = [(one["value"], one["metrics"]) for one in document["groups"] if one["metrics"]["contacts"]["n"] != 0]
    most = max((metrics["contacts"]["n"] or 0 for _, metrics in rows), default=0)
    found = [_bar(value, metrics, most, kind, language) for value, metrics in rows]
    return sorted(
        found, key=lambda bar: (bar.value == "unknown", bar.count is None, -(bar.count or 0), bar.name.casefold())
    )


def _bar(value: str, metrics: dict[str, Any], most: int, kind: str, language: str) -> Bar:
    count = metrics["contacts"]["n"]
    areas = {area: n for area, n in (metrics["causes"].get("counts") or {}).items() if n}
    return Bar(
        value=value,
        name=labels.label(language, kind, None if kind == "reason" and value == "unknown" else value),
        count=count,
        share=round(100 * count / most, 2) if count else 0,
        area=labels.label(language, "area", max(areas, key=lambda area: areas[area])) if areas else "",
    )


def sentence(document: dict[str, Any], areas: Sequence[Bar], reader: Reader) -> str:
    """What the causes say, in one sentence; a cause nobody knows counts as nobody's."""
    first = next((bar for bar in areas if bar.count and bar.value not in NOT_UPSTREAM), None)
    if first is None or first.count is None:
        return reader.t("causes_hidden")
    counts = document["metrics"]["causes"]["counts"]
    outside = sum(count for area, count in counts.items() if area not in NOT_UPSTREAM)
    words = {"n": outside, "total": sum(counts.values()), "top": first.count}
    return reader.t("causes_sentence", area=first.name, **{name: reader.number(value) for name, value in words.items()})
