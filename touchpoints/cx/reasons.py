"""What leads decided about contact reasons, laid over the brand's configuration."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from touchpoints.configuration import Configuration, Reason
from touchpoints.cx import ledger
from touchpoints.cx.entry import ReasonDefault
from touchpoints.instant import from_datetime


def decided(connection: Connection, configuration: Configuration, at: datetime) -> Configuration:
    """The configuration with the reasons as decided by that day; one the configuration lacks is left out."""
    book = ledger.book(connection, configuration.local(from_datetime(at)).date())
    reasons = dict(configuration.reasons)
    for entry in book.of("reason"):
        if entry.id in reasons and not entry.later:
            reasons[entry.id] = plain(entry.value)
    return msgspec.structs.replace(configuration, reasons=reasons)


def plain(one: ReasonDefault) -> Reason:
    """The entry as the configuration holds it."""
    return Reason(*(getattr(one, name) for name in Reason._fields))


def described(name: str, reason: Reason) -> ReasonDefault:
    """The configuration's own reason as an entry nobody has written yet."""
    return ReasonDefault(id=name, **reason._asdict())
