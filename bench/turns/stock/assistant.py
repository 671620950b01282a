"""Trains and serves the stock assistant: Rasa with its REST channel, and rasa_sdk's own action server beside it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import aiohttp
import msgspec

from bench.processes import Started
from bench.turns.product import REPLY_SECONDS, TURNS_PER_CONVERSATION, answers, environment
from desk.launch.bot_process import bot_python
from desk.launch.home import ROOT
from desk.launch.supervisor import free_port
from desk.settings import Settings

HERE: Final = Path(__file__).resolve().parent
TAUGHT: Final = (*sorted((ROOT / "bot" / "nlu").glob("*/*.yml")), HERE / "rules.yml", HERE / "stories.yml")
START_SECONDS: Final = 180.0
TRAIN_SECONDS: Final = 3600.0
# no telemetry and no warnings of libraries; nothing that makes it faster or slower
QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
}


def train(folder: Path) -> Path:
    """The stock model, trained when what it is taught has changed. Raises RuntimeError."""
    sources = (HERE / "config.yml", HERE / "domain.yml", *TAUGHT)
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    model = folder / f"stock-{digest}.tar.gz"
    if not model.exists():
        folder.mkdir(parents=True, exist_ok=True)
        data = ["--config", HERE / "config.yml", "--domain", HERE / "domain.yml", "--data", *TAUGHT]
        output = ["--out", folder, "--fixed-model-name", f".{model.name}", "--force", "--quiet"]
        command = [str(part) for part in (bot_python(Settings()), "-m", "rasa", "train", *data, *output)]
        log = folder / "stock-train.log"
        with log.open("wb") as said:
            subprocess.run(
                command,
                cwd=ROOT,
                env={**environment(), **QUIET},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=TRAIN_SECONDS,
            )
        trained = folder / f".{model.name}"
        if not trained.exists():
            raise RuntimeError(f"the stock assistant could not be trained; {log} says why")
        trained.rename(model)
    return model


@contextlib.contextmanager
def running(model: Path, home: Path) -> Iterator[tuple[str, Started, Started]]:
    """Rasa's address, its process, the action server's; the latter searches the knowledge in the product's home."""
    rasa_port, action_port = free_port(), free_port()
    shared = {**environment(), **QUIET, "SANIC_HOST": "127.0.0.1"}
    with contextlib.ExitStack() as stack:
        actions = Started(
            [sys.executable, "-m", "rasa_sdk", "--actions", "bench.turns.stock.actions", "--port", str(action_port)],
            {**shared, "STOCK_HOME": str(home), "STOCK_ENCODER_THREADS": str(Settings().encoder_threads)},
            model.parent / "stock-actions.log",
        )
        stack.callback(actions.stop)
        serve = ["run", "--interface", "127.0.0.1", "--port", str(rasa_port), "--model", str(model)]
        files = ["--endpoints", str(HERE / "endpoints.yml"), "--credentials", str(HERE / "credentials.yml")]
        rasa = Started(
            [str(bot_python(Settings())), "-m", "rasa", *serve, *files],
            {**shared, "STOCK_ACTION_URL": f"http://127.0.0.1:{action_port}/webhook"},
            model.parent / "stock-rasa.log",
        )
        stack.callback(rasa.stop)
        url = f"http://127.0.0.1:{rasa_port}"
        actions.wait_until(lambda: answers(f"http://127.0.0.1:{action_port}/health"), START_SECONDS)
        rasa.wait_until(lambda: answers(f"{url}/webhooks/rest/"), START_SECONDS)
        yield url, rasa, actions


class RestCustomer:
    """A customer of the stock assistant on its REST channel; as many turns a conversation as with the product."""

    def __init__(self, http: aiohttp.ClientSession, url: str, name: str) -> None:
        self._http, self._url, self._name = http, f"{url}/webhooks/rest/webhook", name
        self._asked = 0
        self.searched = 0

    async def prepare(self) -> None:
        return None

    async def ask(self, text: str) -> bool:
        sender = f"{self._name}-{self._asked // TURNS_PER_CONVERSATION}"
        self._asked += 1
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                async with self._http.post(self._url, json={"sender": sender, "message": text}) as response:
                    replies = msgspec.json.decode(await response.read()) if response.status == 200 else []
        except TimeoutError:
            return False
        self.searched += any("custom" in reply for reply in replies)
        return bool(replies)

    async def close(self) -> None:
        return None
