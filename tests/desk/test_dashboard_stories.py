"""What the pages conclude from the two stories, and what they refuse to."""

from __future__ import annotations

import re

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from desk.settings import Settings
from desk.store.schema import audit
from tests.desk.conftest import Served
from tests.desk.stories import query, signed_in, tell


async def opened(client: httpx.AsyncClient, address: str) -> BeautifulSoup:
    answer = await client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.text.split())


@pytest.fixture
def ikea(settings: Settings) -> str:
    return query(tell(settings, "ikea"))


@pytest.fixture
def bare(settings: Settings) -> str:
    return query(tell(settings, "ikea-bare"))


@pytest.fixture
def inverse(settings: Settings) -> str:
    return query(tell(settings, "inverse"))


async def test_weak_service_beside_kept_promises(ikea: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        page = await opened(client, f"/dashboard?{ikea}")
        assert [one["class"] for one in page.select(".promise")] == [["promise", "kept"]] * 3
        assert "Servizio debole, promessa mantenuta: il servizio non fa parte della promessa" in words(page)
        assert page.select(".own-panel .service-weak")
        assert not page.select(".own-panel .kept")
        order = [section.get("class") for section in page.select("main section")]
        assert order.index(["changes"]) < order.index(["promises"]) < order.index(["own-panel"])
        causes = await opened(client, f"/dashboard/causes?{ikea}")
        assert "Coda in negozio" not in " ".join(one.text for one in causes.select(".fix"))
        assert "Coda in negozio" in words(causes)


async def test_without_imports_neither_good_nor_bad_is_concluded(bare: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        page = await opened(client, f"/dashboard?{bare}")
        assert [one["class"] for one in page.select(".promise")] == [["promise", "not_measured"]] * 3
        assert "Evidenze insufficienti" in words(page)
        assert "ci sono solo dati del servizio" in words(page)
        coverage = await opened(client, f"/dashboard/coverage?{bare}")
        assert {tuple(one["class"]) for one in coverage.select("td.shown, td.counts")} <= {
            ("cell", "shown", "own"), ("cell", "counts", "own")
        }  # fmt: skip


async def test_great_service_repairs_and_the_promise_is_not_kept(inverse: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        page = await opened(client, f"/dashboard?{inverse}")
        assert [one["class"] for one in page.select(".promise")] == [["promise", "not_kept"]] * 3
        assert "Il servizio rimedia bene; la promessa non è mantenuta" in words(page)
        causes = await opened(client, f"/dashboard/causes?{inverse}")
        owners = [one.text for one in causes.select(".fix .owner")][:3]
        assert owners == ["Prodotto", "Logistica", "Prezzi"]
        fix = " ".join(one.text for one in causes.select(".fix, .boards")).casefold()
        assert not re.search(r"\bbot\b|agenti|assistente", fix)


async def test_a_lead_reads_what_was_said_redacted_and_an_admin_leaves_a_trace(inverse: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        listed = await opened(client, f"/dashboard/interactions?{inverse}&metric=promise_broken&part=numerator")
        first = str(listed.select(".contacts a")[0]["href"])
        page = await opened(client, first)
        assert "tolto per regola ciò che identifica" in words(page)
        assert page.select(".transcript .customer")
    assert await _traces(served) == []
    async with signed_in(served, "Ada", "admin") as client:
        assert "La trascrizione intera" in words(await opened(client, first))
        assert (await client.get("/dashboard/interactions/nothing")).status_code == 404
    assert await _traces(served) == [first.rsplit("/", 1)[1]]


async def _traces(served: Served) -> list[str]:
    chosen = select(audit.c.subject).where(audit.c.action == "transcript.opened")
    return list(await served.desk.parts.database.read(lambda conn: conn.execute(chosen).scalars().all()))


async def test_pictures_come_as_files_and_csv_holds_the_table(inverse: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        address = "/dashboard/pictures/causes/causes-areas"
        table = await client.get(f"{address}.csv?{inverse}")
        assert "Prodotto,Prodotto,108" in table.text
        drawn = await client.get(f"{address}.svg?{inverse}")
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert 'id="hatching"' in drawn.text
        assert (await client.get(f"{address}.png?{inverse}")).content.startswith(b"\x89PNG")
        for unknown in ("nothing.svg", "causes-areas.gif"):
            assert (await client.get(f"/dashboard/pictures/causes/{unknown}?{inverse}")).status_code == 404


async def test_voices_are_redacted_and_the_same_draw_gives_the_same_ones(inverse: str, served: Served) -> None:
    async with signed_in(served, "Chiara", "lead") as client:
        one = [quote.text for quote in (await opened(client, f"/dashboard/voices?{inverse}")).select(".quote")]
        same = [quote.text for quote in (await opened(client, f"/dashboard/voices?{inverse}&draw=1")).select(".quote")]
        assert one == same
        few = await opened(client, f"/dashboard/voices?{inverse}&where=customer_lifecycle=nobody")
        assert not few.select(".quote")
        assert "Meno di cinque clienti" in words(few)
