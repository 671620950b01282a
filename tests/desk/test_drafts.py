from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from desk.library import proposal
from desk.store import drafts, erasure
from desk.store.drafts import Content, Draft, DraftTaken
from desk.store.schema import audit
from knowledge.article import Article
from knowledge.errors import KnowledgeError
from tests.desk.conftest import OPEN, Served
from tests.desk.library import ANSWER, FALLBACK, GIFTS, NO, PERSON, TRACK, asks, publish, signed_in

VINYL = "Do you sell vinyl records?"
API = "/api/v1/knowledge/drafts"


@pytest.fixture
async def agent(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Giulia", "agent") as client:
        yield client


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Chiara", "lead") as client:
        yield client


async def from_gap(client: httpx.AsyncClient, **wish: str) -> dict[str, Any]:
    gap = (await client.get("/api/v1/knowledge/gaps")).json()["gaps"][0]["gap"]
    made = await client.post(API, json={"gap": gap, **wish})
    assert made.status_code == 200, made.text
    return made.json()


async def written(client: httpx.AsyncClient, draft: dict[str, Any], **said: Any) -> dict[str, Any]:
    fields = {"title": VINYL, "body": "Yes, on the first floor.", "article_id": "vinyl", "lang": "en", **said}
    saved = await client.put(f"{API}/{draft['id']}", json={"revision": draft["revision"], **fields})
    assert saved.status_code == 200, saved.text
    return saved.json()


async def draft_of(client: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    return await written(client, (await client.post(API, json={})).json(), **said)


async def approve(client: httpx.AsyncClient, draft: dict[str, Any], checked: bool = False) -> httpx.Response:
    return await client.post(f"{API}/{draft['id']}/approve", json={"revision": draft["revision"], "checked": checked})


def served_article(served: Served, id: str = "vinyl", lang: str = "en") -> Article | None:
    return served.desk.parts.retriever.base.article(id, lang)


async def test_a_gap_becomes_a_draft_with_its_wordings_once(served: Served, agent: httpx.AsyncClient) -> None:
    publish(served, TRACK, GIFTS)
    await asks(served, 1, VINYL, FALLBACK)
    await asks(served, 2, "do you sell vinyl records, order LM-20419?", FALLBACK)
    draft = await from_gap(agent)
    said = {draft["title"], *draft["alternatives"]}
    assert said == {VINYL, "do you sell vinyl records, order [number]?"}
    assert (draft["state"], draft["lang"], draft["origin"], draft["author"]) == ("open", "en", "gap", "Giulia")
    assert (await from_gap(agent))["id"] == draft["id"]
    assert "Open the draft" in (await agent.get("/knowledge")).text


async def test_a_gap_near_an_article_adds_its_wordings_to_it(served: Served, agent: httpx.AsyncClient) -> None:
    publish(served, TRACK, GIFTS)
    await asks(served, 1, "Where is my order now?", ANSWER, NO)
    draft = await from_gap(agent, article="track-order", lang="en")
    assert (draft["article_id"], draft["body"], draft["replaces"]) == ("track-order", TRACK.body, True)
    assert draft["alternatives"] == ["Where is my order now?"]


async def test_what_a_person_answered_becomes_a_draft_without_names(served: Served, agent: httpx.AsyncClient) -> None:
    name = await asks(served, 1, f"{VINYL} I am at ada@example.org", FALLBACK, *PERSON)
    assert "Make it an article" in (await agent.get("/knowledge/drafts")).text
    draft = (await agent.post(API, json={"conversation": name})).json()
    assert draft["title"] == f"{VINYL} I am at [e-mail]"
    assert draft["body"] == "Yes, on the first floor. Ask for [name], or write to [e-mail]."
    assert (draft["reason"], draft["personal_data"]) == ("product.how_to_use", [])
    assert "Make it an article" not in (await agent.get("/knowledge/drafts")).text  # it is one already


async def test_only_what_a_person_ended_and_may_be_read_becomes_a_draft(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    open_one = await asks(served, 1, VINYL, FALLBACK)
    ended = await asks(served, 2, VINYL, FALLBACK, *PERSON)
    assert (await agent.post(API, json={"conversation": open_one})).status_code == 409
    sent_back = await agent.post("/knowledge/drafts", data={"conversation": open_one}, follow_redirects=True)
    assert "no person has answered and closed this conversation" in sent_back.text
    assert (await agent.post(API, json={"conversation": "nowhere"})).status_code == 404
    assert (await lead.post(API, json={"conversation": ended})).status_code == 404
    assert (await lead.post(API, json={"gap": f"{ended}:2"})).status_code == 404  # fewer than five customers
    assert VINYL not in (await lead.get("/knowledge/drafts")).text


async def test_nothing_is_published_until_a_lead_approves(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    draft = await draft_of(agent, alternatives=["LPs?"])
    assert served_article(served) is None
    assert (await approve(agent, draft)).status_code == 403
    form = {"revision": str(draft["revision"]), "action": "approve", "title": VINYL, "body": "Yes."}
    assert (await agent.post(f"/knowledge/drafts/{draft['id']}", data=form)).status_code == 403
    assert served_article(served) is None
    approved = (await approve(lead, draft)).json()
    published = served_article(served)
    assert published is not None
    assert (published.title, published.alternatives, published.updated) == (VINYL, ("LPs?",), "2026-03-03")
    assert (approved["state"], approved["version"]) == ("approved", served.desk.parts.retriever.base.current_name())
    assert [step["action"] for step in approved["history"]] == ["proposed", "edited", "approved"]

    def noted(conn: Connection) -> list[tuple[str, str]]:
        return [(row.actor, row.action) for row in conn.execute(select(audit).where(audit.c.subject == draft["id"]))]

    assert ("Chiara", "draft_approved") in await served.desk.parts.database.read(noted)


async def test_of_two_who_approve_at_once_one_comes_too_late(served: Served, lead: httpx.AsyncClient) -> None:
    draft = await draft_of(lead)
    answers = await asyncio.gather(approve(lead, draft), approve(lead, draft))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert len(served.desk.parts.retriever.base.versions()) == 1


async def test_of_two_who_edit_the_second_is_told(served: Served, agent: httpx.AsyncClient) -> None:
    draft = (await agent.post(API, json={})).json()
    await written(agent, draft)
    late = await agent.put(f"{API}/{draft['id']}", json={"revision": draft["revision"], "title": "Mine"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "draft_changed")


async def test_what_looks_like_personal_data_is_published_only_by_who_checked(
    served: Served, lead: httpx.AsyncClient
) -> None:
    draft = await draft_of(lead, body="Write to shop@example.org.")
    assert draft["personal_data"] == ["Write to shop@example.org."]
    refused = await approve(lead, draft)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "not_checked")
    assert served_article(served) is None
    assert (await approve(lead, draft, checked=True)).status_code == 200


async def test_an_article_that_is_there_is_not_overwritten_by_accident(served: Served, lead: httpx.AsyncClient) -> None:
    publish(served, TRACK)
    draft = await draft_of(lead, article_id="track-order")
    refused = await approve(lead, draft)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "article_exists")
    assert served_article(served, "track-order") == TRACK
    translation = await written(lead, draft, article_id="track-order", lang="it")
    assert (await approve(lead, translation)).status_code == 200
    assert served_article(served, "track-order") == TRACK


async def test_a_change_made_meanwhile_is_not_lost(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    publish(served, TRACK)
    await asks(served, 1, "Where is my order now?", ANSWER, NO)
    draft = await from_gap(agent, article="track-order", lang="en")
    newer = Article("track-order", "en", TRACK.title, "Another answer.", updated="2026-03-01")
    publish(served, newer)
    refused = await approve(lead, draft)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "article_changed")
    assert served_article(served, "track-order") == newer


async def test_an_improved_article_keeps_what_the_draft_does_not_hold(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    publish(served, Article("track-order", "en", TRACK.title, TRACK.body, url="/orders", tags=("parcel",)))
    await asks(served, 1, "Where is my order now?", ANSWER, NO)
    draft = await from_gap(agent, article="track-order", lang="en")
    moved = await agent.put(f"{API}/{draft['id']}", json={"revision": 1, "article_id": "elsewhere", "lang": "it"})
    assert (moved.json()["article_id"], moved.json()["lang"]) == ("track-order", "en")
    assert (await approve(lead, moved.json())).status_code == 200
    improved = served_article(served, "track-order")
    assert improved is not None
    assert (improved.url, improved.tags, improved.alternatives) == ("/orders", ("parcel",), ("Where is my order now?",))


async def test_a_failed_publication_leaves_the_draft_open(
    served: Served, lead: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await draft_of(lead)

    def full(*_: Any, **__: Any) -> None:
        raise KnowledgeError("The disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(served.desk.parts.retriever.base, "publish", full)
        assert (await approve(lead, draft)).status_code == 500
    assert (await lead.get(f"{API}/{draft['id']}")).json()["state"] == "open"
    assert (await approve(lead, draft)).status_code == 200


async def test_an_incomplete_draft_is_saved_but_not_published(served: Served, lead: httpx.AsyncClient) -> None:
    draft = await draft_of(lead, body="")
    assert (await approve(lead, draft)).json()["error"]["code"] == "incomplete"
    assert (await lead.get(f"{API}/{draft['id']}")).json()["state"] == "open"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 301), ("body", "x" * 20_001), ("alternatives", ["x"] * 1 + [str(n) for n in range(31)]),
        ("alternatives", ["x" * 301]), ("article_id", "../etc"), ("article_id", "a b"), ("lang", "xx"),
        ("reason", "no.such"), ("stage", "never"),
    ],
)  # fmt: skip
async def test_what_is_out_of_bounds_is_named(served: Served, agent: httpx.AsyncClient, field: str, value: Any) -> None:
    draft = (await agent.post(API, json={})).json()
    refused = await agent.put(f"{API}/{draft['id']}", json={"revision": 1, field: value})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)


async def test_the_form_saves_approves_sets_aside_and_takes_up_again(served: Served, lead: httpx.AsyncClient) -> None:
    made = await lead.post("/knowledge/drafts")
    address = made.headers["location"]
    form = {"title": "<b>Vinyl</b>?", "body": "**Yes**<script>x</script>", "alternatives": "LPs?\r\n\r\nRecords?",
            "article_id": "vinyl", "lang": "en"}  # fmt: skip
    saved = await lead.post(address, data={**form, "revision": "1", "action": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{address}?done=save")
    page = (await lead.get(saved.headers["location"])).text
    assert "<b>Vinyl" not in page and "<script>" not in page and "<strong>Yes</strong>" in page
    late = await lead.post(address, data={**form, "title": "Late", "revision": "1", "action": "save"})
    assert late.status_code == 409
    assert "Somebody else changed or decided this draft" in late.text
    assert (await lead.post(address, data={"revision": "2", "action": "reject"})).status_code == 303
    assert (await lead.post(address, data={"revision": "3", "action": "reopen"})).status_code == 303
    assert (await lead.post(address, data={"revision": "4", "action": "nonsense"})).status_code == 400
    approved = await lead.post(address, data={**form, "revision": "4", "action": "approve"})
    assert approved.status_code == 303
    published = served_article(served)
    assert published is not None and published.alternatives == ("LPs?", "Records?")
    text = re.sub(r"<[^>]+>", " ", unescape((await lead.get(address)).text))
    assert "Published in version" in text


async def test_another_site_can_neither_propose_nor_approve(served: Served, lead: httpx.AsyncClient) -> None:
    draft = await draft_of(lead)
    evil = {"Origin": "https://evil.example"}
    assert (await lead.post("/knowledge/drafts", headers=evil)).status_code == 403
    form = {"revision": str(draft["revision"]), "action": "approve"}
    assert (await lead.post(f"/knowledge/drafts/{draft['id']}", data=form, headers=evil)).status_code == 403
    assert served_article(served) is None


async def test_what_is_similar_is_shown_beside_the_draft(served: Served, agent: httpx.AsyncClient) -> None:
    publish(served, TRACK, GIFTS)
    draft = await draft_of(agent, title="Do you wrap gifts?", article_id="wrapping")
    assert [one["article_id"] for one in draft["similar"]][:1] == ["gift-wrapping"]


async def test_erasing_a_customer_erases_the_drafts_of_their_words(
    served: Served, agent: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    await asks(served, 1, VINYL, FALLBACK)
    doomed = await from_gap(agent)
    ended = await asks(served, 2, "Is there parking?", FALLBACK, *PERSON)
    kept = await written(lead, (await agent.post(API, json={"conversation": ended})).json())
    assert (await approve(lead, kept)).status_code == 200

    def erase(conn: Connection) -> Draft:
        erasure.erase(conn, "k1")
        erasure.erase(conn, "k2")
        return drafts.get(conn, kept["id"])

    left = await served.desk.parts.database.write(erase)
    assert (await agent.get(f"{API}/{doomed['id']}")).status_code == 404
    assert (left.state, left.sources) == ("approved", ())  # the company's own words stay, and forget where from
    assert served_article(served) is not None


async def test_a_draft_left_in_hand_by_a_process_that_died_is_free_again(served: Served) -> None:
    def work(conn: Connection) -> None:
        made = drafts.propose(conn, Content("a", "en", "A?", "A."), "blank", (), "Ada", OPEN)
        drafts.claim(conn, made, 1, OPEN)
        with pytest.raises(DraftTaken):
            drafts.claim(conn, made, 1, OPEN + drafts.PUBLISHING / 2)
        drafts.claim(conn, made, 1, OPEN + drafts.PUBLISHING * 2)

    await served.desk.parts.database.write(work)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Dov'è il mio pacco?", "dov-e-il-mio-pacco"), ("  ", ""), ("日本", ""), ("x " * 60, "-".join("x" * 30))],
)
def test_an_id_is_made_of_the_titles_words(title: str, expected: str) -> None:
    assert proposal.slug(title) == expected
