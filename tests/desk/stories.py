"""A desk whose record tells one of the two stories, and a lead who is signed in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import httpx

from desk.demo.scenarios import SCENARIOS, Scenario, put
from desk.settings import Settings
from tests.desk.conftest import OPEN, Served
from touchpoints.store import migrate, open_engine, refresh

FIRST = date(2026, 3, 2)
VIEWS = (
    "", "/causes", "/placement", "/coverage", "/pillars", "/relationship", "/service", "/voices", "/glossary",
    "/report",
)  # fmt: skip


def tell(settings: Settings, name: str) -> Scenario:
    """Puts a story on record before the desk opens it; `ikea-bare` is ikea without its imports."""
    which, _, bare = name.partition("-")
    scenario = SCENARIOS[which](FIRST)
    scenario = scenario.without_imports() if bare else scenario
    engine = open_engine(settings.database)
    migrate(engine)
    with engine.begin() as connection:
        put(connection, scenario, OPEN)
        refresh(connection)
    engine.dispose()
    return scenario


def query(scenario: Scenario) -> str:
    """The story's days, seen when all its contacts can be judged."""
    start, end = scenario.days
    return f"from={start}&to={end}&as_of={scenario.mature_on}"


@asynccontextmanager
async def signed_in(served: Served, name: str, role: str, language: str = "it") -> AsyncIterator[httpx.AsyncClient]:
    await served.desk.agent(name, role)
    headers = {"Accept": "text/html", "Accept-Language": language}
    async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=60) as client:
        await client.post("/login", data={"name": name, "password": f"long enough for {name}"})
        yield client
