"""The stories a demo can tell, each in a home of its own: the bookshop, and the two cases of scenarios/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from desk.demo import BOOKSHOP, configuration, experience, waiting
from desk.demo.history import history
from desk.demo.scenarios import SCENARIOS, put
from desk.demo.scenarios.scenario import DAYS
from touchpoints.configuration import default

WEEKS: Final = 6
MATURING: Final = timedelta(days=8)
"""How long before today a scenario's month ends, so that every contact of it can be judged."""
Past = Callable[[Connection, datetime], str]


@dataclass(frozen=True)
class Story:
    """`home` is its folder under the repository; `articles` says whether it has a help centre and a shop to show;
    `past` puts what happened on record and says so in a few words; `month` is what the numbers of a case are about."""

    name: str
    home: Path
    brand: Path
    articles: bool
    past: Past
    month: Callable[[datetime], tuple[date, date]] | None = None


def _bookshop(connection: Connection, until: datetime) -> str:
    from desk import brand
    from desk.hours import Hours
    from desk.mentions import References
    from touchpoints.store import append

    events = list(history(until, weeks=WEEKS))
    append(connection, events)
    references = References.of(brand.load(BOOKSHOP).table)
    waiting.put_in_queue(connection, Hours(configuration()), references, until)
    experience.put(connection, configuration(), until, events)
    return f"{len(events)} events of simulated customers in the last {WEEKS} weeks"


def _scenario(name: str) -> Past:
    def past(connection: Connection, until: datetime) -> str:
        scenario = SCENARIOS[name](_month(until)[0])
        put(connection, scenario, until)
        return f"{scenario.load.contacts} simulated contacts and {len(scenario.evidence)} observations"

    return past


def _month(until: datetime) -> tuple[date, date]:
    """First and last day of a case's month."""
    last = until.astimezone(default().timezone).date() - MATURING - timedelta(days=1)
    return last - timedelta(days=DAYS - 1), last


_FOLDER: Final = Path(__file__).parent
STORIES: Final = {
    one.name: one
    for one in (
        Story("bookshop", Path("var/demo"), BOOKSHOP, True, _bookshop),
        Story("ikea", Path("var/demo-ikea"), _FOLDER / "ikea.toml", False, _scenario("ikea"), _month),
        Story("inverse", Path("var/demo-inverse"), _FOLDER / "inverse.toml", False, _scenario("inverse"), _month),
    )
}
