"""The interface for machines and for leads: metrics, interactions, knowledge search, and its own description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, Final, TypeVar

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, JSONResponse, json, text
from sqlalchemy import Connection

from desk.api import openapi
from desk.api.filters import asked_for, number
from desk.api.routes import GROUPS
from desk.api.streaming import streamed
from desk.errors import BadRequest
from desk.guard import needs
from desk.pages import page
from desk.parts import parts_of
from knowledge.retriever import Match, SearchResult
from touchpoints.dictionary import dictionary_csv
from touchpoints.errors import QueryError
from touchpoints.exporting import csv_lines
from touchpoints.report import report
from touchpoints.rows import Counted, every_interaction, interactions
from touchpoints.selection import Question
from touchpoints.waits import waits

blueprint = Blueprint("api")
LONGEST_QUERY: Final = 500
MOST_MATCHES: Final = 20
MOST_ROWS: Final = 500
CSV: Final = "text/csv; charset=utf-8"
PASSAGE_SHOWN: Final = ("article_id", "title", "lang", "passage", "score", "confidence", "url")
T = TypeVar("T")


@blueprint.get("/api/v1/metrics")
@needs("lead")
async def metrics(request: Request) -> JSONResponse:
    """The report over the period asked about, the whole record where none is; beside another period if wanted."""
    asked, by = asked_for(request), request.args.get("by") or None
    first, last = request.args.get("compare_from") or None, request.args.get("compare_to") or None
    if (first is None) != (last is None):
        raise BadRequest("a period to compare with needs both days", code="invalid_value", field="compare_from")
    compare = None if first is None or last is None else (first, last)
    configuration = parts_of(request).configuration
    return json(await _read(request, lambda conn: report(conn, configuration, **asked, by=by, compare=compare)))


@blueprint.get("/api/v1/waits")
@needs("lead")
async def waiting(request: Request) -> JSONResponse:
    """How long customers waited, as counts by length."""
    asked, configuration = asked_for(request), parts_of(request).configuration
    return json(await _read(request, lambda conn: waits(conn, configuration, **asked)))


@blueprint.get("/api/v1/interactions")
@needs("lead")
async def interactions_page(request: Request) -> JSONResponse:
    """Some of the interactions, in order of their start, and how many there are; or those behind one number."""
    limit, offset = number(request, "limit", 100, 1, MOST_ROWS), number(request, "offset", 0, 0, 10**9)
    asked, configuration = asked_for(request), parts_of(request).configuration
    asked |= {"limit": limit, "offset": offset, "cursor": request.args.get("cursor") or None}
    counted = _counted(request)
    found = await _read(request, lambda conn: interactions(conn, configuration, **asked, counted=counted))
    shown = {"limit": limit, "offset": offset, "cursor": found.cursor}
    return json({"interactions": found.rows, "total": found.total, **shown})


@blueprint.get("/api/v1/interactions.csv")
@needs("lead")
async def interactions_csv(request: Request) -> None:
    """Sent while it is read: however long the period, few rows are in memory."""
    parts, question, counted = parts_of(request), Question(**asked_for(request)), _counted(request)

    def lines(connection: Connection) -> Iterator[str]:
        return csv_lines(every_interaction(connection, parts.configuration, question, counted))

    async with aclosing(streamed(parts.database, lines)) as chunks:
        with _named():
            first = await anext(chunks)
        response = await request.respond(content_type=CSV, headers=_attached("interactions.csv"))
        await response.send(first)
        async for chunk in chunks:
            await response.send(chunk)
        await response.eof()


@blueprint.get("/api/v1/interactions/dictionary.csv")
@needs("lead")
async def interactions_dictionary(request: Request) -> HTTPResponse:
    """What the columns of an export mean."""
    return _download(dictionary_csv(), "dictionary.csv")


def _counted(request: Request) -> Counted | None:
    """The number of a report whose contacts are asked for."""
    metric = request.args.get("metric")
    part, value = request.args.get("part") or "n", request.args.get("value") or None
    return Counted(metric, part, value) if metric else None


def _download(content: str, name: str) -> HTTPResponse:
    return text(content, content_type=CSV, headers=_attached(name))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@blueprint.get("/api/v1/knowledge/search")
async def search(request: Request) -> JSONResponse:
    """Articles for a question; open to anyone, within the limit that sessions have."""
    parts = parts_of(request)
    parts.session_limit.spend(f"search:{request.remote_addr or request.ip}")
    query, spoken = (request.args.get("q") or "").strip(), request.args.get("lang") or None
    if not query or len(query) > LONGEST_QUERY:
        raise BadRequest(f"q must have 1 to {LONGEST_QUERY} characters", code="invalid_value", field="q")
    if spoken is not None and spoken not in parts.brand.languages:
        raise BadRequest(f"lang must be one of {', '.join(parts.brand.languages)}", code="invalid_value", field="lang")
    return json(_found(await parts.encoding.search(query, spoken, number(request, "k", 5, 1, MOST_MATCHES))))


def _found(result: SearchResult) -> dict[str, Any]:
    return {
        "query": result.query,
        "lang": result.lang,
        "decision": result.decision,
        "confidence": result.confidence,
        "version": result.version,
        "matches": [_match(one) for one in result.matches],
    }


def _match(one: Match) -> dict[str, Any]:
    return {name: getattr(one, name) for name in PASSAGE_SHOWN}


@blueprint.get("/openapi.json")
async def openapi_document(request: Request) -> JSONResponse:
    return json(openapi.document())


@blueprint.get("/docs")
async def docs(request: Request) -> HTTPResponse:
    """The same document as a page."""
    return page(request, "openapi.html", groups=GROUPS, document=openapi.document())


async def _read(request: Request, work: Callable[[Connection], T]) -> T:
    """Ask the record."""
    with _named():
        return await parts_of(request).database.read(work)


@contextmanager
def _named() -> Iterator[None]:
    """What the record has no answer to is the caller's mistake, named by field."""
    try:
        yield
    except QueryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field) from error
