"""Headers every response carries, and the check that a change of state comes from this desk's own pages."""

from __future__ import annotations

from typing import Final

from sanic import Request
from sanic.response import BaseHTTPResponse

from desk import origins
from desk.errors import NotAllowed
from desk.parts import App, parts_of

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAFE: Final = ("GET", "HEAD", "OPTIONS")
OPEN_TO_SITES: Final = "/api/v1/widget/"  # has its own list of origins and uses no cookie


def install(app: App) -> None:
    """Put the checks and the headers on every request of this app."""

    @app.on_request
    async def refuse_other_sites(request: Request) -> None:
        """A form or script of another site can't act with a signed-in person's cookie."""
        if request.method in SAFE or request.path.startswith(OPEN_TO_SITES):
            return
        origin = request.headers.get("origin")
        if origin is not None and not origins.own(request, origin):
            raise NotAllowed("the request comes from another site", code="cross_site")

    @app.on_response
    async def add_headers(request: Request, response: BaseHTTPResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(OPEN_TO_SITES):
            # refusals too: an embedding page must be able to read why
            origins.share(request, response, parts_of(request).settings.allowed_origins)
