"""The CX side of the closed list of routes (routes.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from desk.api.cx import KINDS, Observations, Orders
from desk.api.route import DAY, FILTER, LIMIT, OFFSET, Parameter, Route
from touchpoints.cx.entry import KINDS as TYPES

_VALID_FROM: Final = Parameter("valid_from", "The day it holds from; default: today. The body may say it too.", DAY)
_READ: Final = (401, 403)
_WRITE: Final = (400, 401, 403, 409)


def _of_kind(plural: str, kind: str) -> Iterator[Route]:
    path, name = f"/api/v1/{plural}", plural.replace("-", " ")
    one = kind.replace("_", " ")
    yield Route("get", path, "lead", f"The {name} in force today, with dates and authors.", refusals=_READ)
    yield Route(
        "post",
        path,
        "lead",
        f"Write down a {one}, or a new revision of the one with this id; earlier ones stay in its history.",
        query=(_VALID_FROM,),
        takes=(TYPES[kind],),
        refusals=_WRITE,
    )
    yield Route("get", f"{path}/{{entry_id}}", "lead", f"Every revision of a {one}.", refusals=(401, 403, 404))
    yield Route(
        "delete",
        f"{path}/{{entry_id}}",
        "lead",
        f"Take a {one} out of force; its history stays.",
        query=(_VALID_FROM,),
        refusals=_WRITE,
    )


CX: Final = (
    Route(
        "get",
        "/api/v1/cx/summary",
        "lead",
        "Promises with their status, coverage, causes, quadrants, pillars, relationship, silence, priorities, "
        "frictions, context and actions. It holds no score of the whole; with service data alone its status is "
        "insufficient_evidence.",
        query=FILTER,
        refusals=(400, 401, 403),
    ),
    Route(
        "get",
        "/api/v1/observations",
        "lead",
        "The observations in force, the latest period first: {observations, total, limit, offset}.",
        query=(LIMIT, OFFSET),
        refusals=(400, 401, 403),
    ),
    Route("get", "/api/v1/observations/{key}", "lead", "Every revision of an observation.", refusals=(401, 403, 404)),
    Route(
        "post",
        "/api/v1/observations",
        "lead",
        "Take in what was observed elsewhere: all rows or, when one is refused, none, and why for each.",
        takes=(Observations,),
        refusals=_WRITE,
    ),
    Route(
        "post",
        "/api/v1/orders",
        "lead",
        "Take in orders, all or none: they give contacts a denominator and silent customers a number.",
        takes=(Orders,),
        refusals=_WRITE,
    ),
    *(route for plural, kind in KINDS.items() for route in _of_kind(plural, kind)),
)
