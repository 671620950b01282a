"""The CX side over HTTP: read and written by a lead, named by author and day, refused by field and row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.desk.conftest import OPEN, Served
from tests.desk.test_dashboard import PASSWORD, contact, record
from tests.touchpoints.cx.evidence import observed, promise

FEBRUARY = {"period_start": "2026-02-01", "period_end": "2026-02-28"}
ASKED = {"from": "2026-02-01", "to": "2026-03-03", "as_of": "2026-03-20"}


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    await served.desk.agent("Chiara", "lead")
    async with httpx.AsyncClient(base_url=served.url) as client:
        await client.post("/login", data={"name": "Chiara", "password": PASSWORD})
        yield client


async def test_a_promise_is_kept_by_what_was_imported(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(6)])
    alone = (await lead.get("/api/v1/cx/summary", params=ASKED)).json()
    assert (alone["status"], alone["n"]["contacts"]) == ("insufficient_evidence", 6)
    written = await lead.post("/api/v1/promises", json=promise() | {"valid_from": "2026-01-01"})
    assert written.status_code == 200
    assert (written.json()["revision"], written.json()["recorded_by"]) == (1, "Chiara")
    taken = await lead.post("/api/v1/observations", json={"observations": [observed(**FEBRUARY)]})
    assert taken.json() == {"rows": 1, "new": 1, "revised": 0, "unchanged": 0, "unattached": {}}
    (row,) = (await lead.get("/api/v1/cx/summary", params=ASKED)).json()["promises"]["rows"]
    assert (row["status"], row["dated_after_period"]) == ("kept", False)


async def test_observations_have_pages_and_a_history(lead: httpx.AsyncClient) -> None:
    rows = [observed(source=f"source {n}", **FEBRUARY) for n in range(3)]
    await lead.post("/api/v1/observations", json={"observations": rows})
    await lead.post("/api/v1/observations", json={"observations": [rows[0] | {"numerator": 100}]})
    page = (await lead.get("/api/v1/observations", params={"limit": 2})).json()
    assert (page["total"], len(page["observations"])) == (3, 2)
    every = (await lead.get("/api/v1/observations")).json()["observations"]
    key = next(one["key"] for one in every if one["revision"] == 2)
    revisions = (await lead.get(f"/api/v1/observations/{key}")).json()["revisions"]
    assert [one["numerator"] for one in revisions] == [688, 100]
    assert (await lead.get("/api/v1/observations/none")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"observations": []},
        {"observations": [observed()], "more": []},
        {"observations": "none"},
        {"observations": [1]},
        [],
        {"observations": [{}] * 5001},
    ],
)
async def test_a_body_of_another_shape_is_refused(lead: httpx.AsyncClient, body: Any) -> None:
    assert (await lead.post("/api/v1/observations", json=body)).status_code == 400


async def test_every_refused_row_is_named_and_nothing_is_stored(lead: httpx.AsyncClient) -> None:
    rows = [observed(), observed(n=None), observed(source="b"), observed(source="c", numerator=900)]
    answer = await lead.post("/api/v1/observations", json={"observations": rows})
    assert answer.status_code == 400
    message = answer.json()["error"]["message"]
    assert "row 2: n: missing" in message
    assert "row 4: numerator: 900 is above the denominator, 800" in message
    assert (await lead.get("/api/v1/observations")).json()["total"] == 0


async def test_entries_keep_their_history_and_can_be_withdrawn(lead: httpx.AsyncClient) -> None:
    await lead.post("/api/v1/promises", json=promise())
    await lead.post("/api/v1/promises?valid_from=2026-03-02", json=promise(target=85))
    (entry,) = (await lead.get("/api/v1/promises")).json()["entries"]
    assert (entry["target"], entry["revision"]) == (80, 1)  # dated today, the later of the two
    assert len((await lead.get("/api/v1/promises/design")).json()["revisions"]) == 2
    gone = await lead.delete("/api/v1/promises/design")
    assert gone.json()["withdrawn"] is True
    assert (await lead.get("/api/v1/promises")).json()["entries"] == []
    assert len((await lead.get("/api/v1/promises/design")).json()["revisions"]) == 3
    assert (await lead.delete("/api/v1/promises/design")).status_code == 400
    assert (await lead.get("/api/v1/promises/none")).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("promises", promise(target="high"), "target"),
        ("promises", promise(areas=["kitchen"]), "areas[0]"),
        ("promises", promise(text={}), "text"),
        ("promises", promise(valid_from="soon"), "valid_from"),
        ("frictions", {"id": "queue"}, "what"),
        ("context-events", {"id": "war", "text": {"it": "La guerra"}, "start": "2026-13-01"}, "start"),
        ("areas", {"id": "delivery", "owner": "customer care"}, "owner"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused_by_field(
    lead: httpx.AsyncClient, path: str, body: dict[str, Any], field: str
) -> None:
    answer = await lead.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field


async def test_the_catalogue_and_owners_start_with_defaults(lead: httpx.AsyncClient) -> None:
    touchpoints = (await lead.get("/api/v1/touchpoints")).json()["entries"]
    assert {"chat", "store", "experience_event"} <= {one["id"] for one in touchpoints}
    assert {one["recorded_by"] for one in touchpoints} == {"default"}
    owners = {one["id"]: one["owner"] for one in (await lead.get("/api/v1/areas")).json()["entries"]}
    assert owners["delivery"] == "logistics"


async def test_orders_give_contacts_a_denominator(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(6)])
    at = (OPEN.date().replace(day=1)).isoformat()
    rows = [{"customer_key": f"k{n}", "order_ref": f"o{n}", "at": f"{at}T10:00"} for n in range(12)]
    assert (await lead.post("/api/v1/orders", json={"orders": rows})).json() == {"rows": 12, "new": 12, "known": 0}
    metric = (await lead.get("/api/v1/metrics", params=ASKED)).json()["metrics"]["contact_rate"]
    assert (metric["value"], metric["n"], metric["display"]) == (50, 12, "50.0, 6/12")
    silent = (await lead.get("/api/v1/cx/summary", params=ASKED)).json()["silent"]
    assert (silent["n"], silent["value"]) == (12, 6)


async def test_only_a_lead_gets_in(served: Served) -> None:
    await served.desk.agent("Giulia", "agent")
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.get("/api/v1/cx/summary")).status_code == 401
        await client.post("/login", data={"name": "Giulia", "password": "long enough for Giulia"})
        assert (await client.get("/api/v1/cx/summary")).status_code == 403
        assert (await client.post("/api/v1/promises", json=promise())).status_code == 403


async def test_a_period_that_cannot_be_is_refused(lead: httpx.AsyncClient) -> None:
    answer = await lead.get("/api/v1/cx/summary?from=soon")
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "from")
