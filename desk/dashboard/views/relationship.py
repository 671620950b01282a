"""Service beside the relationship with the brand: two pictures with axes of their own, and nothing that joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from markupsafe import Markup

from desk.dashboard.charts.dots import Dot, dots
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import figure, metric_name, writer


def contents(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    cx = evidence.summary()
    found = cx["relationship"]
    sides: list[dict[str, Any]] = []
    for name in ("service", "relationship"):
        pictures = list(_pictures(name, found[name], reader))
        sides.append({"name": name, "pictures": pictures, "figures": [figure(reader, one) for one in found[name]]})
    return {
        "about": cx,
        "sides": sides,
        "missing": [reader.text(f"cx.evidence.{one.plain}") for one in found["missing"]],
        "pictures": {one.name: one for side in sides for one in side["pictures"]},
    }


def _pictures(side: str, found: Part, reader: Reader) -> Iterable[Picture]:
    """One picture for each unit: what is measured in different units is never put on one axis."""
    shown = [one for one in found if level(one["n"].plain) == "shown" and one.get("value") is not None]
    shown.sort(key=lambda one: (one["unit"].plain, one["metric"].plain, one["period"]["from"].plain))
    for unit, group in groupby(shown, key=lambda one: one["unit"].plain):
        rows = list(group)
        write = writer(reader, unit)
        names = dict.fromkeys(_name(one, reader) for one in rows)
        sentence = reader.t("side_sentence", names=", ".join(names))
        head = [
            reader.t(key) for key in ("measure_column", "days_column", "value_column", "interval_column", "n_column")
        ]
        table = [
            [
                _name(one, reader),
                _days(one, reader),
                write(one["value"]),
                _interval(one, reader),
                reader.number(one["n"]),
            ]
            for one in rows
        ]
        drawn = [
            Dot(
                f"{_name(one, reader)}, {_days(one, reader)}" if _repeated(one, rows) else _name(one, reader),
                one["value"].plain,
                one["low"].plain,
                one["high"].plain,
                Markup(write(one["value"])).striptags(),
            )
            for one in rows
        ]
        span = _span(unit, rows)
        ends = str(write(span[0])), str(write(span[1]))
        title = f"{reader.t(f'side.{side}')}: {', '.join(names)}"
        yield Picture(f"{side}-{_slug(unit)}", title, sentence, dots(drawn, span, ends, sentence), head, table)


def _repeated(one: Part, rows: list[Part]) -> bool:
    return len([other for other in rows if other["metric"].plain == one["metric"].plain]) > 1


def _span(unit: str, rows: list[Part]) -> tuple[float, float]:
    if unit == "%":
        return 0.0, 100.0
    if unit == "points":
        return -100.0, 100.0
    numbers = [one[key].plain for one in rows for key in ("value", "low", "high") if one.get(key) is not None]
    return min(0.0, *numbers, 0.0), max(*numbers, 0.0) * 1.2 or 1.0


def _slug(unit: str) -> str:
    return {"%": "percent", "s": "seconds", "points": "points"}.get(unit, "number")


def _name(one: Part, reader: Reader) -> str:
    return metric_name(one["metric"].plain, reader.language)


def _days(one: Part, reader: Reader) -> str:
    period = one["period"]
    return reader.t("days", start=reader.day(period["from"].plain), end=reader.day(period["to"].plain))


def _interval(one: Part, reader: Reader) -> str:
    return reader.interval(one["low"], one["high"], writer(reader, one["unit"].plain))
