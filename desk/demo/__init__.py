"""The demo brand: an invented bookshop and the simulated weeks behind it, in a home of its own, never in a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from desk import brand
from touchpoints.configuration import Configuration, default

BOOKSHOP: Final = Path(__file__).with_name("bookshop.toml")


def configuration() -> Configuration:
    """What the bookshop's record starts with: the default configuration with its own hours, holidays and reasons."""
    return brand.configuration(brand.load(BOOKSHOP), default())
