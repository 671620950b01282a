"""A lead's desk with a long history: made through the product's own import, once, and kept between runs."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.dashboard.history import told
from desk import clock
from desk.demo import configuration, experience
from desk.launch import home
from desk.launch.home import ROOT
from desk.settings import Settings
from desk.store import accounts
from touchpoints.instant import isoformat
from touchpoints.store import append, import_events, open_engine, refresh

BRAND: Final = ROOT / "desk" / "demo" / "bookshop.toml"
NAME: Final = "Chiara"
MADE: Final = "made.json"


def make(folder: Path, contacts: int, encoder: Path, say: Callable[[str], None]) -> tuple[Settings, str]:
    """The home's settings and the lead's password; built unless an earlier run left one of today with as many."""
    kept = folder / MADE
    today = datetime.now(UTC).date().isoformat()
    if kept.exists():
        found = json.loads(kept.read_text())
        if found["contacts"] == contacts and found["day"] == today:
            return Settings(home=folder), found["password"]
    shutil.rmtree(folder, ignore_errors=True)
    home.make(folder, BRAND)
    (folder / "encoder").symlink_to(encoder.absolute())
    chosen, password = Settings(home=folder), secrets.token_urlsafe(12)
    home.configure(chosen)
    _fill(chosen, contacts, password, say)
    kept.write_text(json.dumps({"contacts": contacts, "day": today, "password": password}))
    return chosen, password


def _fill(chosen: Settings, contacts: int, password: str, say: Callable[[str], None]) -> None:
    engine, until = open_engine(chosen.database), datetime.now(UTC)
    events = chosen.home / "events.jsonl"
    say(f"writing {contacts:,} conversations")
    with events.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in told(contacts, until))
    say(f"importing {events.stat().st_size >> 20:,} MiB of events")
    with engine.begin() as connection, events.open("rb") as source:
        import_events(connection, source)
    events.unlink()
    say("deriving contacts")
    with engine.begin() as connection:
        refresh(connection)
    with engine.begin() as connection:
        keys = [{"customer_key": f"k{number}"} for number in range(2_000)]
        experience.put(connection, configuration(), until, keys)
        accounts.add(connection, NAME, "lead", password, clock.now())
    engine.dispose()


def happens(chosen: Settings, number: int) -> None:
    """One more contact, as a desk in use has them all the time."""
    engine = open_engine(chosen.database)
    at = isoformat(int(datetime.now(UTC).timestamp() * 1_000_000))
    name = f"n{secrets.token_hex(6)}-{number}"
    with engine.begin() as connection:
        append(
            connection,
            [
                {"conversation_id": name, "seq": 1, "at": at, "type": "conversation.started", "channel": "chat"},
                {"conversation_id": name, "seq": 2, "at": at, "type": "message.customer", "text": "?"},
            ],
        )
        refresh(connection)
    engine.dispose()
