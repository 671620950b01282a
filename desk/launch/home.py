"""A home: the one folder all state lives under. Made by `sportello init`, found by SPORTELLO_HOME."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from desk import brand, clock, identity
from desk.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[2]


class HomeError(Exception):
    """The home can't be made or used; the message says what to do."""


def make(home: Path, brand_file: Path | None = None) -> None:
    """An empty home: the brand, its secret, a folder for logs. Raises HomeError, or BrandError for a bad file."""
    if (home / "brand.toml").exists():
        raise HomeError(f"{home} is a home already")
    text = brand_file.read_text(encoding="utf-8") if brand_file else brand.DEFAULT
    if brand_file:
        brand.load(brand_file)
    (home / "logs").mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # customers' words will be in it
    identity.home_secret(home)
    part = home / "brand.toml.new"
    part.write_text(text, encoding="utf-8")
    part.replace(home / "brand.toml")


def check(home: Path) -> None:
    """Raises HomeError when there is no home in this folder."""
    if not (home / "brand.toml").exists():
        raise HomeError(f"{home} is not a home yet: run 'sportello init' first, or set SPORTELLO_HOME")


def configure(chosen: Settings) -> None:
    """Bring the database to the newest version and put the brand's configuration of the record in force."""
    from touchpoints import configuration
    from touchpoints.cx import reasons
    from touchpoints.store import migrate, open_engine

    engine = open_engine(chosen.database)
    migrate(engine)
    of_the_brand = brand.configuration(brand.load(chosen.home / "brand.toml"), configuration.default())
    with engine.begin() as connection:
        wanted = reasons.decided(connection, of_the_brand, clock.now())
        if configuration.load(connection).version != wanted.version:
            configuration.save(connection, wanted, clock.now())
    engine.dispose()
