"""What every door of the lead's book shares: its blueprint, who asks, what was sent, the page's frame."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from desk.limits import Limit
from desk.pages import page
from desk.parts import App, parts_of
from desk.strategy.field import Sent
from desk.strategy.kinds import KINDS

blueprint = Blueprint("strategy")
CHANGES_PER_MINUTE: Final = 60


@blueprint.before_server_start
async def open_book(app: App) -> None:
    app.ctx.strategy_limit = Limit(CHANGES_PER_MINUTE)


def spend(request: Request) -> None:
    """Raises TooMany when one person writes faster than people do."""
    request.app.ctx.strategy_limit.spend(request.ctx.agent.id)


def sent(request: Request) -> Sent:
    """The form as it was sent."""
    return {str(name): [str(value) for value in values] for name, values in (request.form or {}).items()}


def today(request: Request) -> date:
    """The day on the brand's calendar."""
    parts = parts_of(request)
    return parts.conversations.now().astimezone(parts.brand.zone).date()


def render(request: Request, template: str, **context: Any) -> HTTPResponse:
    return page(request, f"strategy/{template}", kinds=list(KINDS), **context)
