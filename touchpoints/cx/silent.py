"""Customers nobody heard from, a number that needs the orders (rule R15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from touchpoints.columns.contacts import Contacts
from touchpoints.columns.layout import digest
from touchpoints.cx import orders
from touchpoints.display import FEWEST, HIDDEN
from touchpoints.instant import Instant
from touchpoints.period import Span


@dataclass(frozen=True)
class Silence:
    """Orders of a period, and the customers behind them; `silent` had no contact of their own in the period.

    Erased customers are in `orders` alone: whether they got in touch is no longer known.
    """

    orders: int
    customers: int
    silent: int


def silence(connection: Connection, contacts: Contacts, span: Span, as_of: Instant) -> Silence | None:
    """Who ordered in the span and was not heard from in it; None while no order was ever imported.

    A contact of greetings alone is still a word from them.
    """
    if orders.first(connection) is None:
        return None
    keys = orders.customers(connection, span, as_of)
    started = contacts.number("started_at")
    heard = contacts.number("customer")[contacts.present & (started >= span.start) & (started < span.end)]
    ordered = np.fromiter((digest("key", key) for key in keys), dtype=np.uint64, count=len(keys))
    silent = int(np.count_nonzero(~np.isin(ordered, heard)))
    return Silence(orders.count(connection, span, as_of), len(keys), silent)


def silent(found: Silence | None) -> dict[str, Any]:
    """How many customers with an order had no contact in the period; "unknown number" while no orders are on record.

    At most that many: a contact whose customer nobody knows may be one of theirs.
    """
    if found is None:
        return {"known": False, "display": "unknown number", "n": None, "value": None, "needs": "orders"}
    return {
        "known": True,
        "n": found.customers,
        "value": found.silent,
        "display": f"{found.silent} of {found.customers}" if found.customers >= FEWEST else HIDDEN,
        "orders": found.orders,
        "at_most": True,
        "population": "customers with an order in the period, erased ones left out",
        "method": "ordered in the period, no identified contact in it",
    }
