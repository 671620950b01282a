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
    for group, cells in (*_groups(document), *_earlier(document)):
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
    if "comparison" in document:
        lines += _compared(document, language)
    return "\n".join(lines) + "\n"


def _earlier(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Cell]]]:
    """The metrics of the period compared with, as a group named by its days, and the rates standardised on its mix."""
    if "comparison" not in document:
        return
    period, compared = document["comparison"]["period"], document["comparison"]["metrics"]
    common = {name: {key: document["metrics"][name][key] for key in ("unit", "version")} for name in compared}
    yield (
        f"{period['from']} – {period['to']}",
        {name: {**found["before"], **common[name]} for name, found in compared.items()},
    )
    rates = {name: found for name, found in compared.items() if found.get("standardised")}
    yield (
        "standardised",
        {
            name: {
                **{key: found["standardised"][key] for key in ("value", "low", "high")},
                "n": min(found["before"]["n"], found["after"]["n"]),
                "display": "Simpson warning" if found["warning"] else "",
                **common[name],
            }
            for name, found in rates.items()
        },
    )


def _compared(document: dict[str, Any], language: str) -> Iterator[str]:
    """What changed against the earlier period, under a warning where the mix of reasons may be what changed."""
    comparison = document["comparison"]
    period = comparison["period"]
    yield from ("", f"## Compared with {period['from']} – {period['to']}", "")
    yield from ("| metric | before | now | standardised on the earlier mix | |", "|---|---|---|---|---|")
    for name, found in comparison["metrics"].items():
        rates = {"": found, **{f" {part}": rate for part, rate in found.get("parts", {}).items()}}
        for part, rate in rates.items():
            shown = [found[when]["display"] if not part else "" for when in ("before", "after")]
            standard, warning = rate.get("standardised"), rate.get("warning")
            enough = min(found["before"]["n"], found["after"]["n"]) >= FEWEST_FOR_PERCENT
            adjusted = f"{standard['value']:.1%}" if standard and warning and enough else ""
            label = getattr(METRICS[name].name, language)
            warned = "**Simpson**: " + ", ".join(warning["because"]) if warning and enough else ""
            yield f"| {label} (`{name}`){part} | {' | '.join(shown)} | {adjusted} | {warned} |"
    yield from ("", f"| {comparison['by']} | share before | now |", "|---|---|---|")
    for one in comparison["mix"]:
        shares = [
            "n<5" if one.get("hidden") or one[when] is None else f"{one[when]:.1%}" for when in ("before", "after")
        ]
        yield f"| {one['value']} | {' | '.join(shares)} |"


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
