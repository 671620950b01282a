from __future__ import annotations

import httpx
import pytest

from desk.server import BLUEPRINTS
from tests.desk.conftest import Served

PUBLIC = {
    "/", "/brand.css", "/shop", "/help",
    "/help/<lang:str>/<article_id:path>", "/privacy", "/login", "/logout", "/widget.js",
    "/widget/<name:path>", "/health/live", "/health/ready", "/openapi.json", "/docs",
    "/api/v1/widget/session", "/api/v1/widget/messages", "/api/v1/widget/ws",
    "/api/v1/knowledge/search", "/api/v1/desk/ws",  # the last checks the sign-in itself, before it says a word
}  # fmt: skip
PASSWORD = "long enough for {}"


async def sign_in(client: httpx.AsyncClient, name: str) -> httpx.Response:
    return await client.post("/login", data={"name": name, "password": PASSWORD.format(name)})


def test_every_route_is_public_on_purpose_or_names_a_right() -> None:
    unguarded = {
        (blueprint.url_prefix or "") + future.uri
        for blueprint in BLUEPRINTS
        for future in blueprint._future_routes
        if not hasattr(future.handler, "needs")
    }
    assert unguarded <= PUBLIC


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (None, "/api/v1/conversations", 401),
        ("agent", "/api/v1/conversations", 200),
        ("lead", "/api/v1/conversations", 403),
        ("admin", "/api/v1/conversations", 200),
        (None, "/api/v1/metrics", 401),
        ("agent", "/api/v1/metrics", 403),
        ("lead", "/api/v1/metrics", 200),
        ("admin", "/api/v1/metrics", 200),
        ("agent", "/api/v1/interactions.csv", 403),
        ("lead", "/api/v1/interactions.csv", 200),
        ("agent", "/dashboard", 403),
        ("lead", "/dashboard", 200),
        ("lead", "/desk", 403),
        ("agent", "/desk", 200),
    ],
)
async def test_a_role_opens_its_own_doors_only(served: Served, role: str | None, path: str, status: int) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        if role:
            await served.desk.agent("Giulia", role)
            assert (await sign_in(client, "Giulia")).status_code == 303
        assert (await client.get(path)).status_code == status


async def test_a_page_sends_whoever_is_not_signed_in_to_the_sign_in(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        sent = await client.get("/desk")
        assert (sent.status_code, sent.headers["location"]) == (302, "/login?next=/desk")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_the_sign_in_leads_nowhere_else(served: Served, wanted: str) -> None:
    await served.desk.agent("Giulia")
    async with httpx.AsyncClient(base_url=served.url) as client:
        sent = await client.post(
            "/login", params={"next": wanted}, data={"name": "Giulia", "password": PASSWORD.format("Giulia")}
        )
        assert sent.headers["location"] == "/desk"


async def test_failed_sign_ins_are_throttled_even_with_the_right_password(served: Served) -> None:
    await served.desk.agent("Giulia")
    async with httpx.AsyncClient(base_url=served.url) as client:
        for _ in range(5):
            failed = await client.post("/login", data={"name": "giulia", "password": "a guess at it"})
            assert failed.status_code == 401
        assert (await sign_in(client, "Giulia")).status_code == 429
        served.desk.pass_time(minutes=16)
        assert (await sign_in(client, "Giulia")).status_code == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    await served.desk.agent("Giulia")
    async with httpx.AsyncClient(base_url=served.url) as client:
        cookie = (await sign_in(client, "Giulia")).headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


async def test_a_request_from_another_site_changes_nothing(served: Served) -> None:
    await served.desk.agent("Giulia")
    thread_id = await served.desk.thread()
    await served.desk.say(thread_id, "person please")
    async with httpx.AsyncClient(base_url=served.url) as client:
        await sign_in(client, "Giulia")
        taken = await client.post(f"/api/v1/conversations/{thread_id}/take", headers={"Origin": "https://evil.example"})
        assert taken.status_code == 403
        assert (await served.desk.get(thread_id)).holder == "queue"


async def test_signing_out_ends_the_session(served: Served) -> None:
    await served.desk.agent("Giulia")
    async with httpx.AsyncClient(base_url=served.url) as client:
        await sign_in(client, "Giulia")
        token = client.cookies["sportello_session"]
        await client.post("/logout")
        client.cookies.set("sportello_session", token)
        assert (await client.get("/api/v1/conversations")).status_code == 401


async def test_every_page_forbids_inline_scripts_and_framing(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers={"Accept": "text/html"}) as client:
        for path in ("/help", "/login", "/no-such-page"):
            page = await client.get(path)
            policy = page.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert "<script>" not in page.text
            assert " style=" not in page.text
