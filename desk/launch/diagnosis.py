"""What `sportello doctor` looks at: environments, home, encoder, knowledge, assistant, database."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from desk.encoders import is_missing
from desk.settings import Settings


@dataclass(frozen=True)
class Check:
    """One thing looked at, and what was found or what to do."""

    name: str
    ok: bool
    says: str


def examine(chosen: Settings) -> list[Check]:
    """Every check, in the order in which to mend them."""
    return [
        _bot(chosen),
        _home(chosen),
        _disk(chosen),
        _encoder(chosen),
        _knowledge(chosen),
        _assistant(chosen),
        _database(chosen),
    ]


def _bot(chosen: Settings) -> Check:
    from desk.launch.training import bot_python

    python = bot_python(chosen)
    try:
        said = subprocess.run([str(python), "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return Check("bot environment", False, "run 'make setup'")
    ok = said.returncode == 0 and said.stdout.startswith("Python 3.10")
    return Check("bot environment", ok, said.stdout.strip() if ok else "run 'make setup'")


def _home(chosen: Settings) -> Check:
    ok = (chosen.home / "brand.toml").exists()
    return Check("home", ok, str(chosen.home) if ok else f"{chosen.home}: run 'sportello init'")


def _disk(chosen: Settings) -> Check:
    folder = next(one for one in (chosen.home, *chosen.home.absolute().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    return Check("disk", free > 2**30, f"{free / 2**30:.1f} GiB free" + ("" if free > 2**30 else ": free some space"))


def _encoder(chosen: Settings) -> Check:
    ok = not is_missing(chosen)
    return Check("encoder", ok, (chosen.encoder or "built") if ok else "'sportello run' builds it")


def _knowledge(chosen: Settings) -> Check:
    from knowledge.base import KnowledgeBase
    from knowledge.errors import KnowledgeError

    base = KnowledgeBase(chosen.knowledge_folder, None)
    try:
        version = base.current()
    except (KnowledgeError, OSError) as error:
        return Check("knowledge", False, str(error))
    if version is None:
        return Check("knowledge", False, "empty: 'sportello kb import' fills it")
    return Check("knowledge", base.trouble is None, base.trouble or f"version {version.name}")


def _assistant(chosen: Settings) -> Check:
    from desk.launch.training import is_current

    ok = is_current(chosen)
    return Check("assistant", ok, "trained" if ok else "'sportello train' trains it")


def _database(chosen: Settings) -> Check:
    from touchpoints.store import open_engine

    try:
        with open_engine(chosen.database).connect() as connection:
            return Check("database", True, connection.dialect.name)
    except (SQLAlchemyError, OSError) as error:
        return Check("database", False, f"can't be opened: {type(error).__name__}")
