"""Two cases that tell service and experience apart, with numbers one can check: promises, evidence, service contacts.

`ikea`: service is weak and the promise kept, because service is no part of it. `inverse`: service is excellent and the
promise broken; it only repairs. Both are invented; the first is named after the article's example, and says nothing of
the company. A scenario is a function of its first day, so that a demonstration can end yesterday, a test in any month:

    scenario = SCENARIOS["ikea"](date(2026, 3, 2))
    put(connection, scenario, at)  # configuration, contacts, promises and observations, in the caller's transaction
    refresh(connection)
    summary(connection, scenario.configuration, *scenario.days, as_of=scenario.mature_on)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from desk.demo.scenarios.ikea import ikea
from desk.demo.scenarios.inverse import inverse
from desk.demo.scenarios.scenario import Scenario, put

SCENARIOS: Final[dict[str, Callable[[date], Scenario]]] = {"ikea": ikea, "inverse": inverse}

__all__ = ["SCENARIOS", "Scenario", "put"]
