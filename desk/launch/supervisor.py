"""Starts the app and its bots, watches them, starts again what dies, and stops both.

Each child's standard input is a pipe from here: when this process is gone, however it went, the pipe ends and the
children stop. They listen on free loopback ports with a token made for this start.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from desk.launch import steps
from desk.launch.bot_process import APP_SECRETS
from desk.launch.home import ROOT
from desk.settings import Settings

BACKOFF_LONGEST: Final = 30.0
STEADY_SECONDS: Final = 60.0
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 15.0
LOG_BYTES: Final = 20_000_000
_direct: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # our own port is behind no proxy


class StartError(Exception):
    """The product can't start; the message is one sentence that says what to do."""


@dataclass
class Child:
    """One process that should be running."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches only us: we stop the children in order
            )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Start it again when it has died, later and later while it keeps dying."""
        if self.process is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        steady = time.monotonic() - self.started_at > STEADY_SECONDS
        self.failures = 0 if steady else self.failures + 1
        wait = 0.0 if self.failures <= 1 else min(BACKOFF_LONGEST, 2.0 ** (self.failures - 1))
        steps.line(self.name, f"stopped with status {status}; starting it again{f' in {wait:g} s' if wait else ''}")
        self._close_pipe()
        self.process, self.again_at = None, time.monotonic() + wait

    def stop(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close_pipe()

    def _close_pipe(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()


@dataclass
class Supervisor:
    """The app and the bots of one home."""

    settings: Settings
    model: Path
    bot_python: Path
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def run(self) -> None:
        """Start all, say where they are, watch until a signal comes. Raises StartError."""
        check_port(self.settings.host, self.settings.port)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.children = self._children()
        try:
            with steps.step("start") as step:
                for child in self.children:
                    child.start()
                self._wait_until_ready()
                step.done("app and assistant are up")
            if not self.stopping:
                self._announce()
            while not self.stopping:
                for child in self.children:
                    child.watch()
                time.sleep(0.2)
        finally:
            for child in self.children:
                child.stop()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _children(self) -> list[Child]:
        token, internal_port = secrets.token_urlsafe(32), free_port()
        bot_ports = free_ports(self.settings.bot_processes)
        common = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), "SPORTELLO_TOKEN": token}
        self.logs.mkdir(parents=True, exist_ok=True)
        app = Child(
            "app",
            [sys.executable, "-m", "desk.server"],
            {**common, **self._app_environment(internal_port, bot_ports)},
            self.logs / "app.log",
        )
        # a bot reads no setting and needs no secret of the database or of the embedding site
        plain = {name: value for name, value in common.items() if name not in APP_SECRETS}
        plain["SPORTELLO_INTERNAL_URL"] = f"http://127.0.0.1:{internal_port}"
        return [app, *(self._bot(number, port, plain) for number, port in enumerate(bot_ports, start=1))]

    @property
    def logs(self) -> Path:
        return self.settings.home / "logs"

    def _app_environment(self, internal_port: int, bot_ports: list[int]) -> dict[str, str]:
        chosen = self.settings
        return {
            "SPORTELLO_HOME": str(chosen.home.absolute()),
            "SPORTELLO_HOST": chosen.host,
            "SPORTELLO_PORT": str(chosen.port),
            "SPORTELLO_DEMO": "true" if chosen.demo else "false",
            "SPORTELLO_DATABASE_URL": chosen.database_url,
            "SPORTELLO_INTERNAL_PORT": str(internal_port),
            "SPORTELLO_BOT_URL": " ".join(f"http://127.0.0.1:{port}" for port in bot_ports),
            "OMP_NUM_THREADS": "1",
        }

    def _bot(self, number: int, port: int, environment: dict[str, str]) -> Child:
        name = "bot" if number == 1 else f"bot-{number}"
        command = [str(self.bot_python), "-m", "bot", "run", "--model", str(self.model), "--port", str(port)]
        return Child(name, command, {**environment, "SPORTELLO_BOT_PORT": str(port)}, self.logs / f"{name}.log")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping and (waiting := self._waiting_for()):
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    raise StartError(f"the {child.name} stopped while starting; {child.log} says why")
            if time.monotonic() > deadline:
                raise StartError(f"{waiting} not ready after {START_SECONDS:g} s; the logs in {self.logs} say why")
            time.sleep(0.2)

    def _waiting_for(self) -> str:
        """What isn't ready yet, by the app's own word; nothing when all is."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.host, self.settings.host)
        host = f"[{host}]" if ":" in host else host
        try:
            with _direct.open(f"http://{host}:{self.settings.port}/health/ready", timeout=5):
                return ""
        except urllib.error.HTTPError as error:
            with error:
                checks = json.load(error).get("checks", {})
            return ", ".join(name for name, well in checks.items() if not well) or "app"
        except (OSError, ValueError):
            return "app"

    def _announce(self) -> None:
        url = self.settings.url
        first = ("shop", f"{url}/shop") if self.settings.demo else ("help", f"{url}/help")
        for name, address in (
            first,
            ("desk", f"{url}/desk"),
            ("dashboard", f"{url}/dashboard"),
            ("API", f"{url}/docs"),
        ):
            steps.line(name, address)


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """As many different free loopback ports. Raises StartError when there is nothing to start."""
    if count < 1:
        raise StartError("at least one bot process is needed: set SPORTELLO_BOT_PROCESSES to 1 or more")
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return sorted(ports)


def check_port(host: str, port: int) -> None:
    """Raises StartError when the public port is somebody else's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"port {port} on {host} can't be used ({error.strerror}): stop what listens there or set SPORTELLO_PORT"
            ) from error
