"""The report of each week, made by the running desk at the hour the settings name, once.

The files in the home's `reports` say what was done: a week that has its report is not made again, one that has its
`.sent` is not sent again. A desk that was off at the hour makes the report when it is back.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, time, timedelta
from typing import Final

import structlog

from desk import clock
from desk.dashboard.changes import weeks
from desk.parts import Parts
from desk.settings import Settings
from desk.weekly import post
from desk.weekly.letter import Letter, write

log = structlog.get_logger()
LOOK_EVERY_S: Final = 300.0
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOUR: Final = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)")


def hour_of(text: str) -> tuple[int, time] | None:
    """Weekday and time of a schedule such as `mon 08:00`, None when empty. Raises ValueError."""
    if not text.strip():
        return None
    found = _HOUR.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(f"weekly is {text!r}: write a day and an hour such as 'mon 08:00'")
    return DAYS.index(found[1]), time(int(found[2]), int(found[3]))


def due(schedule: str, local: datetime) -> bool:
    """Whether this week's hour has passed, on the brand's clock."""
    hour = hour_of(schedule)
    if hour is None:
        return False
    monday = local.date() - timedelta(days=local.weekday())
    return local >= datetime.combine(monday + timedelta(days=hour[0]), hour[1], local.tzinfo)


async def keep_weekly(parts: Parts) -> None:
    """Makes the reports that are due, for as long as the desk runs."""
    while parts.settings.weekly:
        try:
            await once(parts, clock.now())
        except Exception:
            log.exception("weekly_report_failed")
        await asyncio.sleep(LOOK_EVERY_S)


async def once(parts: Parts, now: datetime) -> Letter | None:
    """Makes the report if it is due and missing, and sends it if it is to be sent and wasn't."""
    local, chosen = now.astimezone(parts.brand.zone), parts.settings
    if not due(chosen.weekly, local):
        return None
    folder = chosen.home / "reports"
    stem = f"weekly-{weeks(local.date())[0][0].isoformat()}"
    sent, made = folder / f"{stem}.sent", folder / f"{stem}.md"
    readers = chosen.weekly_email.split()
    if made.exists() and (not readers or sent.exists()):
        return None
    language, url = parts.brand.languages[0], chosen.url
    letter = await parts.database.read(
        lambda conn: write(conn, parts.configuration, parts.brand.name, language, local.date(), url)
    )
    await asyncio.to_thread(keep, letter, chosen)
    if readers:
        await asyncio.to_thread(post.send, letter, readers, chosen)
        sent.touch()
    log.info("weekly_report", week=letter.start.isoformat(), sent=len(readers))
    return letter


def keep(letter: Letter, chosen: Settings) -> None:
    """Writes the report into the home, as Markdown and HTML."""
    folder = chosen.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in (("html", letter.html), ("md", letter.markdown)):  # the Markdown last: it says that it is done
        part = folder / f"{letter.name}.{ending}.new"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / f"{letter.name}.{ending}")
