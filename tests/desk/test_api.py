from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from knowledge.article import Article
from tests.desk.conftest import OPEN, Served
from tests.desk.test_dashboard import PASSWORD, contact, record


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    await served.desk.agent("Chiara", "lead")
    async with httpx.AsyncClient(base_url=served.url) as client:
        await client.post("/login", data={"name": "Chiara", "password": PASSWORD})
        yield client


async def test_the_metrics_are_the_report_with_its_filter(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(6)], *[contact(n, reason="product.defect") for n in range(6, 9)])
    asked = {"where": "contact_reason=product.defect", "by": "language", "as_of": OPEN.date().isoformat()}
    found = (await lead.get("/api/v1/metrics", params=asked)).json()
    assert found["scope"] == "service_touchpoint"
    assert found["metrics"]["contacts"]["n"] == 3
    assert [group["value"] for group in found["groups"]] == ["unknown"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=soon", "from"), ("where=contact_reason", "where"), ("by=mood", "by"), ("where=mood%3Dgood", "mood")],
)
async def test_a_question_the_record_cannot_answer_is_refused_by_field(
    lead: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await lead.get(f"/api/v1/metrics?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] in (field, query.split("=")[1])


async def test_interactions_come_a_page_at_a_time_in_order(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(5)])
    first = (await lead.get("/api/v1/interactions", params={"limit": 3})).json()
    rest = (await lead.get("/api/v1/interactions", params={"limit": 3, "offset": 3})).json()
    assert (first["total"], len(first["interactions"]), len(rest["interactions"])) == (5, 3, 2)
    started = [one["started_at"] for one in first["interactions"] + rest["interactions"]]
    assert started == sorted(started)
    assert (await lead.get("/api/v1/interactions", params={"limit": "many"})).status_code == 400


async def test_the_csv_has_the_interactions_of_the_period_asked_for(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(5)])
    answer = await lead.get("/api/v1/interactions.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["contact_reason"] for row in rows] == ["delivery.late"] * 5
    later = {"from": OPEN.date().isoformat(), "to": (OPEN + timedelta(days=1)).date().isoformat()}
    assert not list(csv.DictReader(io.StringIO((await lead.get("/api/v1/interactions.csv", params=later)).text)))


@pytest.mark.parametrize("query", ["", "q=", "q=" + "a" * 501, "q=order&k=0", "q=order&k=many", "q=order&lang=xx"])
async def test_a_search_out_of_bounds_is_refused(served: Served, query: str) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.get(f"/api/v1/knowledge/search?{query}")).status_code == 400


async def test_anyone_may_search_the_knowledge_base(served: Served) -> None:
    served.desk.parts.retriever.base.publish(
        [
            Article(
                id="track-order",
                lang="en",
                title="Where is my order?",
                body="Follow it here.",
                url="/help/en/track-order",
            )
        ],
        source="test",
    )
    async with httpx.AsyncClient(base_url=served.url) as client:
        found = (await client.get("/api/v1/knowledge/search", params={"q": "where is my order", "lang": "en"})).json()
    assert set(found) == {"query", "lang", "decision", "confidence", "version", "matches"}
    assert found["matches"][0]["article_id"] == "track-order"
    assert "body" not in found["matches"][0]


async def test_searching_is_limited_for_each_address(served: Served) -> None:
    served.desk.parts.session_limit.capacity = 2.0
    async with httpx.AsyncClient(base_url=served.url) as client:
        statuses = [(await client.get("/api/v1/knowledge/search?q=")).status_code for _ in range(4)]
    assert 429 in statuses
