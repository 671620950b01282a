"""Text on the way to a browser is packed: pages, scripts and documents take a fifth to a tenth of the bytes."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Final

from sanic import Request
from sanic.response import BaseHTTPResponse

from desk.parts import App
from desk.security import OPEN_TO_SITES

SMALLEST: Final = 1_000  # bytes; below it packing saves nothing that matters
LEVEL: Final = 5
PACKED: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
_GZIP: Final = re.compile(r"\bgzip\b", re.IGNORECASE)
_REFUSED: Final = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)
REMEMBERED: Final = 64  # files that every page loads


def install(app: App) -> None:
    """Pack what this app sends to whoever can unpack it, but for the widget's own words.

    Those hold a session's token, and the length of what is packed can tell something of what is in it.
    """

    @app.on_response
    async def pack(request: Request, response: BaseHTTPResponse) -> None:
        body = response.body
        if not body or len(body) < SMALLEST or request.path.startswith(OPEN_TO_SITES):
            return
        if "content-encoding" in response.headers or not str(response.content_type or "").startswith(PACKED):
            return
        response.headers["Vary"] = "Accept-Encoding"
        if not unpacks(request.headers.get("accept-encoding", "")):
            return
        still = request.path.startswith(("/static/", "/widget"))
        response.body = _remembered(body) if still else _packed(body)
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("content-length", None)


def unpacks(accepted: str) -> bool:
    """Whether an Accept-Encoding header takes gzip; a weight of zero refuses it (RFC 9110)."""
    return bool(_GZIP.search(accepted)) and not _REFUSED.search(accepted)


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


_remembered = lru_cache(REMEMBERED)(_packed)
