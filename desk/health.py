"""Is it alive, is it ready: readiness tests what the desk depends on and names what fails."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import JSONResponse, json
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from desk.parts import Parts, parts_of
from knowledge.errors import KnowledgeError

blueprint = Blueprint("health", url_prefix="/health")


@blueprint.get("/live")
async def live(request: Request) -> JSONResponse:
    return json({"ok": True})


@blueprint.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """200 when every dependency answers, else 503 with the failing ones named."""
    checks = await check(parts_of(request))
    return json({"ok": all(checks.values()), "checks": checks}, status=200 if all(checks.values()) else 503)


async def check(parts: Parts) -> dict[str, bool]:
    """Each dependency and whether it answers now."""
    return {
        "database": await _database(parts),
        "assistant": await parts.assistant.ready(),
        "knowledge": _knowledge(parts),
    }


async def _database(parts: Parts) -> bool:
    def ask(conn: Connection) -> bool:
        return conn.execute(text("SELECT 1")).scalar() == 1

    try:
        return await parts.database.read(ask)
    except (SQLAlchemyError, OSError):
        return False


def _knowledge(parts: Parts) -> bool:
    """An empty knowledge base is in order: the desk then says that it has no answer."""
    try:
        parts.retriever.base.current()
    except (KnowledgeError, OSError):
        return False
    return True
