"""A page asks the database as often whatever the record holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from desk.dashboard.evidence import Answers, Evidence
from desk.dashboard.filter import usual
from desk.dashboard.view import VIEWS
from tests.desk.conftest import Served
from tests.desk.test_dashboard import HANDOFF, YES, contact, lead, record
from touchpoints.store import reading, refresh

__all__ = ["lead"]
PAGES = [
    *(view.path for view in VIEWS),
    "/dashboard/service?by=contact_reason",
    "/dashboard/interactions?metric=failure_demand&part=numerator",
    "/dashboard/report",
]


@contextmanager
def counted(served: Served) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(str(arguments[2]))

    engine = served.desk.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def asked(served: Served, client: httpx.AsyncClient, page: str) -> int:
    """Statements of a page when nothing of it is remembered as a document and nothing is left to derive."""
    await served.desk.parts.database.write(refresh)
    joined = "&" if "?" in page else "?"
    address = f"{page}{joined}from=2026-02-01&to=2026-03-03"
    await client.get(address)  # columns are read once
    served.app.ctx.answers = Answers()  # as after a change of the record: no document is remembered
    with counted(served) as statements:
        answer = await client.get(address)
    assert answer.status_code == 200, page
    return len(statements)


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_asks_as_often_for_many_contacts_as_for_few(
    served: Served, lead: httpx.AsyncClient, page: str
) -> None:
    await record(served, *[contact(n, YES) for n in range(12)])
    few = await asked(served, lead, page)
    reasons = ("product.defect", "returns.how_to", "billing.double_charge", "web.checkout_error")
    more = [contact(n, *([HANDOFF] if n % 5 == 0 else []), reason=reasons[n % 4]) for n in range(12, 240)]
    await record(served, *more)
    assert await asked(served, lead, page) == few


async def test_all_numbers_of_a_page_are_as_of_one_moment(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n, YES) for n in range(12)])
    await served.desk.parts.database.write(refresh)
    parts, told = served.desk.parts, Answers()
    asked = usual(parts)
    with reading(parts.database.engine) as connection:
        evidence = Evidence(connection, parts.configuration, told, asked)
        found = [
            evidence.report(),
            evidence.report("weeks", by="week"),
            evidence.report("compared", compare=asked.before),
            evidence.summary(),
            evidence.waits(),
        ]
    assert len({one["as_of"].plain for one in found}) == 1
