"""The app process: the public Sanic app and the internal one, on one event loop.

`python -m desk.server` is started and watched by desk/launch/supervisor.py, which also says in the environment where
the bot listens and which token the two share.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from typing import Any, Final

import structlog
from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json

from desk import (
    agents,
    api,
    compression,
    dashboard,
    health,
    identity,
    library,
    login,
    logs,
    security,
    settings,
    site,
    strategy,
    widget,
)
from desk import brand as brands
from desk.announce import Announcer
from desk.api import cx
from desk.assistant import Assistant
from desk.conversation import Conversations
from desk.counter import Counter
from desk.encoders import load_encoder
from desk.encoding import Encoding, RecentQueries
from desk.errors import DeskError, NotFound
from desk.hours import Hours
from desk.internal import make_internal
from desk.limits import Limit
from desk.live import Live
from desk.mentions import References
from desk.pages import page
from desk.parts import App, Parts
from desk.sessions import Sessions
from desk.settings import Settings
from desk.store.database import Database
from desk.survey import Shares
from desk.turns import STARTING_SECONDS, Turns
from desk.upkeep import keep_derived, keep_tidy, read_ahead
from desk.weekly.schedule import keep_weekly
from desk.wire import Wire
from knowledge.base import KnowledgeBase
from knowledge.encoded import TextEncoder
from knowledge.retriever import Retriever
from touchpoints import configuration as configurations
from touchpoints.store import migrate, open_engine

log = structlog.get_logger()
BLUEPRINTS: Final = (
    widget.blueprint,
    site.blueprint,
    login.blueprint,
    agents.blueprint,
    dashboard.blueprint,
    library.blueprint,
    strategy.blueprint,
    api.blueprint,
    cx.blueprint,
    health.blueprint,
)
LARGEST_REQUEST: Final = 1_000_000  # bytes; large enough to say "too long" to a long message instead of hanging up


def open_database(chosen: Settings) -> Database:
    """The desk's database, brought to the newest version."""
    engine = open_engine(chosen.database)
    migrate(engine)
    return Database(engine)


def make_parts(chosen: Settings, database: Database, encoder: TextEncoder, bot_url: str, token: str) -> Parts:
    """Every part of the desk, wired."""
    brand_file = chosen.home / "brand.toml"
    brand = brands.load(brand_file)
    live = Live()
    with database.engine.connect() as connection:
        configuration = configurations.load(connection)
    remembering = RecentQueries(encoder)
    retriever = Retriever(KnowledgeBase(chosen.knowledge_folder, remembering))
    encoding, hours = Encoding(remembering, retriever), Hours(configuration)
    announce = Announcer(database, live, brand.name)
    assistant = Assistant(bot_url, token, encoding.vector, chosen.turn_timeout_s)
    references, shares = References.of(brand.table), Shares.of(brand.table)
    turns = Turns(database, assistant, live, announce, hours, brand, references, shares)
    conversations = Conversations(database, turns, announce, brand, shares)
    return Parts(
        settings=chosen,
        brand=brand,
        configuration=configuration,
        database=database,
        live=live,
        announce=announce,
        assistant=assistant,
        turns=turns,
        conversations=conversations,
        counter=Counter(database, announce, configuration, shares),
        sessions=Sessions(database, chosen, brand, identity.home_secret(chosen.home)),
        wire=Wire(conversations, announce, Limit(chosen.messages_per_minute), chosen.message_characters),
        hours=hours,
        retriever=retriever,
        encoding=encoding,
        session_limit=Limit(chosen.sessions_per_minute),
    )


