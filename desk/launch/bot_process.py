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

    Both take ten seconds to load, so they load side by side; what the bot asks meanwhile waits at the port. Raises
    BotError when the encoder is missing or damaged, or with the last line the command said when it fails.
    """
    token = secrets.token_urlsafe(32)
    listening = socket.create_server(("127.0.0.1", 0))
    environment = {
        "SPORTELLO_INTERNAL_URL": f"http://127.0.0.1:{listening.getsockname()[1]}",
        "SPORTELLO_TOKEN": token,
    }
    with (
        listening,
        running(settings, arguments, log, environment) as process,
        serve_app(_encoder_app(settings, token), listening),
    ):
        process.wait()


@contextlib.contextmanager
def running(
    settings: Settings, arguments: Sequence[str | Path], log: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot ARGUMENTS`; gone when the block ends, however it ends. Raises BotError when it failed."""
    python = bot_python(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in APP_SECRETS}
    try:
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [str(python), "-m", "bot", *map(str, arguments)],
                cwd=ROOT,
                env={**kept, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
    except OSError as error:
        raise BotError(f"The bot's environment is missing ({python}): run 'make setup'") from error
    with process:
        try:
            yield process
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
    if status:
        said = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        raise BotError(f"{said[-1].strip() if said else f'status {status}'} (all of it in {log})")


def _encoder_app(settings: Settings, token: str) -> Any:
    """The internal app around the encoder in force. Raises BotError when it is missing or damaged."""
    from desk.encoders import load_encoder
    from desk.internal import make_internal
    from knowledge.base import KnowledgeBase
    from knowledge.errors import EncoderError
    from knowledge.retriever import Retriever

    try:
        encoder = load_encoder(settings)
    except EncoderError as error:
        raise BotError(str(error)) from error
    retriever = Retriever(KnowledgeBase(settings.knowledge_folder, encoder))
    return make_internal(f"training_{secrets.token_hex(4)}", token, retriever, encoder)


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
