"""The weekly report: the dashboard's numbers for the last full week, to a file or by e-mail, once a week."""

from __future__ import annotations

import asyncio
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from desk.cli import app
from desk.demo import prepare
from desk.demo.stories import STORIES
from desk.launch.supervisor import free_port
from desk.settings import Settings
from desk.weekly import post, schedule
from desk.weekly.letter import Letter, write
from tests.desk.conftest import Desk
from touchpoints import configuration
from touchpoints.report import report
from touchpoints.store import open_engine, reading, refresh

UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(scope="module")
def bookshop(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    chosen = Settings(home=tmp_path_factory.mktemp("weekly") / "home", demo=True)
    prepare.make(chosen, STORIES["bookshop"])
    engine = open_engine(chosen.database)
    with engine.begin() as connection:
        STORIES["bookshop"].past(connection, UNTIL)
        refresh(connection)
    engine.dispose()
    return chosen


@pytest.fixture
def letter(bookshop: Settings) -> Letter:
    engine = open_engine(bookshop.database)
    with reading(engine) as connection:
        in_force = configuration.load(connection)
        found = write(connection, in_force, "Libreria", "en", date(2026, 11, 23), "https://desk.example")
    engine.dispose()
    return found


def test_it_says_what_the_report_says_for_the_same_days(bookshop: Settings, letter: Letter) -> None:
    assert (letter.start, letter.end) == (date(2026, 11, 16), date(2026, 11, 22))
    engine = open_engine(bookshop.database)
    with reading(engine) as connection:
        both = [report(connection, configuration.load(connection), *days) for days in (
            (date(2026, 11, 9), date(2026, 11, 15)), (date(2026, 11, 16), date(2026, 11, 22)))]  # fmt: skip
    engine.dispose()
    row = next(line for line in letter.markdown.splitlines() if line.startswith("| Eligible contacts"))
    assert re.findall(r"\d+", row)[:2] == [str(one["metrics"]["contacts"]["n"]) for one in both]
    text = letter.markdown
    assert text.index("What changed since last Monday") < text.index("## Promises") < text.index("Service, in a panel")
    assert "https://desk.example/dashboard?from=2026-11-16&to=2026-11-22" in text
    assert "<data" not in text and "score" not in text.lower()


def test_it_is_a_page_of_its_own_too(letter: Letter) -> None:
    assert letter.html.startswith("<!doctype html>") and "<table>" in letter.html
    assert "<script" not in replace(letter, markdown="<script>alert(1)</script>").html


@pytest.mark.parametrize("ending", ["md", "html"])
def test_the_command_writes_it_to_a_file(
    bookshop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setenv("SPORTELLO_HOME", str(bookshop.home))
    file = tmp_path / f"week.{ending}"
    done = CliRunner().invoke(app, ["weekly", "--to", str(file), "--day", "2026-11-23", "--lang", "it"])
    assert done.exit_code == 0, done.output
    assert "Che cosa è cambiato da lunedì scorso" in file.read_text()
    assert file.read_text().startswith("<!doctype" if ending == "html" else "# ")


def test_without_a_mail_server_it_says_so(bookshop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_HOME", str(bookshop.home))
    done = CliRunner().invoke(app, ["weekly", "--email", "lead@example.org", "--day", "2026-11-23"])
    assert done.exit_code == 1 and "SPORTELLO_SMTP_HOST" in done.output


@pytest.mark.parametrize("address", ["nobody", "a@b\nBcc: c@d.example", ""])
def test_an_address_that_is_none_is_refused(letter: Letter, address: str) -> None:
    with pytest.raises(post.PostError):
        post.message(letter, "desk@example.org", [address])


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of a mail server as a message needs."""

    def handle(self) -> None:
        received: list[str] = self.server.received  # type: ignore[attr-defined]
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                received.append(b"".join(lines).decode())
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    with socketserver.TCPServer(("127.0.0.1", free_port()), _Mailbox) as server:
        server.received = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.server_address[1], server.received  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def mailing(port: int) -> dict[str, str | int]:
    return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_from": "desk@example.org"}


def test_it_is_sent_as_text_and_html(letter: Letter) -> None:
    with mailbox() as (port, received):
        post.send(letter, ["lead@example.org"], Settings(**mailing(port)))  # type: ignore[arg-type]
    assert "To: lead@example.org" in received[0]
    assert "text/plain" in received[0] and "text/html" in received[0]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("mon 08:00", (0, 8)), ("", None), ("FRI 17:30", (4, 17)), ("monday", ValueError), ("mon 24:00", ValueError)],
)
def test_a_schedule_is_a_day_and_an_hour(text: str, hour: object) -> None:
    if hour is ValueError:
        with pytest.raises(ValueError, match="mon 08:00"):
            schedule.hour_of(text)
        return
    found = schedule.hour_of(text)
    assert (found and (found[0], found[1].hour)) == hour


def test_it_is_due_from_its_hour_to_the_end_of_the_week() -> None:
    assert not schedule.due("mon 08:00", datetime(2026, 11, 23, 7, 59, tzinfo=ROME))
    assert schedule.due("mon 08:00", datetime(2026, 11, 23, 8, 0, tzinfo=ROME))
    assert schedule.due("mon 08:00", datetime(2026, 11, 29, 23, 0, tzinfo=ROME))
    assert not schedule.due("", datetime(2026, 11, 23, 8, 0, tzinfo=ROME))


async def test_the_desk_makes_it_once_and_sends_it_once(desk: Desk) -> None:
    with mailbox() as (port, received):
        desk.parts.settings = replace(
            desk.parts.settings, weekly="mon 08:00", weekly_email="lead@example.org boss@example.org", **mailing(port)
        )  # type: ignore[arg-type]
        early, late = (datetime(2026, 3, 9, hour, 30, tzinfo=UTC) for hour in (6, 7))
        assert await schedule.once(desk.parts, early) is None
        made = await schedule.once(desk.parts, late)
        assert made is not None and made.start == date(2026, 3, 2)
        assert await schedule.once(desk.parts, late) is None
    folder = desk.parts.settings.home / "reports"
    assert sorted(one.name for one in folder.iterdir()) == [
        "weekly-2026-03-02.html", "weekly-2026-03-02.md", "weekly-2026-03-02.sent"]  # fmt: skip
    assert len(received) == 1 and "boss@example.org" in received[0]


async def test_a_mail_that_failed_is_tried_again(desk: Desk) -> None:
    at = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    chosen = replace(desk.parts.settings, weekly="mon 08:00", weekly_email="lead@example.org")
    desk.parts.settings = replace(chosen, **mailing(free_port()))  # type: ignore[arg-type]
    with pytest.raises(post.PostError):
        await schedule.once(desk.parts, at)
    with mailbox() as (port, received):
        desk.parts.settings = replace(chosen, **mailing(port))  # type: ignore[arg-type]
        assert await schedule.once(desk.parts, at) is not None
    assert len(received) == 1


async def test_without_a_schedule_nothing_is_made(desk: Desk) -> None:
    await asyncio.wait_for(schedule.keep_weekly(desk.parts), 5)
    assert not (desk.parts.settings.home / "reports").exists()
