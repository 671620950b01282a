"""A figure of the CX summary, from an import or from service, as a person reads it."""

from __future__ import annotations

from collections.abc import Callable

from desk import catalogue, labels
from desk.dashboard.document import Part
from desk.dashboard.figures import Figure, Level, Number, Reader, level
from touchpoints.display import FEWEST
from touchpoints.metrics import METRICS
from touchpoints.vocabulary import SCOPE


def metric_name(metric: str, language: str) -> str:
    """What a metric is called: the record's own, a known piece of evidence, else the source's word for it."""
    if metric in METRICS:
        return str(getattr(METRICS[metric].name, language, METRICS[metric].name.en))
    key = f"cx.evidence.{metric}"
    return catalogue.text(language, key) if key in catalogue.keys(language) else metric.replace("_", " ")


def writer(reader: Reader, unit: str) -> Callable[[Number], str]:
    """How numbers of a unit are written."""
    known = {"%": reader.of_hundred, "s": reader.duration, "points": reader.signed}
    return known.get(unit, lambda value: reader.number(value, 1))


def figure(reader: Reader, cell: Part) -> Figure:
    """A figure with all that a number must carry."""
    metric = cell["metric"].plain
    own = METRICS.get(metric) if cell["scope"].plain == SCOPE else None
    value, interval, shown = _shown(reader, cell)
    definition = getattr(own.definition, reader.language, own.definition.en) if own else ""
    return Figure(
        id=metric,
        name=metric_name(metric, reader.language),
        definition=definition
        or reader.t("population_is", population=labels.label(reader.language, "population", cell["population"].plain)),
        formula=own.formula if own else cell["method"].plain,
        version=cell["version"].plain,
        method=reader.t(f"kind_{cell['kind'].plain}"),
        cannot=reader.t(f"limits.{metric}") if own else reader.t("limits_import"),
        level=shown,
        value=value,
        interval=interval,
        n=_n(reader, cell, own is not None),
        notes=(days(reader, cell), *_notes(reader, cell)),
        source=reader.source(cell["source"].plain),
    )


def days(reader: Reader, cell: Part) -> str:
    """When a figure is of: not always the days a page is asked about."""
    period = cell["period"]
    return reader.t("days", start=reader.day(period["from"].plain), end=reader.day(period["to"].plain))


def _shown(reader: Reader, cell: Part) -> tuple[str, str | None, Level]:
    shown = level(cell["n"].plain)
    if guarded := reader.guarded(shown):
        return guarded, None, shown
    if shown == "counts" or cell.get("value") is None:
        if cell.get("numerator") is None:
            return reader.t("cases", n=reader.number(cell["n"])), None, "counts"
        counts = {name: reader.number(cell[name]) for name in ("numerator", "denominator")}
        return reader.t("counts_only", **counts), None, "counts"
    write = writer(reader, cell["unit"].plain)
    return write(cell["value"]), reader.interval(cell["low"], cell["high"], write), shown


def _n(reader: Reader, cell: Part, own: bool) -> str:
    text = reader.t("n", n=reader.number(cell["n"]))
    if not own or cell["n"].plain < FEWEST:
        return text
    kind = cell["kind"].plain
    return reader.contacts(text, cell["metric"].plain, "denominator" if kind == "proportion" else "n")


def _notes(reader: Reader, cell: Part) -> list[str]:
    notes = []
    if cell.get("numerator") is not None and level(cell["n"].plain) == "shown":
        counts = {name: reader.number(cell[name]) for name in ("numerator", "denominator")}
        notes.append(reader.t("counts_only", **counts))
    if cell.get("response_rate") is not None:
        notes.append(reader.t("response_rate", rate=reader.percent(cell["response_rate"])))
    return notes
