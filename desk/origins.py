"""Which sites may embed the widget, and the headers that tell browsers so."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic import Request
from sanic.response import BaseHTTPResponse

from desk.errors import NotAllowed


def own(request: Request, origin: str) -> bool:
    """Whether the origin is this desk itself, as the browser addressed it."""
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def allowed(request: Request, sites: str) -> bool:
    """Whether the request's origin, if it names one, may use the widget's wire."""
    origin: str | None = request.headers.get("origin")
    return origin is None or own(request, origin) or origin in [site.rstrip("/") for site in sites.split()]


def check(request: Request, sites: str) -> None:
    """Raises NotAllowed when the request comes from a site that may not embed the widget."""
    if not allowed(request, sites):
        raise NotAllowed("this site may not embed the widget", code="origin_not_allowed")


def share(request: Request, response: BaseHTTPResponse, sites: str) -> None:
    """Let an embedding site's page read the response. No cookie is ever involved."""
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin")
    if origin is not None and allowed(request, sites):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Max-Age"] = "600"
