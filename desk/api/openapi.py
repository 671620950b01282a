"""The HTTP interface as an OpenAPI 3.1 document, rendered from the closed list in routes.py."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

import msgspec

from desk.api.route import Route
from desk.api.routes import GROUPS, ROUTES

_TYPES: Final = {"JSON": "application/json", "CSV": "text/csv", "JavaScript": "text/javascript"}
_SECURITY: Final[dict[str, list[dict[str, list[str]]]]] = {
    "anyone": [],
    "customer": [{"session": []}],
    "agent": [{"sign_in": []}],
    "lead": [{"sign_in": []}, {"token": []}],
}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": "string"},
                "retry_after": {"type": "integer", "description": "Seconds."},
            },
        }
    },
}


@cache
def document() -> dict[str, Any]:
    """The whole document; the same object every time."""
    schemas, components = _schemas()
    paths: dict[str, Any] = {}
    for tag, group in GROUPS.items():
        for route in group:
            paths.setdefault(route.path, {})[route.method] = _operation(route, tag, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sportello",
            "version": version("sportello"),
            "description": "Its numbers are about customer service, one touchpoint of CX, and none is a score of it.",
        },
        "tags": [{"name": tag} for tag in GROUPS],
        "paths": paths,
        "components": {
            "schemas": components | {"Error": _ERROR},
            "securitySchemes": {
                "sign_in": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "sportello_session",
                    "description": "Set at /login.",
                },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by an admin with `sportello token add`; scope read for GET, write otherwise.",
                },
                "session": {"type": "http", "scheme": "bearer", "description": "The token of /api/v1/widget/session."},
            },
        },
    }


def _schemas() -> tuple[dict[type[Any], dict[str, Any]], dict[str, Any]]:
    """A schema for each type a route takes, and the components they refer to."""
    taken = list(dict.fromkeys(kind for route in ROUTES for kind in route.takes))
    found, components = msgspec.json.schema_components(taken, ref_template="#/components/schemas/{name}")
    return dict(zip(taken, found, strict=True)), components


def _operation(route: Route, tag: str, schemas: dict[type[Any], dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "tags": [tag],
        "operationId": _name(route),
        "summary": route.meaning,
        "security": _SECURITY[route.who],
        "responses": _responses(route),
    }
    named = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _places(route)]
    asked = [
        {"name": one.name, "in": "query", "description": one.meaning, "schema": one.schema, "required": one.name == "q"}
        for one in route.query
    ]
    if named or asked:
        operation["parameters"] = named + asked
    if route.takes:
        given = [schemas[kind] for kind in route.takes]
        schema = given[0] if len(given) == 1 else {"oneOf": given}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _responses(route: Route) -> dict[str, Any]:
    if route.gives == "WebSocket":
        return {"101": {"description": "The connection is a WebSocket from here on."}}
    given: dict[str, Any] = {"200": {"description": route.meaning, "content": {_TYPES[route.gives]: {}}}}
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status in route.refusals:
        given[str(status)] = {"description": HTTPStatus(status).phrase, "content": refused}
    return given


def _places(route: Route) -> list[str]:
    return re.findall(r"{(\w+)}", route.path)


def _name(route: Route) -> str:
    words = re.findall(r"\w+", route.path.removeprefix("/api/v1/").replace("-", "_"))
    return "_".join([route.method, *words])
