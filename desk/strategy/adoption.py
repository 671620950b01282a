"""Putting decisions about reasons in force while the desk runs."""

from __future__ import annotations

from datetime import datetime

from sanic import Request
from sqlalchemy import Connection

from desk import brand as brands
from desk.parts import parts_of
from touchpoints import configuration as configurations
from touchpoints.configuration import Configuration, default
from touchpoints.cx import reasons


def decide(connection: Connection, brand: brands.Brand, at: datetime) -> Configuration:
    """The brand's configuration with what leads decided, saved as the one in force."""
    wanted = reasons.decided(connection, brands.configuration(brand, default()), at)
    if configurations.load(connection).version != wanted.version:
        configurations.save(connection, wanted, at)
    return wanted


def adopt(request: Request, wanted: Configuration) -> None:
    """Gives every part of the running desk the configuration that was saved."""
    parts = parts_of(request)
    parts.configuration = wanted
    parts.counter.configuration = wanted
    if (library := getattr(request.app.ctx, "library", None)) is not None:
        library.configuration = wanted
