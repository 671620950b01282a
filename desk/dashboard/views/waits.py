"""Waits: the median with its interval, and how many waited how long, by what the customer waited for."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from desk.dashboard.charts.bars import Bar, bars, slim_bars
from desk.dashboard.charts.picture import Picture
from desk.dashboard.document import Part
from desk.dashboard.evidence import Evidence
from desk.dashboard.figures import Reader, level
from desk.dashboard.imported import metric_name
from touchpoints.display import FEWEST


def pictures(evidence: Evidence, reader: Reader) -> Iterable[Picture]:
    """A picture for each wait of which enough is known."""
    found = evidence.waits()
    return [_picture(name, one, reader) for name, one in found["waits"].items() if level(one["n"].plain) == "shown"]


def _picture(name: str, found: Part, reader: Reader) -> Picture:
    drawn, table = [], []
    for one in found["bins"]:
        few = 0 < one["n"].plain < FEWEST
        said = reader.t("few") if few else reader.number(one["n"])
        length = _length(one, reader)
        drawn.append(Bar(Markup(length).striptags(), "", None if few else one["n"].plain, Markup(said).striptags()))
        table.append([length, said])
    title = reader.t(f"wait.{name}") if name != "first_answer_s" else metric_name(name, reader.language)
    sentence = reader.t("waits_sentence", median=reader.duration(found["median"]), n=reader.number(found["n"]))
    head = [reader.t("wait_column"), reader.t("contacts_column")]
    return Picture(f"wait-{name}", title, sentence, bars(drawn, sentence), head, table, slim_bars(drawn, sentence))


def _length(one: Part, reader: Reader) -> str:
    """From where to where a bin goes."""
    start = reader.duration(one["from"])
    if one.get("until") is None:
        return reader.t("wait_over", start=start)
    return reader.t("wait_until", start=start, end=reader.duration(one["until"]))