def make_public(parts: Parts, name: str = "sportello") -> App:
    """The public app: everything a browser or a machine may reach."""
    app: App = Sanic(name, configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.WEBSOCKET_MAX_SIZE = LARGEST_REQUEST
    app.config.PROXIES_COUNT = parts.settings.trusted_proxies or None
    app.config.AUTO_EXTEND = False
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 10.0
    app.ctx.parts = parts
    for blueprint in BLUEPRINTS:
        app.blueprint(blueprint)
    site.add_static(app)
    security.install(app)
    compression.install(app)
    app.exception(DeskError)(_refused)
    app.exception(SanicException)(_sanic_refused)
    app.exception(Exception)(_failed)

    @app.signal("http.routing.before")
    async def answer_head(request: Request) -> None:
        """HEAD finds what GET does; Sanic leaves out the body by what was asked on the wire."""
        if request.method == "HEAD":
            request.method = "GET"

    @app.after_server_start
    async def recover(_: App) -> None:
        upkeep = (keep_derived(parts.database), keep_tidy(parts.database), keep_weekly(parts))
        app.ctx.background = [asyncio.create_task(work) for work in (parts.turns.recover(), *upkeep)]

    @app.before_server_stop
    async def settle(_: App) -> None:
        for work in app.ctx.background:
            work.cancel()
        await asyncio.gather(*app.ctx.background, return_exceptions=True)
        await parts.turns.settle()

    @app.after_server_stop
    async def close(_: App) -> None:
        await parts.assistant.close()
        parts.encoding.close()
        parts.database.close()

    return app


def _wants_page(request: Request) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


async def _refused(request: Request, error: DeskError) -> HTTPResponse:
    if _wants_page(request):
        return page(request, "error.html", status=error.status, code=error.code, message=str(error))
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return json({"error": error.body()}, status=error.status, headers=headers)


async def _sanic_refused(request: Request, error: SanicException) -> HTTPResponse:
    """Sanic's own refusals (no such page, method not allowed, body too large) in our one shape."""
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_long"}
    code = codes.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")
    if _wants_page(request):
        return page(request, "error.html", status=error.status_code, code=code, message="")
    return json({"error": {"code": code, "message": str(error)}}, status=error.status_code)


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    if request.path.startswith("/static/") and isinstance(error, OSError | ValueError):
        return await _refused(request, NotFound("no such file"))
    log.error("request_failed", path=request.path, method=request.method, exc_info=error)
    if _wants_page(request):
        return page(request, "error.html", status=500, code="internal", message="")
    return json({"error": {"code": "internal", "message": "something failed here; it is in the log"}}, status=500)


def _stop_with_supervisor(app: App) -> None:
    """When standard input ends the supervisor is gone, and so should this process be."""

    def watch(loop: asyncio.AbstractEventLoop) -> None:
        while sys.stdin.buffer.read(1):
            pass
        loop.call_soon_threadsafe(app.stop)

    @app.after_server_start
    async def start_watch(_: App) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=watch, args=(loop,), daemon=True, name="supervisor-watch").start()


def _warm_up(app: App) -> None:
    """Let nobody's first turn be the one in which things are loaded, connected and sifted by the collector."""

    @app.after_server_start
    async def begin(_: App) -> None:
        parts: Parts = app.ctx.parts
        gc.collect()
        gc.freeze()  # what is loaded by now stays for good
        told = {"language": parts.brand.languages[0], "brand": parts.brand.name, "desk_open": True}
        app.ctx.background.append(asyncio.create_task(parts.assistant.warm_up(STARTING_SECONDS, told)))


def main() -> None:
    """Run both apps until told to stop."""
    chosen = settings.load()
    logs.configure(chosen.log_level)
    token, internal_port = os.environ["SPORTELLO_TOKEN"], int(os.environ["SPORTELLO_INTERNAL_PORT"])
    database = open_database(chosen)
    read_ahead(database)  # while the encoder is loaded
    encoder = load_encoder(chosen)
    parts = make_parts(chosen, database, encoder, os.environ["SPORTELLO_BOT_URL"], token)
    public, internal = make_public(parts), make_internal("internal", token, parts.retriever, encoder)
    _stop_with_supervisor(public)
    _warm_up(public)
    quiet: dict[str, Any] = {"single_process": True, "access_log": False, "motd": False}
    public.prepare(host=chosen.host, port=chosen.port, **quiet)
    internal.prepare(host="127.0.0.1", port=internal_port, **quiet)
    Sanic.serve_single(primary=public)


if __name__ == "__main__":
    main()
