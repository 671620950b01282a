"""The agent that simulated customers meet: one account, signed in once, at every conversation."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from desk.store import threads
from tests.product import Product
from touchpoints.store import open_engine, reading

if TYPE_CHECKING:
    from tests.simulation.walk import Walk

NAME = "Giulia"


class Agent:
    """An agent of the running product, over the desk's own routes."""

    _known: dict[Path, Agent] = {}
    _signing_in = threading.Lock()

    def __init__(self, product: Product) -> None:
        self.client = httpx.Client(base_url=product.url, timeout=40, headers={"Origin": product.url})
        product.clients.append(self.client)
        self.client.post("/login", data={"name": NAME, "password": product.password(NAME)})

    @classmethod
    def of(cls, product: Product) -> Agent:
        """This product's agent."""
        with cls._signing_in:
            if product.home not in cls._known:
                cls._known[product.home] = cls(product)
            return cls._known[product.home]

    def post(self, walk: Walk, what: str, body: dict[str, Any] | None = None) -> None:
        """Do something to the customer's conversation."""
        self.client.post(f"/api/v1/conversations/{thread_of(walk)}/{what}", json=body).raise_for_status()


def thread_of(walk: Walk) -> str:
    """The customer's conversation, which an agent would click on."""
    token = walk.customer.client.headers["Authorization"].removeprefix("Bearer ")
    engine = open_engine(f"sqlite:///{walk.product.home / 'sportello.sqlite'}")
    try:
        with reading(engine) as connection:
            thread = threads.thread_of(connection, token, datetime.now(UTC))
    finally:
        engine.dispose()
    assert thread is not None
    return thread.id
