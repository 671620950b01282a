"""Runs a command of the bot's own environment that needs the encoder, which lives on this side."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from desk.launch.home import ROOT
from desk.settings import Settings

START_S: Final = 30.0
APP_SECRETS: Final = ("SPORTELLO_DATABASE_URL", "DATABASE_URL", "SPORTELLO_JWT_SECRET")


class BotError(Exception):
    """The bot's environment could not do what it was asked to; the message is one sentence."""


def bot_python(settings: Settings) -> Path:
    """The Python of the bot's environment; nothing is said of whether it exists."""
    if settings.bot_python:
        return Path(settings.bot_python)
    folder = ROOT / "bot" / ".venv"
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def run_with_encoder(settings: Settings, arguments: Sequence[str | Path], log: Path) -> None:
    """Run `python -m bot ARGUMENTS` with the encoder served on a free loopback port; its output goes to the log.

    Raises BotError with the last line it said when it fails.
    """
    with serve_encoder(settings) as environment:
        _run(settings, arguments, log, environment)


def _run(settings: Settings, arguments: Sequence[str | Path], log: Path, environment: dict[str, str]) -> None:
    python = bot_python(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-m", "bot", *map(str, arguments)]
    try:
        with log.open("w+", encoding="utf-8", errors="replace") as output:
            status = subprocess.run(
                command,
                cwd=ROOT,
                env={**{name: value for name, value in os.environ.items() if name not in APP_SECRETS}, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ).returncode
    except OSError as error:
        raise BotError(f"The bot's environment is missing ({python}): run 'make setup'") from error
    if status:
        said = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        raise BotError(f"{said[-1].strip() if said else f'status {status}'} (all of it in {log})")


@contextlib.contextmanager
def serve_encoder(settings: Settings) -> Iterator[dict[str, str]]:
    """Serve the internal app in a thread; yields the environment a bot process needs to find it.

    Raises BotError when the encoder is missing or damaged.
    """
    from desk.encoders import load_encoder
    from desk.internal import make_internal
    from knowledge.base import KnowledgeBase
    from knowledge.errors import EncoderError
    from knowledge.retriever import Retriever

    token = secrets.token_urlsafe(32)
    try:
        encoder = load_encoder(settings)
    except EncoderError as error:
        raise BotError(str(error)) from error
    retriever = Retriever(KnowledgeBase(settings.knowledge_folder, encoder))
    app = make_internal(f"training_{secrets.token_hex(4)}", token, retriever, encoder)
    listening = socket.create_server(("127.0.0.1", 0))
    with serve_app(app, listening):
        yield {
            "SPORTELLO_INTERNAL_URL": f"http://127.0.0.1:{listening.getsockname()[1]}",
            "SPORTELLO_TOKEN": token,
        }


@contextlib.contextmanager
def serve_app(app: Any, listening: socket.socket) -> Iterator[None]:
    """Serve a Sanic app on a listening socket in a thread of its own, until the block ends. Raises BotError."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    failure: list[BaseException] = []

    def serve() -> None:
        asyncio.set_event_loop(loop)
        try:
            server = loop.run_until_complete(app.create_server(sock=listening, return_asyncio_server=True))
            loop.run_until_complete(server.startup())
            loop.run_until_complete(server.start_serving())
        except BaseException as error:
            failure.append(error)
            started.set()
            return
        started.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = threading.Thread(target=serve, name="encoder", daemon=True)
    thread.start()
    if not started.wait(START_S) or failure:
        raise BotError("The encoder could not be served to the bot") from (failure[0] if failure else None)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_S)
