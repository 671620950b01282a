"""What the supervisor starts: an app that knows every bot, and bots that know no secret."""

from __future__ import annotations

import dataclasses
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from desk.launch.bot_process import APP_SECRETS
from desk.launch.supervisor import Child, StartError, Supervisor, free_port, free_ports
from desk.settings import Settings


def supervisor(home: Path, bots: int) -> Supervisor:
    return Supervisor(Settings(home=home, bot_processes=bots), home / "model.tar.gz", Path("python"))


def test_each_bot_has_a_port_of_its_own_and_the_app_knows_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for secret in APP_SECRETS:
        monkeypatch.setenv(secret, "secret")
    app, *bots = supervisor(tmp_path, 3)._children()
    assert [child.name for child in (app, *bots)] == ["app", "bot", "bot-2", "bot-3"]
    ports = [bot.command[bot.command.index("--port") + 1] for bot in bots]
    assert len(set(ports)) == 3
    assert app.environment["SPORTELLO_BOT_URL"].split() == [f"http://127.0.0.1:{port}" for port in ports]
    internal = f"http://127.0.0.1:{app.environment['SPORTELLO_INTERNAL_PORT']}"
    for bot in bots:
        assert bot.environment["SPORTELLO_INTERNAL_URL"] == internal
        assert bot.environment["SPORTELLO_TOKEN"] == app.environment["SPORTELLO_TOKEN"]
        assert not set(APP_SECRETS) & bot.environment.keys()
    assert len({child.log for child in (app, *bots)}) == 4


def test_without_a_bot_nothing_is_started():
    with pytest.raises(StartError, match="SPORTELLO_BOT_PROCESSES"):
        free_ports(0)


def test_one_child_that_dies_is_started_again_and_the_others_are_left_alone(tmp_path: Path):
    dying, lasting = (
        Child(name, ["sleep", seconds], {}, tmp_path / f"{name}.log") for name, seconds in (("a", "0"), ("b", "60"))
    )
    for child in (dying, lasting):
        child.start()
    assert dying.process is not None
    assert lasting.process is not None
    first, kept = dying.process, lasting.process
    first.wait()
    for child in (dying, lasting, dying, lasting):  # seen dead, then started
        child.watch()
    assert dying.process is not None
    assert dying.process.pid != first.pid
    assert lasting.process is kept
    for child in (dying, lasting):
        child.stop()


class NotReady(BaseHTTPRequestHandler):
    """Answers as a desk does whose assistant is up and whose knowledge can't be read."""

    def do_GET(self):
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b'{"ok": false, "checks": {"database": true, "assistant": true, "knowledge": false}}')

    def log_message(self, format, *args):
        pass


def test_what_isnt_ready_is_named(tmp_path: Path):
    port = free_port()
    waiting = supervisor(tmp_path, 1)
    waiting.settings = dataclasses.replace(waiting.settings, port=port)
    assert waiting._waiting_for() == "app"
    server = HTTPServer(("127.0.0.1", port), NotReady)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert waiting._waiting_for() == "knowledge"
    server.shutdown()
    server.server_close()
