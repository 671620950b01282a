"""Period, filter and numbers from the query string, as the record takes them."""

from __future__ import annotations

from typing import Any

from sanic import Request

from desk.errors import BadRequest


def asked_for(request: Request) -> dict[str, Any]:
    """Period and filter as the report takes them. Raises BadRequest for a filter that isn't FIELD=VALUE."""
    where: dict[str, list[str]] = {}
    for given in request.args.getlist("where") or []:
        field, equals, value = given.partition("=")
        if not equals:
            raise BadRequest(f"where: write FIELD=VALUE instead of {given!r}", code="invalid_value", field="where")
        where.setdefault(field, []).append(value)
    return {
        "period_from": request.args.get("from") or None,
        "period_to": request.args.get("to") or None,
        "as_of": request.args.get("as_of") or None,
        "where": where or None,
    }


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number from the query string. Raises BadRequest."""
    given = request.args.get(name)
    if given is None:
        return default
    if not given.isdecimal() or len(given) > 9 or not least <= int(given) <= most:
        raise BadRequest(f"{name} must be a whole number from {least} to {most}", code="invalid_value", field=name)
    return int(given)
