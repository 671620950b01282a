"""The lead's page: what service did in a period, each number with what it rests on, and what it can't tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from babel.dates import format_date, format_datetime
from sanic import Blueprint, Request
from sanic.response import HTTPResponse
from sqlalchemy import Connection

from desk import labels
from desk.dashboard import causes, period
from desk.dashboard.figures import Reader
from desk.dashboard.period import Period
from desk.dashboard.resolution import resolution
from desk.errors import BadRequest
from desk.guard import needs
from desk.pages import language_of, page
from desk.parts import parts_of
from touchpoints.configuration import Configuration
from touchpoints.errors import QueryError
from touchpoints.report import report
from touchpoints.vocabulary import AREAS

blueprint = Blueprint("dashboard")
PRESETS: Final = (7, 28, 90)
REASONS_SHOWN: Final = 12
# metrics in the order of the page; those in one tuple are only ever shown together
GROUPS: Final = {
    "volume": (("contacts",), ("containment", "empty_containment"), ("handoff_rate",)),
    "outcome": (("resolution_confirmed",), ("resolution_assumed",), ("unresolved",), ("abandonment",)),
    "time": (("first_answer_s",), ("revocation",)),
    "survey": (("csat",), ("ces",)),
}
Reports = tuple[dict[str, Any], dict[str, Any]]


@blueprint.get("/dashboard")
@needs("lead", page=True)
async def dashboard(request: Request) -> HTTPResponse:
    """The page for the period in its address; of one that can't be read it says so, and shows the usual one."""
    parts, language = parts_of(request), language_of(request)
    at, problem = parts.conversations.now(), None
    usual = period.last_days(period.DEFAULT_DAYS, at, parts.brand.zone)
    try:
        asked = period.asked(request, at, parts.brand.zone)
        found = await parts.database.read(lambda conn: _reports(conn, parts.configuration, asked))
    except (BadRequest, QueryError) as error:
        asked, problem = usual, str(error)
        found = await parts.database.read(lambda conn: _reports(conn, parts.configuration, usual))
    return page(
        request,
        "dashboard.html",
        status=400 if problem else 200,
        asked=asked,
        kept_query=asked.query,
        problem=problem,
        presets=[(days, period.last_days(days, at, parts.brand.zone)) for days in PRESETS],
        **contents(found, asked, language),
    )


def _reports(conn: Connection, configuration: Configuration, asked: Period) -> Reports:
    """The report by area of the cause and by reason, over the same contacts."""
    days = (conn, configuration, asked.start, asked.end, asked.as_of)
    return report(*days, by="cause_area"), report(*days, by="contact_reason")


def contents(found: Reports, asked: Period, language: str) -> dict[str, Any]:
    """Everything the page shows, written in the reader's language."""
    by_area, by_reason = found
    reader, metrics = Reader(language), by_area["metrics"]
    areas = causes.bars(by_area, "area", language)
    return {
        "total": metrics["contacts"]["n"],
        "scope": _scope(by_area, asked, reader),
        "resolution": resolution(metrics, reader),
        "groups": {
            name: [[reader.figure(one, metrics[one]) for one in together] for together in group]
            for name, group in GROUPS.items()
        },
        "areas": areas,
        "causes_sentence": causes.sentence(by_area, areas, reader),
        "reasons": causes.bars(by_reason, "reason", language)[:REASONS_SHOWN],
        "elsewhere": [(labels.label(language, "area", one), one == "service") for one in AREAS if one != "unknown"],
        "observed": reader.number(metrics["contacts"]["n"]),
    }


def _scope(document: dict[str, Any], asked: Period, reader: Reader) -> str:
    """What the numbers are about, of whom, when, and by which rules (rule R2)."""
    seen_at = datetime.fromisoformat(document["as_of"])
    return reader.t(
        "scope",
        start=format_date(asked.start, "long", locale=reader.language),
        end=format_date(asked.end, "long", locale=reader.language),
        as_of=format_datetime(seen_at, "d MMMM y, HH:mm", locale=reader.language),
        version=document["config_version"],
    )
