from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from desk import clock
from desk.dashboard.figures import Reader
from desk.dashboard.period import DEFAULT_DAYS
from tests.desk.conftest import OPEN, Served
from tests.touchpoints.cx.evidence import observed, promise
from touchpoints.cx import ledger, observations
from touchpoints.cx.pillars import USUALLY_MISSING
from touchpoints.metrics import METRICS
from touchpoints.store import append
from touchpoints.vocabulary import AREAS

PASSWORD = "long enough for Chiara"
WEEKS_AGO = OPEN - timedelta(days=20)  # old enough for every contact to be judged
YES = {"type": "resolution.answered", "answer": "yes"}
HANDOFF = {"type": "handoff.requested", "why": "customer_request"}


def contact(
    number: int, *more: dict[str, Any], reason: str = "delivery.late", answered: bool = True
) -> list[dict[str, Any]]:
    """One customer's question about a reason, answered at once, and what followed."""
    events: list[dict[str, Any]] = [
        {"type": "conversation.started", "customer_key": f"k{number}", "key_strength": "device", "channel": "chat"},
        {"type": "message.customer", "text": "where is it?"},
        {"type": "reading", "intent": "ask_question", "reason": reason, "confidence": 0.9},
    ]
    if answered:
        events.append({"type": "message.bot", "kind": "answer", "text": "There.", "citations": []})
    at = WEEKS_AGO + timedelta(hours=number)
    return [
        {"conversation_id": f"c{number}", "seq": seq, "at": clock.iso(at + timedelta(seconds=seq)), **event}
        for seq, event in enumerate([*events, *more], start=1)
    ]


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    await served.desk.agent("Chiara", "lead")
    async with httpx.AsyncClient(
        base_url=served.url, headers={"Accept": "text/html", "Accept-Language": "en"}
    ) as client:
        await client.post("/login", data={"name": "Chiara", "password": PASSWORD})
        yield client


async def record(served: Served, *contacts: list[dict[str, Any]]) -> None:
    events = [event for one in contacts for event in one]
    await served.desk.parts.database.write(lambda conn: append(conn, events))


