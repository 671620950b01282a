"""The views in their order, and what every one of them stands in: filter, navigation, scope, exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from markupsafe import Markup
from sqlalchemy import Connection

from desk import labels
from desk.dashboard.charts.svg import HATCHING
from desk.dashboard.document import Part
from desk.dashboard.evidence import Answers, Evidence
from desk.dashboard.figures import Reader
from desk.dashboard.filter import CHOICES, Filter
from desk.dashboard.period import last_days
from desk.dashboard.views import causes, coverage, glossary, pillars, placement, promises, relationship, service, voices
from desk.parts import Parts

Contents = Callable[[Evidence, Reader, Mapping[str, str]], dict[str, Any]]
OPTIONS: Final = ("by", "metric", "part", "value", "offset", "draw")
"""What a view takes from the address beside the filter."""


@dataclass(frozen=True)
class View:
    """A page of the dashboard: its name is that of its template and of its texts."""

    name: str
    contents: Contents

    @property
    def path(self) -> str:
        return "/dashboard" if self.name == "promises" else f"/dashboard/{self.name}"


VIEWS: Final = (
    View("promises", promises.contents),
    View("causes", causes.contents),
    View("placement", placement.contents),
    View("coverage", coverage.contents),
    View("pillars", pillars.contents),
    View("relationship", relationship.contents),
    View("service", service.contents),
    View("voices", voices.contents),
    View("glossary", glossary.contents),
)
IN_REPORT: Final = ("promises", "causes", "placement", "coverage", "pillars", "relationship", "service")
_LABELS: Final = {"language": "language", "channel": "channel", "reason": "reason", "segment": "segment"}


def gathered(evidence: Evidence, reader: Reader, options: Mapping[str, str]) -> dict[str, Any]:
    """All views that say something of the period, for one printable page."""
    sections = {view.name: view.contents(evidence, reader, {}) for view in VIEWS if view.name in IN_REPORT}
    return {"about": sections["promises"]["about"], "sections": sections, "pictures": {}}


def build(
    connection: Connection,
    parts: Parts,
    answers: Answers,
    contents: Contents,
    asked: Filter,
    language: str,
    options: Mapping[str, str],
) -> dict[str, Any]:
    """Everything a page shows. Raises QueryError for a question the record has no answer to."""
    evidence = Evidence(connection, parts.configuration, answers, asked)
    reader = Reader(language, asked)
    found = contents(evidence, reader, options)
    return {
        "found": found,
        "asked": asked,
        "kept_query": asked.query,
        "scope": _scope(found["about"], asked, reader) if found["about"] else None,
        "choices": _choices(evidence, reader),
        "conditions": asked.further,
        "documents": evidence.addresses,
    }


def frame(parts: Parts, asked: Filter) -> dict[str, Any]:
    """The navigation and the usual periods, each keeping the rest of the filter."""
    at, zone = parts.conversations.now(), parts.brand.zone
    presets = [(days, asked.over(last_days(days, at, zone))) for days in (7, 28, 90)]
    return {"views": VIEWS, "presets": presets, "hatching": Markup(HATCHING)}


def _choices(evidence: Evidence, reader: Reader) -> list[dict[str, Any]]:
    """What the bar lets one choose: only what was ever recorded, and nothing where there is no choice."""
    found = []
    for name, values in evidence.choices().items():
        chosen = evidence.filter.chosen(name)
        listed = sorted({*values, chosen} - {""})
        if len(listed) > 1 or chosen:
            options = labels.options(reader.language, _LABELS[name], listed)
            found.append({"name": name, "label": reader.t(f"filter.{name}"), "options": options, "chosen": chosen})
    return found


def _scope(document: Part, asked: Filter, reader: Reader) -> str:
    """What the numbers are about, of whom, when, and by which rules (rule R2)."""
    seen_at = datetime.fromisoformat(document["as_of"].plain)
    key = "scope" if document.document == "metrics" else "scope_cx"
    said = reader.t(
        key,
        start=format_date(asked.period.start, "d MMMM y", locale=reader.language),
        end=format_date(asked.period.end, "d MMMM y", locale=reader.language),
        as_of=format_datetime(seen_at, "d MMMM y, HH:mm", locale=reader.language),
        version=document["config_version"].plain,
    )
    return f"{said} {reader.t('scope_filtered')}" if asked.where else said


def query(asked: Filter, **more: object) -> str:
    """The filter with further words in the address."""
    given = urlencode({name: value for name, value in more.items() if value is not None})
    return "&".join(part for part in (asked.query, given) if part)


__all__ = ["CHOICES", "IN_REPORT", "OPTIONS", "VIEWS", "View", "build", "frame", "gathered", "query"]
