"""The whole product as a stranger starts it: `sportello demo run` on a home of its own, and what tests do to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import httpx

from desk.launch.supervisor import free_port

ROOT = Path(__file__).resolve().parent.parent
TEST_HOME = Path(os.environ.get("SPORTELLO_TEST_HOME") or ROOT / "var" / "test-home")  # what takes minutes to make
START_S = 300


class Product:
    """A running product. `home` starts empty; in CI nothing in it was made before."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home.parent / "product.log"
        self.clients: list[httpx.Client] = []
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "desk", "demo", "run", "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, "SPORTELLO_HOME": str(home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self, seconds: float = START_S) -> None:
        deadline = time.monotonic() + seconds
        while not self.ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the product stopped while starting:\n{self.log.read_text()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"the product is not ready after {seconds:g} s:\n{self.log.read_text()}")
            time.sleep(0.2)

    def ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        return False

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(40)

    def child(self, module: str) -> int:
        """The process id of the app (`desk.server`) or the bot (`bot run`)."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if f"-m {module}" in command and int(parent) == self.process.pid:
                    return int(folder.name)
        raise AssertionError(f"{module} is not running")

    def password(self, name: str) -> str:
        accounts = tomllib.loads((self.home / "demo-accounts.toml").read_text())
        return str(accounts[name]["password"])


class Customer:
    """A customer on the polling twin of the widget's wire."""

    def __init__(self, product: Product, locale: str = "en") -> None:
        self.client = httpx.Client(base_url=product.url, timeout=40)
        product.clients.append(self.client)
        opened = self.client.post("/api/v1/widget/session", json={"locale": locale, "page": "/shop"}).json()
        self.client.headers["Authorization"] = f"Bearer {opened['token']}"
        self.seen = 0
        self.sent = 0

    def say(self, text: str) -> int:
        """Send a message; returns its number once it is acknowledged, and so on disk."""
        self.sent += 1
        stored = self.client.post("/api/v1/widget/messages", json={"client_id": f"m{self.sent}", "text": text})
        assert stored.status_code == 200, stored.text
        return int(stored.json()["seq"])

    def choose(self, value: str) -> None:
        self.sent += 1
        chosen = self.client.post("/api/v1/widget/messages", json={"client_id": f"m{self.sent}", "value": value})
        assert chosen.status_code == 200, chosen.text

    def hear(self, seconds: float = 30) -> list[dict[str, Any]]:
        """What was said since the last time, waiting for somebody else to have said something."""
        deadline = time.monotonic() + seconds
        heard: list[dict[str, Any]] = []
        while time.monotonic() < deadline:
            try:
                answered = self.client.get("/api/v1/widget/messages", params={"after": self.seen, "wait": 5})
            except httpx.TransportError:  # the app is being started again
                time.sleep(0.3)
                continue
            if answered.status_code == 200:
                heard += answered.json()["messages"]
                self.seen = max([self.seen, *(one["seq"] for one in heard)])
            if any(one["from"] != "customer" for one in heard):
                return heard
        raise AssertionError(f"nothing was said in {seconds:g} s")


def make_home(folder: Path) -> Path:
    """An empty home; outside CI with the encoder and the model that an earlier run made, which take minutes."""
    home = folder / "home"
    home.mkdir()
    if not os.environ.get("CI"):
        for part in ("encoder", "assistant"):
            if (TEST_HOME / part).exists():
                shutil.copytree(TEST_HOME / part, home / part)
    return home


def keep_parts(home: Path) -> None:
    """Keep what took minutes for the next run."""
    for part in ("encoder", "assistant"):
        if (home / part).exists():
            shutil.copytree(home / part, TEST_HOME / part, dirs_exist_ok=True)