def plain(page: str) -> str:
    """The words of a page; a number's own element leaves no gap."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:data|a)\b[^>]*>", "", page)).split())


async def test_without_contacts_the_page_says_so_and_shows_no_zero(lead: httpx.AsyncClient) -> None:
    page = plain((await lead.get("/dashboard/service")).text)
    assert "No contacts in this period" in page
    assert "0.0%" not in page


async def test_resolution_is_a_range_of_what_was_confirmed_and_what_silence_lets_assume(
    served: Served, lead: httpx.AsyncClient
) -> None:
    await record(served, *[contact(n, YES) for n in range(4)], *[contact(n) for n in range(4, 10)])
    page = plain((await lead.get("/dashboard/service")).text)
    assert "Between 40.0% and 100.0%" in page
    assert "4 confirmed by the customer, 6 presumed from silence, out of 10" in page
    assert "16.8%–68.7%" in page  # Wilson, 4 of 10


@pytest.mark.parametrize(
    ("contacts", "said", "unsaid"),
    [(4, "Fewer than 5 contacts can be judged", "%"), (7, "Of 7 contacts that can be judged, 7 confirmed", "100.0%")],
)
async def test_small_numbers_are_hidden_and_then_only_counted(
    served: Served, lead: httpx.AsyncClient, contacts: int, said: str, unsaid: str
) -> None:
    await record(served, *[contact(n, YES) for n in range(contacts)])
    page = (await lead.get("/dashboard/service")).text
    headline = page[page.index('class="headline"') : page.index('id="trend-title"')]
    assert said in plain(headline)
    assert unsaid not in plain(re.sub(r"<details.*?</details>|<th.*?</th>", "", headline, flags=re.DOTALL)).replace(
        "95%", ""
    )


async def test_recent_contacts_are_left_out_and_the_page_says_how_many(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n, YES) for n in range(12)])
    since = WEEKS_AGO.date().isoformat()
    page = plain((await lead.get(f"/dashboard/service?from={since}&to={since}&as_of={since}")).text)
    assert "No contact can be judged yet" in page
    assert "are too recent to be judged" in page


async def test_every_number_comes_with_n_version_definition_and_what_it_cannot_tell(
    served: Served, lead: httpx.AsyncClient
) -> None:
    await record(served, *[contact(n) for n in range(12)])
    page = (await lead.get("/dashboard/service")).text
    readings = re.findall(r'<article class="reading.*?</article>', page, flags=re.DOTALL)
    assert len(readings) > 8
    for reading in readings:
        name = re.search(r'id="(\w+)"', reading)
        assert name is not None
        assert METRICS[name[1]].definition.en in reading.replace("&#39;", "'")
        assert re.search(r"n = \d+", plain(reading))
        assert "24h/168h/120s" in reading
        assert re.search(r"it can&#39;t tell</dt><dd>.+</dd>", reading)


async def test_containment_is_never_shown_without_empty_containment(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(12)])
    page = (await lead.get("/dashboard/service")).text
    pair = page[page.index('class="metric pair"') :]
    assert 0 < pair.index('id="containment"') < pair.index('id="empty_containment"') < pair.index("pair-note")


async def test_areas_that_service_does_not_see_are_not_measured_here(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n) for n in range(12)])
    page = (await lead.get("/dashboard/placement")).text
    tiles = re.findall(r'<li class="tile.*?</li>', page, flags=re.DOTALL)
    unseen = [tile for tile in tiles if "not measured here" in tile]
    assert len(unseen) == len(AREAS) - 2  # all but service, and the unknown is no area
    assert not any("observed" in tile for tile in unseen)
    assert "1 of 10 areas observed" in plain(page)
    assert "Insufficient evidence" in page


async def test_causes_are_ranked_and_small_ones_keep_their_number(served: Served, lead: httpx.AsyncClient) -> None:
    late = [contact(n) for n in range(9)]
    checkout = [contact(n, reason="web.checkout_error") for n in range(9, 12)]
    await record(served, *late, *checkout)
    page = plain((await lead.get("/dashboard/causes")).text)
    assert "12 contacts of 12 begin outside customer service" in page
    assert "The area that causes most is Delivery (9 contacts)" in page
    assert re.search(r"Checkout error [\w ]{0,30} under 5", page)


async def test_a_period_that_cannot_be_read_is_said_and_the_usual_one_shown(lead: httpx.AsyncClient) -> None:
    for query in ("from=yesterday", "from=2026-03-02&to=2026-03-01", "as_of=noon"):
        answer = await lead.get(f"/dashboard/service?{query}")
        assert answer.status_code == 400
        assert "can&#39;t be read" in answer.text
        shown = OPEN.date() - timedelta(days=DEFAULT_DAYS - 1)
        assert f"began from {shown.day} {shown:%B} {shown.year} to" in plain(answer.text)
        assert f"Below are the last {DEFAULT_DAYS} days, all contacts." in plain(answer.text)


async def test_a_refused_question_is_said_in_the_readers_language_and_stays_in_the_bar(
    served: Served, lead: httpx.AsyncClient
) -> None:
    await record(served, contact(1))
    for page, said in (
        ("service?from=2026-11-28&to=2026-11-01", "Dal: 2026-11-28 viene dopo 2026-11-01. Qui sotto"),
        ("service?from=1000-01-01&to=2026-03-01", "Dal: 1000-01-01 è fuori dal calendario"),
        ("service?to=abc", "Al: &#39;abc&#39; non è un giorno"),
        ("interactions?metric=nope", "Misura: non c&#39;è una misura con questo nome"),
        ("service?where=nope=1", "nope: non c&#39;è un campo con questo nome"),
    ):
        answer = await lead.get(f"/dashboard/{page}&lang=it")
        assert answer.status_code == 400
        assert said in answer.text
    kept = await lead.get("/dashboard/service?from=2026-11-28&to=2026-11-01")
    assert 'name="from" value="2026-11-28"' in kept.text and 'name="to" value="2026-11-01"' in kept.text
    lost = await lead.get("/dashboard/interactions?metric=nope&from=2026-03-02")
    assert 'name="metric"' not in lost.text  # what can't be asked is not asked again by the form


async def test_what_is_to_fix_says_when_its_figure_is_of(served: Served, lead: httpx.AsyncClient) -> None:
    await served.desk.parts.database.write(_broken_promise)
    page = plain((await lead.get("/dashboard/causes?from=2030-01-01&to=2030-01-31")).text)
    assert "86.0% (1 Jan 2026 – 31 Jan 2026)" in page


async def test_a_pillar_never_says_that_nothing_is_missing(served: Served, lead: httpx.AsyncClient) -> None:
    on_time = observed(pillar="integrity", metric_id="on_time")
    effort = observed(pillar="time_and_effort", metric_id="easy_to_find")
    resolved = [observed(pillar="resolution", metric_id=one) for one in USUALLY_MISSING["resolution"]]
    rows = [on_time, effort, *resolved]
    await served.desk.parts.database.write(lambda conn: observations.add(conn, rows, OPEN, "lead"))
    page = plain((await lead.get("/dashboard/pillars?from=2026-03-01&to=2026-03-31&as_of=2026-04-20")).text)
    assert "trust price transparency conduct in a crisis" in page
    assert "measured in part only: effort to find, buy, collect, assemble" in page
    assert "each told by one figure at least: problems never reported, fixes in store or by the courier" in page
    assert "None." not in page


def _broken_promise(connection: Connection) -> None:
    january = {"period_start": "2026-01-01", "period_end": "2026-01-31"}
    ledger.record(connection, "promise", promise(target=95), OPEN, "lead", date(2026, 1, 1))
    observations.add(connection, [observed(**january)], OPEN, "lead")


async def test_no_agent_is_named_and_nothing_is_called_a_score_of_the_experience(
    served: Served, lead: httpx.AsyncClient
) -> None:
    giulia = await served.desk.agent("Giulia")
    taken = {"type": "handoff.taken", "agent": giulia.id}
    said = {"type": "message.agent", "agent": giulia.id, "text": "Here.", "substantive": True}
    await record(served, *[contact(n, HANDOFF, taken, said) for n in range(12)])
    for language in ("it", "en"):
        page = (await lead.get(f"/dashboard/service?lang={language}")).text
        assert "Giulia" not in page
        assert giulia.id not in page
        assert not re.search(r"cx[ _-]?score|punteggio (di |della )?cx", page, flags=re.IGNORECASE)
        assert "<script>" not in page
        assert " style=" not in page


async def test_the_figures_are_written_in_the_readers_language(served: Served, lead: httpx.AsyncClient) -> None:
    await record(served, *[contact(n, YES) for n in range(4)], *[contact(n) for n in range(4, 10)])
    page = plain((await lead.get("/dashboard/service?lang=it")).text)
    assert "Tra il 40,0% e il 100,0% dei contatti giudicabili" in page


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.84, "0.8 s"), (5, "5 s"), (180, "3 min"), (605, "10 min 5 s"), (45_600, "12 h 40 min")]
)
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert Reader("en").duration(seconds) == said
