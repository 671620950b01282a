"""What a lead writes down in the browser: dated, kept, refused by field, and never over somebody else's words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest

from desk import catalogue
from desk.strategy import form
from desk.strategy.field import Field, Refused
from desk.strategy.kinds import KINDS
from desk.strategy.options import CLOSED
from tests.desk.conftest import Served
from tests.desk.library import signed_in
from tests.touchpoints.cx.evidence import NOW, observed
from touchpoints import configuration
from touchpoints.cx import entry, ledger, observations

PROMISE: dict[str, Any] = {
    "text.it": "A casa in due giorni",
    "text.en": "Home in two days",
    "areas": ["delivery"],
    "owner": "logistics",
    "metric": "on_time",
    "direction": "at_least",
    "target": "95,5",
    "unit": "%",
    "offering_stage": "service",
    "valid_from": "2026-02-02",
}


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Chiara", "lead") as client:
        yield client


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(-?\d+)"', page)
    assert found
    return found[1]


async def history(served: Served, kind: str, name: str) -> list[ledger.Entry]:
    return await served.desk.parts.database.read(lambda conn: ledger.history(conn, kind, name))


async def test_a_promise_is_written_read_and_changed_with_its_history(served: Served, lead: httpx.AsyncClient) -> None:
    made = await lead.post("/strategy/promises/new", data=PROMISE)
    assert (made.status_code, made.headers["location"]) == (303, "/strategy/promises/home_in_two_days?done=saved")
    page = (await lead.get("/strategy/promises/home_in_two_days")).text
    sent = {**PROMISE, "revision": revision(page), "owner": "courier desk", "action": "save"}
    assert (await lead.post("/strategy/promises/home_in_two_days", data=sent)).status_code == 303
    first, second = await history(served, "promise", "home_in_two_days")
    assert (first.value.target, first.valid_from.isoformat(), first.recorded_by) == (95.5, "2026-02-02", "Chiara")
    assert (first.value.owner, second.value.owner) == ("logistics", "courier desk")
    page = unescape((await lead.get("/strategy/promises/home_in_two_days")).text)
    assert "<del>logistics</del>" in page and "<ins>courier desk</ins>" in page
    assert "Home in two days" in (await lead.get("/strategy/promises")).text
    assert "changed by Chiara" in (await lead.get("/strategy")).text


async def test_a_promises_measure_nothing_came_in_under_is_said_to_be_unknown_so_far(
    served: Served, lead: httpx.AsyncClient
) -> None:
    await lead.post("/strategy/promises/new", data=PROMISE)
    address = "/strategy/promises/home_in_two_days"
    assert "no figure has come in under this name yet" in (await lead.get(f"{address}?done=saved")).text
    assert "non è ancora arrivato nessun dato" in (await lead.get(f"{address}?lang=it")).text
    delivered = observed(metric_id="on_time")
    await served.desk.parts.database.write(lambda conn: observations.add(conn, [delivered], NOW, "lead"))
    assert "no figure has come in" not in (await lead.get(f"{address}?lang=en")).text
    await lead.post("/strategy/promises/new", data={**PROMISE, "id": "answered", "metric": "first_answer_s"})
    page = (await lead.get("/strategy/promises/answered")).text
    assert 'value="first_answer_s"' in page
    assert "no figure has come in" not in page


async def test_every_refused_field_is_named_and_nothing_typed_is_lost(lead: httpx.AsyncClient) -> None:
    bad = {**PROMISE, "text.it": " ", "text.en": "", "areas": [], "target": "many", "owner": "Ada & sons", "unit": "kg"}
    page = await lead.post("/strategy/promises/new", data=bad)
    assert page.status_code == 400
    text = unescape(page.text)
    for name in ("text", "areas", "target", "unit"):
        assert f'id="{name}-wrong"' in text, name
    assert 'value="Ada & sons"' in text and 'value="many"' in text
    assert "4 fields can't be taken" in text


@pytest.mark.parametrize(
    ("change", "field"),
    [({"target": "120"}, "target"), ({"metric": "tnps"}, "metric"), ({"metric": "On Time"}, "metric")],
)
async def test_what_the_record_refuses_is_said_at_its_field(
    lead: httpx.AsyncClient, change: dict[str, str], field: str
) -> None:
    page = await lead.post("/strategy/promises/new", data={**PROMISE, **change})
    assert page.status_code == 400
    assert f'id="{field}-wrong"' in page.text


async def test_of_two_leads_the_second_is_told_and_loses_nothing(served: Served, lead: httpx.AsyncClient) -> None:
    await lead.post("/strategy/promises/new", data=PROMISE)
    address = "/strategy/promises/home_in_two_days"
    async with signed_in(served, "Anna", "lead") as other:
        seen = revision((await lead.get(address)).text)
        mine = {**PROMISE, "revision": seen, "action": "save"}
        assert (await other.post(address, data={**mine, "owner": "Anna's choice"})).status_code == 303
        told = await lead.post(address, data={**mine, "owner": "Chiara's choice"})
    text = unescape(told.text)
    assert told.status_code == 409
    assert "Anna saved another version" in text and "Anna's choice" in text
    assert 'value="Chiara\'s choice"' in text
    assert [one.value.owner for one in await history(served, "promise", "home_in_two_days")][-1] == "Anna's choice"
    again = await lead.post(address, data={**mine, "revision": revision(told.text), "owner": "Chiara's choice"})
    assert again.status_code == 303


async def test_withdrawing_takes_it_out_of_force_and_keeps_it(served: Served, lead: httpx.AsyncClient) -> None:
    await lead.post("/strategy/promises/new", data=PROMISE | {"valid_from": ""})
    address = "/strategy/promises/home_in_two_days"
    seen = revision((await lead.get(address)).text)
    gone = await lead.post(address, data={"revision": seen, "action": "withdraw"})
    assert gone.headers["location"] == "/strategy/promises?done=withdrawn"
    assert "Home in two days" not in (await lead.get("/strategy/promises")).text
    assert "It has been withdrawn" in (await lead.get(address)).text


async def test_a_friction_needs_an_approver_and_an_expiry_and_never_covers_a_broken_promise(
    lead: httpx.AsyncClient,
) -> None:
    await lead.post("/strategy/promises/new", data=PROMISE)
    friction = {
        "what.en": "No express",
        "why.en": "Lower prices",
        "promise_id": "home_in_two_days",
        "concern": "waiting",
    }
    page = await lead.post("/strategy/frictions/new", data=friction)
    assert 'id="approver-wrong"' in page.text and 'id="expires_on-wrong"' in page.text
    signed = {**friction, "approver": "Chiara", "expires_on": "2026-12-31"}
    assert (await lead.post("/strategy/frictions/new", data={**signed, "covers": "delivery.late"})).status_code == 400
    assert (await lead.post("/strategy/frictions/new", data=signed)).status_code == 303
    assert "not declared to the customer" in (await lead.get("/strategy/frictions")).text


async def test_an_action_for_no_promise_and_no_cause_is_flagged(lead: httpx.AsyncClient) -> None:
    action = {"text.en": "Serve better", "level": "service_tactic", "type": "strategy", "finding": "one bad comment",
              "process_changed": "none", "owner": "customer_care", "measure_again_on": "2026-06-01"}  # fmt: skip
    assert (await lead.post("/strategy/actions/new", data=action)).status_code == 303
    assert "no promise and no cause" in (await lead.get("/strategy/actions")).text


async def test_customer_care_owns_no_area_but_service(lead: httpx.AsyncClient) -> None:
    page = (await lead.get("/strategy/areas/delivery")).text
    sent = {"owner": "Customer Care", "offering_stage": "service", "revision": revision(page), "action": "save"}
    refused = await lead.post("/strategy/areas/delivery", data=sent)
    assert refused.status_code == 400 and 'id="owner-wrong"' in refused.text
    assert (await lead.post("/strategy/areas/delivery", data={**sent, "owner": "couriers"})).status_code == 303


async def test_a_reason_decided_on_holds_at_once_and_after_a_restart(served: Served, lead: httpx.AsyncClient) -> None:
    address, parts = "/strategy/reasons/returns.how_to", served.desk.parts
    page = await lead.get(address)
    sent = {"stage": "post_purchase", "cause_area": "product", "cause_stage": "consideration", "demand": "failure",
            "promise_effect": "at_risk", "quadrant": "simplify", "action": "save"}  # fmt: skip
    sent["revision"] = revision(page.text)
    assert (await lead.post(address, data={**sent, "cause_area": "service"})).status_code == 400
    assert (await lead.post(address, data=sent)).status_code == 303
    assert parts.configuration.reasons["returns.how_to"].cause_area == "product"
    stored = await parts.database.read(configuration.load)
    assert stored.version == parts.configuration.version
    from desk.launch import home

    home.configure(parts.settings)  # what a start does
    assert (await parts.database.read(configuration.load)).version == parts.configuration.version


async def test_only_leads_may_read_and_write(served: Served) -> None:
    async with signed_in(served, "Giulia", "agent") as agent:
        for path in (
            "/strategy",
            "/strategy/promises",
            "/strategy/promises/new",
            "/strategy/imports",
            "/strategy/sources",
        ):
            assert (await agent.get(path)).status_code == 403, path
        assert (await agent.post("/strategy/promises/new", data=PROMISE)).status_code == 403


async def test_a_form_of_another_site_is_refused(lead: httpx.AsyncClient) -> None:
    headers = {"origin": "https://evil.example"}
    assert (await lead.post("/strategy/promises/new", data=PROMISE, headers=headers)).status_code == 403


@pytest.mark.parametrize("plural", KINDS)
@pytest.mark.parametrize("lang", ["it", "en"])
async def test_every_page_opens_in_both_languages(lead: httpx.AsyncClient, plural: str, lang: str) -> None:
    paths = [f"/strategy/{plural}"] + ([f"/strategy/{plural}/new"] if KINDS[plural].naming else [])
    for path in paths:
        assert (await lead.get(path, params={"lang": lang})).status_code == 200, path


async def test_what_is_not_there_is_not_found(lead: httpx.AsyncClient) -> None:
    for path in ("/strategy/nonsense", "/strategy/promises/none", "/strategy/areas/new"):
        assert (await lead.get(path)).status_code == 404, path


def test_forms_ask_for_every_field_of_an_entry() -> None:
    for kind in KINDS.values():
        asked = {one.name for one in kind.fields} | {"id"}
        assert asked == set(entry.KINDS[kind.name].__struct_fields__), kind.name


def test_every_kind_of_entry_has_its_pages() -> None:
    assert {kind.name for kind in KINDS.values()} == set(entry.KINDS)


def test_every_word_a_form_needs_is_in_the_catalogue() -> None:
    known = catalogue.keys("en")
    for plural, kind in KINDS.items():
        wanted = {f"strategy.{table}.{plural}" for table in ("kind", "plural", "about", "none", "none_text")}
        wanted |= {f"strategy.field.{one.name}" for one in kind.fields}
        wanted |= {f"strategy.hint.{kind.name}.{one.name}" for one in kind.fields}
        assert wanted <= known, wanted - known
    for table, values in CLOSED.values():
        assert {f"{table}.{value}" for value in values if value != "unknown"} <= known, table


@pytest.mark.parametrize(
    ("control", "given", "why"),
    [
        ("number", "1e999", "not_a_number"),
        ("number", "", "missing"),
        ("day", "2026-02-30", "not_a_day"),
        ("line", "x" * 501, "too_long"),
        ("line", "\x00 \n", "missing"),
        ("choice", "none of these", "not_an_option"),
    ],
)
def test_a_field_says_why_it_refuses(control: Any, given: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Field("one", control).read({"one": [given]}, {"a", "b"})


def test_an_id_is_made_of_the_text() -> None:
    assert form.slug("A casa, in due giorni: è così!") == "a_casa_in_due_giorni_e_cosi"
