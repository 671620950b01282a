from __future__ import annotations

import re

import httpx

from desk.api import openapi
from desk.api.routes import ROUTES
from desk.server import BLUEPRINTS
from tests.desk.conftest import Served

# pages for people, their files, and the preflight that browsers send by themselves
NOT_AN_INTERFACE = {
    "/", "/shop", "/help", "/help/{lang}/{article_id}", "/privacy", "/login", "/logout", "/desk", "/dashboard", "/docs",
    "/knowledge", "/knowledge/articles", "/knowledge/drafts", "/knowledge/drafts/{draft_id}",
    "/brand.css", "/widget/{name}",
}  # fmt: skip
PAGES = ("/dashboard/", "/strategy")


def served_routes() -> set[tuple[str, str]]:
    """Method and path of every route, places written as OpenAPI writes them."""
    found = set()
    for blueprint in BLUEPRINTS:
        for future in blueprint._future_routes:
            path = re.sub(r"<(\w+)(?::\w+)?>", r"{\1}", (blueprint.url_prefix or "") + future.uri)
            found |= {(method.lower(), path) for method in future.methods or ["GET"]}  # a WebSocket begins as a GET
    return found


def documented_routes() -> set[tuple[str, str]]:
    return {(method, path) for path, methods in openapi.document()["paths"].items() for method in methods}


def test_every_route_of_the_interface_is_documented() -> None:
    served = {
        (method, path)
        for method, path in served_routes()
        if path not in NOT_AN_INTERFACE and not path.startswith(PAGES) and method != "options"
    }
    assert served - documented_routes() == set()


def test_nothing_is_documented_that_is_not_served() -> None:
    assert documented_routes() - served_routes() == set()


def test_what_a_route_takes_is_described_by_the_type_that_reads_it() -> None:
    document = openapi.document()
    body = document["paths"]["/api/v1/conversations/{thread_id}/wrap-up"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/WrapUp"}
    assert "active_s" in document["components"]["schemas"]["WrapUp"]["properties"]


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for path in openapi.document()["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids)) == len(ROUTES)


async def test_the_page_shows_every_route_and_loads_nothing_from_elsewhere(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        page = (await client.get("/docs")).text
        assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")
    assert all(route.path in page for route in ROUTES)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
