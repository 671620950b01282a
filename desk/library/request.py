"""What every door of the library shares: its blueprint, the period asked about, the page's frame."""

from __future__ import annotations

from typing import Any, Final, cast

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from desk.dashboard import period
from desk.dashboard.period import Period
from desk.errors import BadRequest, NotAllowed
from desk.guard import may
from desk.library.library import Library
from desk.library.vectors import QuestionVectors
from desk.library.views import Writer
from desk.limits import Limit
from desk.pages import language_of, page
from desk.parts import App, Parts, parts_of
from desk.store import drafts
from touchpoints import period as days
from touchpoints.errors import QueryError
from touchpoints.period import Span

blueprint = Blueprint("library")
CHANGES_PER_MINUTE: Final = 60


def library(parts: Parts) -> Library:
    """The library of a running desk."""
    base = parts.retriever.base
    assert base.encoder is not None  # the desk never runs without one
    return Library(
        parts.database, parts.retriever, QuestionVectors(base.encoder), parts.configuration, parts.brand,
        lambda: parts.conversations.now(),
    )  # fmt: skip


@blueprint.before_server_start
async def open_library(app: App) -> None:
    app.ctx.library, app.ctx.library_limit = library(app.ctx.parts), Limit(CHANGES_PER_MINUTE)


def library_of(request: Request) -> Library:
    return cast(Library, request.app.ctx.library)


def span_of(request: Request) -> tuple[Period, Span]:
    """The period in the address and its instants. Raises BadRequest."""
    parts = parts_of(request)
    asked = period.asked(request, parts.conversations.now(), parts.brand.zone)
    try:
        return asked, days.span(asked.start, asked.end, parts.configuration)
    except QueryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field) from error


def period_of(request: Request) -> tuple[Period, Span, str | None]:
    """The period for a page; of one that can't be read it says so, and takes the usual one."""
    parts = parts_of(request)
    try:
        return *span_of(request), None
    except BadRequest as error:
        usual = period.last_days(period.DEFAULT_DAYS, parts.conversations.now(), parts.brand.zone)
        return usual, days.span(usual.start, usual.end, parts.configuration), str(error)


def writer_of(request: Request) -> Writer:
    return Writer(language_of(request), parts_of(request).brand.zone)


def chosen(request: Request, name: str, allowed: tuple[str, ...] | list[str]) -> str:
    """A filter's value, empty where none or an unknown one was chosen."""
    given = request.args.get(name) or ""
    return given if given in allowed else ""


async def render(request: Request, template: str, asked: Period | None = None, **context: Any) -> HTTPResponse:
    count = await parts_of(request).database.read(drafts.count_open)
    agent = request.ctx.agent
    return page(
        request, f"library/{template}", drafts_open=count, asked=asked,
        is_agent=may(agent, "agent"), is_lead=may(agent, "lead"), **context,
    )  # fmt: skip


def presets(request: Request) -> list[tuple[int, Period]]:
    parts = parts_of(request)
    return [(n, period.last_days(n, parts.conversations.now(), parts.brand.zone)) for n in (7, 28, 90)]


def sent(request: Request, field: str) -> str:
    return str(request.form.get(field) or "") if request.form else ""


def check_lead(request: Request) -> None:
    """Agents propose, leads decide. Raises NotAllowed."""
    if not may(request.ctx.agent, "lead"):
        raise NotAllowed("needs the right lead")


def spend(request: Request) -> None:
    request.app.ctx.library_limit.spend(request.ctx.agent.id)
