"""What is known of the experience beside service, over HTTP: the summary, and what it rests on, read and written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar

import msgspec
from sanic import Blueprint, Request
from sanic.response import JSONResponse, json
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from desk.api.filters import asked_for, number
from desk.body import decode
from desk.errors import BadRequest, Conflict, NotFound
from desk.guard import needs
from desk.parts import parts_of
from touchpoints.cx import ledger, observations, orders
from touchpoints.cx.errors import EntryError
from touchpoints.cx.observation import Observation
from touchpoints.cx.summary import in_force, summary
from touchpoints.errors import ImportRefused, QueryError

blueprint = Blueprint("cx")
MOST_ROWS: Final = 5000
MOST_SHOWN: Final = 500
KINDS: Final = {
    "promises": "promise",
    "frictions": "friction",
    "context-events": "context_event",
    "actions": "action",
    "touchpoints": "touchpoint",
    "areas": "area",
    "thresholds": "threshold",
}
T = TypeVar("T")


class Order(msgspec.Struct):
    """An order; a moment without offset is on the brand's clock."""

    customer_key: str
    order_ref: str
    at: str


class Observations(msgspec.Struct):
    """What is to be taken in; each row is read on its own, so that every refused one can be named."""

    observations: list[Observation]


class Orders(msgspec.Struct):
    """What is to be taken in, each row read on its own."""

    orders: list[Order]


_ROWS: Final = msgspec.json.Decoder(dict[str, list[dict[str, Any]]])
_ENTRY: Final = msgspec.json.Decoder(dict[str, Any])


@blueprint.get("/api/v1/cx/summary")
@needs("lead")
async def cx_summary(request: Request) -> JSONResponse:
    """Promises and evidence over a period; `sportello cx` over HTTP."""
    asked, configuration = asked_for(request), parts_of(request).configuration
    try:
        found = await parts_of(request).database.read(lambda conn: summary(conn, configuration, **asked))
    except QueryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field) from error
    return json(found)


@blueprint.get("/api/v1/observations")
@needs("lead")
async def observed(request: Request) -> JSONResponse:
    """The observations in force, a page at a time."""
    limit, offset = number(request, "limit", 100, 1, MOST_SHOWN), number(request, "offset", 0, 0, 10**9)
    rows, total = await parts_of(request).database.read(lambda conn: observations.page(conn, limit, offset))
    return json({"observations": rows, "total": total, "limit": limit, "offset": offset})


@blueprint.get("/api/v1/observations/<key:str>")
@needs("lead")
async def observation_history(request: Request, key: str) -> JSONResponse:
    """Every revision of one observation."""
    rows = await parts_of(request).database.read(lambda conn: observations.history(conn, key))
    if not rows:
        raise NotFound("no such observation")
    return json({"revisions": rows})


@blueprint.post("/api/v1/observations")
@needs("lead")
async def observe(request: Request) -> JSONResponse:
    """Take in observations, all or none."""
    rows, at, by = _rows(request, "observations"), _now(request), _who(request)
    found = await _write(request, lambda conn: observations.add(conn, rows, at, by))
    return json(
        {
            "rows": found.rows,
            "new": found.new,
            "revised": found.revised,
            "unchanged": found.unchanged,
            "unattached": dict(found.unattached),
        }
    )


@blueprint.post("/api/v1/orders")
@needs("lead")
async def ordered(request: Request) -> JSONResponse:
    """Take in orders, all or none."""
    rows, configuration = _rows(request, "orders"), parts_of(request).configuration
    found = await _write(request, lambda conn: orders.add(conn, rows, configuration))
    return json({"rows": found.rows, "new": found.new, "known": found.known})


async def _entries(request: Request, kind: str) -> JSONResponse:
    """What is in force today, with dates and authors."""
    configuration, at = parts_of(request).configuration, _now(request)
    book = await parts_of(request).database.read(lambda conn: in_force(conn, configuration, at))
    return json({"in_force_on": book.day.isoformat(), "entries": [one.plain() for one in book.of(kind)]})


async def _entry_history(request: Request, kind: str, name: str) -> JSONResponse:
    found = await parts_of(request).database.read(lambda conn: ledger.history(conn, kind, name))
    if not found:
        raise NotFound(f"no such {kind.replace('_', ' ')}")
    return json({"revisions": [one.plain() for one in found]})


async def _write_down(request: Request, kind: str) -> JSONResponse:
    document, at, by = decode(request.body, _ENTRY), _now(request), _who(request)
    day = _day(document.pop("valid_from", None) or request.args.get("valid_from"))
    found = await _write(request, lambda conn: ledger.record(conn, kind, document, at, by, day))
    return json(found.plain())


async def _withdraw(request: Request, kind: str, name: str) -> JSONResponse:
    at, by, day = _now(request), _who(request), _day(request.args.get("valid_from"))
    found = await _write(request, lambda conn: ledger.withdraw(conn, kind, name, at, by, day))
    return json(found.plain())


def _add_entry_routes(plural: str, kind: str) -> None:
    """The same four doors for every kind of dated entry."""

    @needs("lead")
    async def listed(request: Request) -> JSONResponse:
        return await _entries(request, kind)

    @needs("lead")
    async def revisions(request: Request, entry_id: str) -> JSONResponse:
        return await _entry_history(request, kind, entry_id)

    @needs("lead")
    async def written(request: Request) -> JSONResponse:
        return await _write_down(request, kind)

    @needs("lead")
    async def withdrawn(request: Request, entry_id: str) -> JSONResponse:
        return await _withdraw(request, kind, entry_id)

    path = f"/api/v1/{plural}"
    handlers: dict[str, tuple[str, str, Any]] = {
        "list": ("GET", path, listed),
        "write": ("POST", path, written),
        "history": ("GET", f"{path}/<entry_id:str>", revisions),
        "withdraw": ("DELETE", f"{path}/<entry_id:str>", withdrawn),
    }
    for name, (method, place, handler) in handlers.items():
        blueprint.add_route(handler, place, methods=[method], name=f"{kind}_{name}")


for _plural, _kind in KINDS.items():
    _add_entry_routes(_plural, _kind)


async def _write(request: Request, work: Callable[[Connection], T]) -> T:
    """Runs in a transaction; what is refused is named by field or row, and nothing of it is stored."""
    try:
        return await parts_of(request).database.write(work)
    except EntryError as error:
        raise BadRequest(str(error), code="invalid_value", field=error.field or None) from error
    except ImportRefused as error:
        raise BadRequest(str(error).replace("\nline ", "\nrow "), code="refused") from error
    except IntegrityError as error:
        raise Conflict("somebody else wrote this at the same moment; look again") from error


def _rows(request: Request, name: str) -> list[dict[str, Any]]:
    body = decode(request.body, _ROWS)
    rows = body.get(name, [])
    if list(body) != [name] or not 1 <= len(rows) <= MOST_ROWS:
        raise BadRequest(f"send {{{name}: […]}} with 1 to {MOST_ROWS} rows", code="invalid_value", field=name)
    return rows


def _day(given: Any) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        why = "valid_from must be a day such as 2026-03-02"
        raise BadRequest(why, code="invalid_value", field="valid_from") from error


def _who(request: Request) -> str:
    return str(request.ctx.agent.name)


def _now(request: Request) -> datetime:
    return parts_of(request).conversations.now()
