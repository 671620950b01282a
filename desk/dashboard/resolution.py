"""The headline: between what customers confirmed and what silence lets one assume; chart, table and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from desk.dashboard.document import Part
from desk.dashboard.figures import Figure, Reader, level

_SENTENCES: Final = {
    "shown": "headline_sentence",
    "counts": "headline_counts",
    "hidden": "headline_hidden",
    "none": "headline_none",
}


@dataclass(frozen=True)
class Outcome:
    """A row of the table: `part` is confirmed, assumed or both of them."""

    part: str
    name: str
    count: str
    share: str
    interval: str


@dataclass(frozen=True)
class Resolution:
    """The resolution range of contacts old enough to judge; `confirmed` and `upper` are its ends, as proportions."""

    figure: Figure
    sentence: str
    provisional: str | None
    confirmed: Part
    upper: Part
    outcomes: tuple[Outcome, ...]


def resolution(metrics: Part, reader: Reader) -> Resolution:
    """The headline of a report's metrics."""
    found, assumed = metrics["resolution_range"], metrics["resolution_assumed"]
    confirmed, upper, n, immature = found["confirmed"], found["upper"], found["n"], found["immature"]
    words = {
        "n": reader.number(n),
        "confirmed": reader.number(confirmed["numerator"]),
        "assumed": reader.number(assumed["numerator"]),
    }
    if level(n.plain) == "shown":
        words |= {"low": reader.percent(confirmed["value"]), "high": reader.percent(upper["value"])}
    everyone = reader.number(metrics["contacts"]["n"])
    return Resolution(
        figure=reader.figure("resolution_range", found),
        sentence=reader.t(_SENTENCES[level(n.plain)], **words),
        provisional=reader.counted("dashboard.provisional", immature, pending=reader.number(immature), n=everyone)
        if immature.plain
        else None,
        confirmed=confirmed,
        upper=upper,
        outcomes=(
            _outcome(reader, "confirmed", confirmed),
            _outcome(reader, "assumed", assumed),
            _outcome(reader, "upper", upper),
        ),
    )


def _outcome(reader: Reader, part: str, cell: Part) -> Outcome:
    name, shown = reader.t(f"part_{part}"), reader.number(cell["numerator"])
    if level(cell["denominator"].plain) != "shown":
        return Outcome(part, name, shown, "–", "–")
    interval = Markup("{}–{}").format(reader.percent(cell["low"]), reader.percent(cell["high"]))
    return Outcome(part, name, shown, reader.percent(cell["value"]), interval)
