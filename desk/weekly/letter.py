"""What a weekly report says: the changes the dashboard begins with, then the week's evidence, in Markdown and HTML.

Every number comes from the documents `sportello report` and `sportello cx` print for the same days, and is
shown under the same rules as on the pages (R11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from babel.dates import format_date
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy import Connection

from desk import catalogue
from desk.dashboard.changes import changes, weeks
from desk.dashboard.evidence import Answers, Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.filter import Filter
from desk.dashboard.period import Period
from touchpoints.configuration import Configuration


@dataclass(frozen=True)
class Letter:
    """A report on one full week, Monday to Sunday."""

    brand: str
    language: str
    start: date
    end: date
    markdown: str

    @property
    def subject(self) -> str:
        days = {name: format_date(day, "d MMM y", locale=self.language) for name, day in self._days()}
        return catalogue.text(self.language, "weekly.subject", brand=self.brand, **days)

    def _days(self) -> list[tuple[str, date]]:
        return [("start", self.start), ("end", self.end)]

    @property
    def name(self) -> str:
        """The file's name without its ending, such as weekly-2026-03-02."""
        return f"weekly-{self.start.isoformat()}"

    @property
    def html(self) -> str:
        """The same as a page of its own."""
        body = MarkdownIt("commonmark", {"html": False}).enable("table").render(self.markdown)
        head = f'<meta charset="utf-8"><title>{escape(self.subject)}</title>'
        return f'<!doctype html>\n<html lang="{self.language}"><head>{head}</head>\n<body>\n{body}</body></html>\n'


def write(
    connection: Connection, configuration: Configuration, brand: str, language: str, today: date, url: str
) -> Letter:
    """The report on the last full week that had ended before `today`. The record must be derived."""
    from desk.cli.cx_markdown import markdown  # the commands' words, which the desk needs but once a week

    this, _ = weeks(today)
    reader = Reader(language)
    week = Evidence(connection, configuration, Answers(), Filter(Period(*this)))
    changed = changes(week, reader)
    lines = [*_changes(changed, language), "", *_evidence(markdown(week.summary().plain, language))]
    lines += ["", catalogue.text(language, "weekly.link", url=f"{url}/dashboard?from={this[0]}&to={this[1]}")]
    title = f"# {brand}: {catalogue.text(language, 'weekly.title')}"
    return Letter(brand, language, *this, "\n".join([title, "", *lines]) + "\n")


def _changes(changed: dict[str, object], language: str) -> Iterator[str]:
    """The table of the dashboard's first section."""
    t = {name: catalogue.text(language, f"weekly.{name}") for name in ("measure", "before", "after", "difference")}
    yield f"## {catalogue.text(language, 'weekly.changed')}"
    yield from ("", _plain(changed["sentence"]), "")
    weeks_named = [f"{t['before']}: {changed['before']}", f"{t['after']}: {changed['this']}"]
    yield f"| {' | '.join([t['measure'], *weeks_named, t['difference']])} |"
    yield "|---|---:|---:|---|"
    listed = changed["listed"]
    assert isinstance(listed, list)
    for one in listed:
        warning = f" ({catalogue.text(language, 'weekly.mix')})" if one.warning else ""
        cells = [one.name, one.before, one.after, f"{_plain(one.difference)}{warning}"]
        yield f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _evidence(document: str) -> Iterator[str]:
    """The summary's Markdown, its headings one step down."""
    for line in document.splitlines():
        yield f"#{line}" if line.startswith("#") else line


def _plain(said: object) -> str:
    """A text of a page without its marks."""
    return said.striptags() if isinstance(said, Markup) else str(said)
