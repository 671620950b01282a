"""The dashboard of whoever leads the experience: promises first, service inside it, and no overall number anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw, text

from desk.dashboard import filter as filters
from desk.dashboard import interactions, period, refused
from desk.dashboard.charts.picture import Picture
from desk.dashboard.evidence import Answers
from desk.dashboard.figures import Reader
from desk.dashboard.filter import Filter
from desk.dashboard.view import IN_REPORT, OPTIONS, VIEWS, Contents, build, frame, gathered, query
from desk.errors import BadRequest, NotFound
from desk.guard import may, needs
from desk.pages import language_of, page
from desk.parts import App, Parts, parts_of
from desk.store import accounts
from touchpoints.errors import QueryError

blueprint = Blueprint("dashboard")
Handler = Callable[..., Any]
PICTURES: Final = {view.name: view.contents for view in VIEWS}


@blueprint.before_server_start
async def open_answers(app: App) -> None:
    app.ctx.answers = Answers()


async def _shown(request: Request, template: str, contents: Contents, **more: Any) -> HTTPResponse:
    """A page for the filter in its address; of one that can't be read it says so, and shows the usual one.

    The bar keeps what was typed, so that it can be mended.
    """
    parts, language = parts_of(request), language_of(request)
    options, problem = _options(request), None
    try:
        asked = filters.asked(request, parts)
        found = await _built(request, contents, asked, language, options)
    except (BadRequest, QueryError) as error:
        asked, problem = filters.usual(parts), refused.said(language, error)
        found = await _built(request, contents, asked, language, {})
        options = {} if error.field in options else options
    typed = filters.typed(request) if problem else asked.typed
    context = {**found, **frame(parts, asked), "problem": problem, "typed": typed, "usual_days": period.DEFAULT_DAYS}
    context |= {"options": options, "query": query, **more}
    return page(request, template, status=400 if problem else 200, **context)


def _options(request: Request) -> dict[str, str]:
    return {name: value for name in OPTIONS if (value := request.args.get(name))}


async def _built(
    request: Request, contents: Contents, asked: Filter, language: str, options: dict[str, str]
) -> dict[str, Any]:
    parts: Parts = parts_of(request)
    answers: Answers = request.app.ctx.answers
    return await parts.database.read(lambda conn: build(conn, parts, answers, contents, asked, language, options))


def _page_of(name: str, contents: Contents) -> Handler:
    @needs("lead", page=True)
    async def handler(request: Request) -> HTTPResponse:
        return await _shown(request, "dashboard/page.html", contents, name=name)

    return handler


for _view in VIEWS:
    blueprint.add_route(_page_of(_view.name, _view.contents), _view.path, methods=["GET"], name=f"view_{_view.name}")


@blueprint.get("/dashboard/report")
@needs("lead", page=True)
async def printable(request: Request) -> HTTPResponse:
    """Every view of the period on one page, made to be printed."""
    return await _shown(request, "dashboard/report.html", gathered, name="report", in_report=IN_REPORT)


@blueprint.get("/dashboard/interactions")
@needs("lead", page=True)
async def behind_a_number(request: Request) -> HTTPResponse:
    """The contacts behind a number, a page at a time."""
    return await _shown(request, "dashboard/interactions.html", interactions.listed, name="interactions")


@blueprint.get("/dashboard/interactions/<interaction_id:str>")
@needs("lead", "agent", page=True)
async def one_interaction(request: Request, interaction_id: str) -> HTTPResponse:
    """One contact and what was said: all of it to those who work with conversations, redacted to others.

    Who opens a full transcript is written down.
    """
    parts, agent = parts_of(request), request.ctx.agent
    full, reader = may(agent, "agent"), Reader(language_of(request))
    found = await parts.database.read(
        lambda conn: interactions.one(conn, parts.configuration, interaction_id, full, reader)
    )
    if full:
        at = parts.conversations.now()
        await parts.database.write(lambda conn: accounts.note(conn, at, agent.id, "transcript.opened", found["id"]))
    return page(request, "dashboard/interaction.html", found=found)


@blueprint.get("/dashboard/pictures/<view:str>/<file:str>")
@needs("lead", page=True)
async def picture(request: Request, view: str, file: str) -> HTTPResponse:
    """A picture of a view as SVG or PNG, or its table as CSV."""
    name, _, form = file.rpartition(".")
    if view not in PICTURES or form not in _FORMS:
        raise NotFound("no such picture")
    parts, language = parts_of(request), language_of(request)
    try:
        asked = filters.asked(request, parts)
        found = await _built(request, PICTURES[view], asked, language, _options(request))
    except QueryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field) from error
    chosen: Picture | None = found["found"]["pictures"].get(name)
    if chosen is None:
        raise NotFound("no such picture")
    return await _as_file(request, chosen, form)


async def _as_file(request: Request, chosen: Picture, form: str) -> HTTPResponse:
    headers = {"Content-Disposition": f'attachment; filename="{chosen.name}.{form}"'}
    if form == "csv":
        return text(chosen.csv(), content_type=_FORMS[form], headers=headers)
    if not chosen.svg:
        raise NotFound("no such picture")
    if form == "svg":
        return text(chosen.svg_file(), content_type=_FORMS[form], headers=headers)
    drawn = await parts_of(request).database.read(lambda _: chosen.png_file())
    return raw(drawn, content_type=_FORMS[form], headers=headers)


_FORMS: Final = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml; charset=utf-8", "png": "image/png"}
