"""Rendering: templates with the reader's language, the demo label and escaping always on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Request
from sanic.response import HTTPResponse, html

from desk import catalogue
from desk.parts import parts_of

HERE: Final = Path(__file__).parent
LANGUAGE_COOKIE: Final = "sportello_lang"

_environment: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def language_of(request: Request) -> str:
    """The reader's language: from the address, kept from before, wished by the browser, else the brand's first."""
    spoken = parts_of(request).brand.languages
    wished = [request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)]
    wished += [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return next((one[:2].lower() for one in wished if one and one[:2].lower() in spoken), spoken[0])


def say_date(day: str, language: str) -> str:
    """An ISO day as the reader writes it."""
    return format_date(date.fromisoformat(day), "d MMMM y", locale=language)


_environment.filters["date"] = say_date


def translator(language: str) -> Callable[..., str]:
    """`t(key, name=value)` for one language."""

    def t(key: str, **values: object) -> str:
        return catalogue.text(language, key, **values)

    return t


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTTPResponse:
    """A page in the reader's language; a language asked for in the address is kept for the next page."""
    parts = parts_of(request)
    language = language_of(request)
    text = _environment.get_template(template).render(
        t=translator(language),
        lang=language,
        languages=parts.brand.languages,
        brand=parts.brand,
        demo=parts.settings.demo,
        path=request.path,
        agent=getattr(request.ctx, "agent", None),
        status=status,
        **context,
    )
    response = html(text, status=status)
    if request.args.get("lang") == language:
        response.add_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=365 * 86_400,
            samesite="Lax",
            httponly=True,
            secure=parts.settings.secure_cookies,
        )
    return response
