"""The assistant as it runs: trained once, bot processes and internal app on free ports, the real encoder."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desk.internal import make_internal
from desk.launch.bot_process import bot_python, serve_app
from desk.launch.training import train
from desk.settings import Settings
from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.encoder import Encoder
from knowledge.retriever import Retriever
from tests.conftest import missing

ROOT = Path(__file__).parents[2]
START_S = 120.0


@pytest.fixture(scope="session")
def settings(encoder_folder: Path) -> Settings:
    """A home with the built encoder; the assistant is trained into it when what it is taught has changed."""
    chosen = Settings(home=encoder_folder.parent)
    if not bot_python(chosen).exists():
        missing("the bot's environment is not set up")
    return chosen


@pytest.fixture(scope="session")
def encoder(settings: Settings) -> Encoder:
    return Encoder.load(settings.encoder_folder)


@pytest.fixture(scope="session")
def model(settings: Settings) -> Path:
    return train(settings, lambda said: None).model


@pytest.fixture(scope="session")
def retriever(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """The demo brand's help centre, published into a folder of this run."""
    base = KnowledgeBase(tmp_path_factory.mktemp("knowledge"), encoder)
    base.publish(list(help_centre()), source="tests")
    return Retriever(base)


def help_centre() -> Iterator[Article]:
    """The project's own articles, read without the importer."""
    import yaml

    for path in sorted((ROOT / "knowledge" / "articles").rglob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---", 2)
        yield Article.from_fields({**yaml.safe_load(front), "body": body})


@dataclass
class Internal:
    """The internal app, listening in a thread."""

    url: str
    token: str


@pytest.fixture(scope="session")
def internal(retriever: Retriever, encoder: Encoder) -> Iterator[Internal]:
    token = secrets.token_hex(8)
    listening = socket.create_server(("127.0.0.1", 0))
    with serve_app(make_internal("internal_under_test", token, retriever, encoder), listening):
        yield Internal(f"http://127.0.0.1:{listening.getsockname()[1]}", token)


@dataclass
class Bot:
    """A bot process; its standard input is held open by the test."""

    url: str
    token: str
    process: subprocess.Popen[bytes]

    def post(self, body: Any, token: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON body of a turn request."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-Sportello-Token": self.token if token is None else token}
        request = urllib.request.Request(f"{self.url}/webhooks/turn/webhook", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/webhooks/turn/", timeout=2) as reply:
                return bool(reply.status == 200)
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except OSError:
            return False


@contextlib.contextmanager
def run_bot(settings: Settings, model: Path, internal_url: str, token: str, log: Path) -> Iterator[Bot]:
    """A bot process on a free port, ready to answer; stopped by the end of its standard input."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "SPORTELLO_BOT_PORT": str(port),
        "SPORTELLO_TOKEN": token,
        "SPORTELLO_INTERNAL_URL": internal_url,
    }
    command = [str(bot_python(settings)), "-m", "bot", "run", "--model", str(model.absolute())]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
    bot = Bot(f"http://127.0.0.1:{port}", token, process)
    try:
        deadline = time.monotonic() + START_S
        while not bot.ready():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.2)
        yield bot
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def bots(
    settings: Settings, model: Path, internal: Internal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Bot, Bot]]:
    """Two bot processes of the same model."""
    logs = tmp_path_factory.mktemp("bots")
    with contextlib.ExitStack() as stack:
        started: list[Bot] = []
        threads = []
        for number in range(2):
            bot = run_bot(settings, model, internal.url, internal.token, logs / f"bot{number}.log")
            thread = threading.Thread(target=lambda bot=bot: started.append(stack.enter_context(bot)))
            threads.append(thread)
            thread.start()
        for thread in threads:
            thread.join()
        assert len(started) == 2
        yield started[0], started[1]


@dataclass
class Conversation:
    """One customer's conversation, its state kept here as the desk would keep it."""

    bots: tuple[Bot, ...]
    encoder: Encoder
    slots: dict[str, Any]
    state: list[dict[str, Any]] = field(default_factory=list)
    turns: int = 0

    def say(self, text: str) -> dict[str, Any]:
        """A typed message."""
        vector = np.ascontiguousarray(self.encoder.queries([text])[0], "<f4").tobytes()
        return self._turn({"message": text, "chosen": False, "vector": base64.b64encode(vector).decode()})

    def choose(self, payload: str) -> dict[str, Any]:
        """A choice that was offered."""
        return self._turn({"message": payload, "chosen": True})

    def _turn(self, message: dict[str, Any]) -> dict[str, Any]:
        bot = self.bots[self.turns % len(self.bots)]
        self.turns += 1
        status, body = bot.post(
            {"sender": "c1", "message_id": "m", "state": self.state, "slots": self.slots, **message}
        )
        assert status == 200, body
        self.state = body["state"]
        return body


@pytest.fixture
def conversation(bots: tuple[Bot, Bot], encoder: Encoder) -> Any:
    """Starts a conversation whose turns go to the two processes in turn."""

    def start(language: str = "it", **slots: Any) -> Conversation:
        situation = {
            "language": language,
            "brand": "Libreria",
            "desk_open": True,
            "agents_available": 1,
            "queue_length": 0,
            "reopens_at": "MONDAY",
            "callback_by": "NOON",
        }
        return Conversation(bots, encoder, {**situation, **slots})

    return start
