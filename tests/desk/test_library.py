from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from desk import catalogue
from desk.pages import HERE
from tests.desk.conftest import Served
from tests.desk.library import ANSWER, FALLBACK, GIFTS, NO, TRACCIA, TRACK, YES, asks, publish, signed_in


@pytest.fixture
async def agent(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Giulia", "agent") as client:
        yield client


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Chiara", "lead") as client:
        yield client


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_questions_that_failed_are_grouped_with_counts_wordings_and_the_nearest_article(
    served: Served, agent: httpx.AsyncClient
) -> None:
    publish(served, TRACK, TRACCIA, GIFTS)
    await asks(served, 1, "Do you sell vinyl records?", FALLBACK)
    await asks(served, 2, "do you sell vinyl records", FALLBACK, {"type": "handoff.requested", "why": "fallback"})
    await asks(served, 3, "Where is my order now?", ANSWER, NO)
    await asks(served, 4, "Where is my order?", ANSWER, YES)
    found = (await agent.get("/api/v1/knowledge/gaps")).json()
    vinyl, order = found["gaps"]
    assert (vinyl["contacts"], vinyl["customers"], vinyl["unanswered"], vinyl["rejected"]) == (2, 2, 2, 0)
    assert {one["text"] for one in vinyl["wordings"]} == {"Do you sell vinyl records?", "do you sell vinyl records"}
    assert vinyl["asked_for_a_person"] == 1
    assert (sum(vinyl["trend"]), vinyl["language"]) == (2, "en")
    assert (order["rejected"], order["rejected_answers"]) == (1, ["track-order"])
    assert order["nearest"]["article_id"] == "track-order"
    page = plain((await agent.get("/knowledge")).text)
    assert (
        "The assistant failed 3 questions about 2 things: to 2 it found no answer, 1 got one that did not help." in page
    )
    assert "2 contacts · 2 customers · 2 without an answer · 1 then asked for a person" in page


async def test_few_customers_are_not_shown_to_who_does_not_read_their_conversations(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    for number in range(4):
        await asks(served, number, "Do you sell vinyl records?", FALLBACK)
    assert "vinyl" in (await agent.get("/knowledge")).text
    page = (await lead.get("/knowledge")).text
    assert "vinyl" not in page
    assert "4 of these questions are in gaps of fewer than 5 customers" in plain(page)
    hidden = (await lead.get("/api/v1/knowledge/gaps")).json()
    assert (hidden["gaps"], hidden["hidden"]) == ([], {"questions": 4})
    await asks(served, 5, "Do you sell vinyl records?", FALLBACK)
    assert "vinyl" in (await lead.get("/knowledge")).text


async def test_wordings_are_shown_without_what_identifies_and_without_markup(
    served: Served, agent: httpx.AsyncClient
) -> None:
    await asks(served, 1, "<script>alert(1)</script> write to ada@example.org or 333 123 4567", FALLBACK)
    page = (await agent.get("/knowledge")).text
    assert "<script>alert" not in page
    assert "ada@example.org" not in page and "123 4567" not in page
    assert "write to [e-mail] or [phone]" in page


async def test_filters_narrow_by_what_went_wrong_and_by_language(served: Served, agent: httpx.AsyncClient) -> None:
    await asks(served, 1, "Do you sell vinyl records?", FALLBACK)
    await asks(served, 2, "Where is my order now?", ANSWER, NO)
    rejected = (await agent.get("/knowledge?failed=rejected")).text
    assert "order now" in rejected and "vinyl" not in rejected
    assert "No gap in this period" in (await agent.get("/knowledge?lang_of=it")).text


@pytest.mark.parametrize("query", ["from=yesterday", "from=2026-03-05&to=2026-03-01", "from=9999-12-31&to=9999-12-31"])
async def test_a_period_that_cannot_be_read_is_said(served: Served, agent: httpx.AsyncClient, query: str) -> None:
    page = await agent.get(f"/knowledge?{query}")
    assert page.status_code in (200, 400)
    assert (await agent.get(f"/api/v1/knowledge/gaps?{query}")).status_code == page.status_code


async def test_a_gap_that_is_answered_today_says_so(served: Served, agent: httpx.AsyncClient) -> None:
    await asks(served, 1, "Do you wrap gifts?", FALLBACK)
    assert "Answered today" not in (await agent.get("/knowledge")).text
    publish(served, TRACK, GIFTS)
    found = (await agent.get("/api/v1/knowledge/gaps")).json()["gaps"][0]
    assert found["nearest"]["article_id"] == "gift-wrapping"
    assert ("Answered today" in (await agent.get("/knowledge")).text) == (found["nearest"]["decision"] == "answer")


async def test_the_health_of_an_article_is_its_use_its_age_and_its_languages(
    served: Served, lead: httpx.AsyncClient
) -> None:
    publish(served, TRACK, TRACCIA, GIFTS)
    for number in range(6):
        await asks(served, number, "Where is my order?", ANSWER, NO if number < 3 else YES)
    by_id = {one["article_id"]: one for one in (await lead.get("/api/v1/knowledge/articles")).json()["articles"]}
    track, gifts = by_id["track-order"], by_id["gift-wrapping"]
    assert (track["answers"], track["accepted"], track["rejected"], track["age_days"]) == (6, 3, 3, 120)
    assert track["signs"] == ["often_rejected"]
    assert gifts["signs"] == ["never_used", "old", "untranslated"]
    assert gifts["missing"] == ["it"]
    page = plain((await lead.get("/knowledge/articles?sign=never_used")).text)
    assert "Do you wrap gifts?" in page and "Where is my order?" not in page


async def test_counts_of_few_customers_are_not_shown(served: Served, lead: httpx.AsyncClient) -> None:
    publish(served, TRACK)
    for number in range(4):
        await asks(served, number, "Where is my order?", ANSWER, NO)
    (one,) = (await lead.get("/api/v1/knowledge/articles")).json()["articles"]
    assert (one["few"], one["answers"], one["rejected"], one["last_at"]) == (True, None, None, None)
    assert "fewer than 5 customers" in (await lead.get("/knowledge/articles")).text


@pytest.mark.parametrize("path", ["/knowledge", "/knowledge/articles", "/knowledge/drafts"])
async def test_an_empty_home_says_what_to_do(served: Served, agent: httpx.AsyncClient, path: str) -> None:
    page = await agent.get(path)
    assert page.status_code == 200
    assert 'class="blank' in page.text
    assert " style=" not in page.text and "<script" not in page.text


@pytest.mark.parametrize("path", ["/knowledge", "/knowledge/articles", "/knowledge/drafts", "/knowledge/drafts/d-1"])
async def test_the_library_is_for_those_who_work_here(served: Served, path: str) -> None:
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.get(path)).status_code == 302
        api = path.replace("/knowledge", "/api/v1/knowledge", 1)
        assert api == "/api/v1/knowledge" or (await client.get(api)).status_code == 401


def test_the_language_of_every_text_exists_in_both_catalogues() -> None:
    """Keys the templates build from values: each must be there."""
    pages = "".join(one.read_text() for one in (HERE / "templates" / "library").glob("*.html"))
    used = set(re.findall(r'"library\.(\w+)"', pages))
    for language in catalogue.languages():
        missing = {one for one in used if f"library.{one}" not in catalogue.keys(language) and not one.endswith("_")}
        assert not missing
