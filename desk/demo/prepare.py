"""A demo's home, one for each story: made once, labelled, with accounts to sign in with and the simulated past.

Demo data can't mix with real data: the home says in its settings that it is a demonstration, a home that doesn't is
refused, and the database is always the home's own.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from desk import clock
from desk.demo.stories import STORIES, Story
from desk.demo.voices import ARTICLES
from desk.launch import home, steps
from desk.launch.home import ROOT, HomeError
from desk.settings import Settings

BOOKSHOP: Final = STORIES["bookshop"]
ACCOUNTS: Final = (("Giulia", "agent"), ("Marco", "agent"), ("Chiara", "lead"), ("Ada", "admin"))
TOLD: Final = "story"
"""File of a demo's home that says which story it tells; an older one without it tells the bookshop's."""


def settings(chosen: Settings, story: Story = BOOKSHOP) -> Settings:
    """The settings with the demo's home (SPORTELLO_HOME when it is set).

    Raises HomeError for a real home, and for one that tells another story.
    """
    folder = chosen.home if os.environ.get("SPORTELLO_HOME") else ROOT / story.home
    if (folder / "brand.toml").exists() and not _labelled(folder):
        raise HomeError(f"{folder} is a real home; the demo keeps to one of its own: unset SPORTELLO_HOME")
    if (folder / "brand.toml").exists() and _told(folder) != story.name:
        raise HomeError(f"{folder} tells the story of {_told(folder)}: unset SPORTELLO_HOME, or name another folder")
    return replace(chosen, home=folder, demo=True, database_url="")


def _labelled(folder: Path) -> bool:
    file = folder / "sportello.toml"
    return file.exists() and bool(tomllib.loads(file.read_text(encoding="utf-8")).get("demo"))


def _told(folder: Path) -> str:
    file = folder / TOLD
    return file.read_text(encoding="utf-8").strip() if file.exists() else BOOKSHOP.name


def make(chosen: Settings, story: Story = BOOKSHOP) -> None:
    """The home itself, at the first start."""
    if not _labelled(chosen.home):
        chosen.home.mkdir(parents=True, exist_ok=True)
        (chosen.home / "sportello.toml").write_text("demo = true\n", encoding="utf-8")
    if not (chosen.home / "brand.toml").exists():
        (chosen.home / TOLD).write_text(story.name, encoding="utf-8")
        home.make(chosen.home, story.brand)
    home.configure(chosen)


def fill(chosen: Settings, story: Story = BOOKSHOP) -> None:
    """Articles, accounts and the past, each made when missing or changed; then say how to sign in."""
    if story.articles:
        _publish(chosen)
    _accounts(chosen)
    _past(chosen, story)
    if story.month is not None:
        first, last = story.month(datetime.fromisoformat((chosen.home / "history.until").read_text()))
        steps.line("read", f"{chosen.url}/dashboard?from={first}&to={last}")


def _publish(chosen: Settings) -> None:
    """Publish the help centre when an article or the encoder changed since the last time."""
    from desk.encoders import described
    from desk.launch.prepare import apart

    digest = hashlib.sha256(described(chosen))
    for file in sorted(ARTICLES.rglob("*.md")):
        digest.update(str(file.relative_to(ARTICLES)).encode() + file.read_bytes())
    stamp = chosen.home / "articles.sha256"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        apart(chosen, "articles", "help centre published", str(ARTICLES))
        stamp.write_text(digest.hexdigest())


def _accounts(chosen: Settings) -> None:
    """People to sign in as, with passwords made for this home and kept in it."""
    from desk.store import accounts
    from touchpoints.store import open_engine

    kept = chosen.home / "demo-accounts.toml"
    if not kept.exists():
        made = {name: (role, secrets.token_urlsafe(9)) for name, role in ACCOUNTS}
        engine = open_engine(chosen.database)
        with engine.begin() as connection:
            known = {one.name for one in accounts.everyone(connection)}
            for name, (role, password) in made.items():
                if name in known:
                    raise HomeError(
                        f"{kept} is missing although the accounts exist: remove {chosen.home} to start over"
                    )
                accounts.add(connection, name, role, password, clock.now())
        engine.dispose()
        lines = [f'[{name}]\nrole = "{role}"\npassword = "{password}"\n' for name, (role, password) in made.items()]
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines))
    for name, account in tomllib.loads(kept.read_text()).items():
        steps.line("sign in", f"{name} ({account['role']})  password {account['password']}")


def _past(chosen: Settings, story: Story) -> None:
    """What the story tells of the last weeks; once."""
    from touchpoints.store import open_engine, refresh

    stamp = chosen.home / "history.until"
    if stamp.exists():
        return
    until = clock.now()
    with steps.step("history") as step:
        engine = open_engine(chosen.database)
        with engine.begin() as connection:
            said = story.past(connection, until)
            refresh(connection)
        engine.dispose()
        step.done(said)
    stamp.write_text(clock.iso(until))
