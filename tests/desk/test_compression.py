"""What is packed on its way to a browser, and what isn't."""

from __future__ import annotations

import gzip

import httpx
import pytest

from desk.compression import unpacks
from tests.desk.conftest import Served


@pytest.mark.parametrize("header", ["gzip", "GZIP", "br, gzip;q=0.5", "gzip, deflate", "gzip;q=0.001"])
def test_whoever_takes_gzip_is_heard(header: str) -> None:
    assert unpacks(header)


@pytest.mark.parametrize("header", ["", "identity", "gzip;q=0", "br, gzip; q=0.000", "gzip;q=0, br"])
def test_whoever_refuses_gzip_is_heard(header: str) -> None:
    assert not unpacks(header)


@pytest.mark.parametrize("path", ["/login", "/widget.js", "/static/site.css", "/openapi.json"])
async def test_pages_and_files_are_packed_for_whoever_can_unpack_them(served: Served, path: str) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        plain = await http.get(path, headers={"Accept-Encoding": "identity"})
        async with http.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as packed:
            raw = b"".join([part async for part in packed.aiter_raw()])
        head = await http.head(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(raw) < len(plain.content) / 2
    assert gzip.decompress(raw) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert head.status_code == 200


async def test_a_file_not_changed_since_has_no_body_to_pack(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        first = await http.get("/widget.js")
        again = await http.get("/widget.js", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in again.headers


async def test_what_holds_a_token_is_never_packed(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        opened = await http.post(
            "/api/v1/widget/session",
            json={"locale": "en", "page": "/" + "x" * 900},
            headers={"Origin": "https://shop.example", "Accept-Encoding": "gzip"},
        )
    assert opened.json()["token"]
    assert "Content-Encoding" not in opened.headers
