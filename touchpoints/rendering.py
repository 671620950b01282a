"""A report as CSV or Markdown: what may be shown (rule R11), with everything a number must carry (rule R2)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from touchpoints.display import FEWEST, FEWEST_FOR_PERCENT
from touchpoints.metrics import METRICS

Cell = dict[str, Any]
_COUNTS: Final = ("n", "numerator", "denominator")
_VALUES: Final = ("value", "median", "mean", "low", "high")
_SAME: Final = ("scope", "population", "method", "period_from", "period_to", "as_of", "config_version", "where")
_COLUMNS: Final = ("group", "metric", "name", "unit", *_COUNTS, *_VALUES, "display", "version")


def report_csv(document: dict[str, Any], language: str = "en") -> str:
    """One line for each metric and for each part of one; under 5 nothing is shown, under 10 only counts."""
    same = {**document, "period_from": document["period"]["from"], "period_to": document["period"]["to"]}
    same["where"] = json.dumps(document["where"], ensure_ascii=False) if document["where"] else ""
    buffer = io.StringIO()
    table = csv.DictWriter(buffer, [*_SAME, *_COLUMNS], lineterminator="\r\n")
    table.writeheader()
    for group, cells in _groups(document):
        for name, cell in cells.items():
            for line in _lines(name, cell):
                line |= {"group": group, "name": getattr(METRICS[name].name, language), "unit": cell["unit"]}
                table.writerow({**{column: same[column] for column in _SAME}, **line, "version": cell["version"]})
    return buffer.getvalue()


def report_markdown(document: dict[str, Any], language: str = "en") -> str:
    """A table of what may be shown, under a heading that says what it is about."""
    period = document["period"]
    where = ", ".join(f"{field} = {value}" for field, value in document["where"].items())
    lines = [
        f"# {document['scope']}: {period['from']} – {period['to']}",
        "",
        f"As of {document['as_of']}; {document['population']}{f'; where {where}' if where else ''}.",
        f"{document['method']} Configuration {document['config_version']}.",
    ]
    for group, cells in _groups(document):
        lines += ["", f"## {document['by']}: {group}"] if group else []
        lines += ["", "| metric | shown | unit | version |", "|---|---|---|---|"]
        for name, cell in cells.items():
            label = getattr(METRICS[name].name, language)
            lines.append(f"| {label} (`{name}`) | {cell['display']} | {cell['unit']} | {cell['version']} |")
    return "\n".join(lines) + "\n"


def _groups(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Cell]]]:
    yield "", document["metrics"]
    for group in document.get("groups", []):
        yield group["value"], group["metrics"]


def _lines(name: str, cell: Cell) -> Iterator[dict[str, Any]]:
    n = cell["n"] or 0
    shown: tuple[str, ...] = ()
    if n >= FEWEST:
        shown = _COUNTS if n < FEWEST_FOR_PERCENT else (*_COUNTS, *_VALUES)
    yield {"metric": name, **{column: cell.get(column) for column in shown}, "display": cell.get("display", "")}
    for part, inner in cell.items():
        if isinstance(inner, dict) and "n" in inner:
            yield from _lines(f"{name}.{part}", inner)
