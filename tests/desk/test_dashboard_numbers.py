"""Every number on every page is the document's own, and opens to as many contacts as it says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from desk.dashboard.figures import Reader
from desk.demo.scenarios import Scenario
from desk.settings import Settings
from tests.desk.conftest import Served
from tests.desk.stories import VIEWS, query, signed_in, tell

# what no number of the record is in: controls, pictures (their tables have the numbers), definitions, codes, dates
ASIDE = "svg, code, form, nav, .scope, .definition, .about dl, .promise-facts, blockquote, h1, .bar, .mark-words, head"
DATE = re.compile(r"\d{1,2} [a-zà-ú]{3,9}\.?(?: \d{4})?|\d{4}-\d\d-\d\d")
WORDS = re.compile(
    r"95 ?%|CES 2\.0|di 10|10 punti|10 points|meno di 5|under 5|fewer than 5|da 5 a 9|10 e più|reviews? \d\w+"
)


@dataclass
class Crawl:
    """A story, and a lead's browser on it."""

    scenario: Scenario
    client: httpx.AsyncClient

    async def page(self, view: str) -> BeautifulSoup:
        answer = await self.client.get(f"/dashboard{view}?{query(self.scenario)}")
        assert answer.status_code == 200, view
        assert len(answer.content) <= 200_000, view
        return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture(params=["ikea", "inverse", "ikea-bare"])
def story(request: pytest.FixtureRequest, settings: Settings) -> Scenario:
    return tell(settings, request.param)


@pytest.fixture
async def crawl(story: Scenario, served: Served) -> AsyncIterator[Crawl]:
    async with signed_in(served, "Chiara", "lead") as client:
        yield Crawl(story, client)


def resolved(document: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def as_written(value: float) -> set[str]:
    reader = Reader("it")
    ways = {reader.number(value, digits) for digits in (0, 1, 2)}
    return ways | {
        way(value) for way in (reader.percent, reader.of_hundred, reader.signed, reader.in_points, reader.duration)
    }


async def test_every_number_is_the_documents_own(crawl: Crawl) -> None:
    documents: dict[str, Any] = {}
    seen = 0
    for view in VIEWS:
        page = await crawl.page(view)
        addresses = {str(a["data-document"]): str(a["href"]) for a in page.select("a[data-document]")}
        for number in page.select("data"):
            address = addresses[str(number["data-document"])]
            if address not in documents:
                documents[address] = (await crawl.client.get(address)).json()
            value = resolved(documents[address], str(number["data-path"]))
            assert float(str(number["value"])) == pytest.approx(value, rel=1e-12), (view, number)
            assert number.text in as_written(value), (view, number)
            seen += 1
    assert seen > 100


async def test_no_number_is_written_without_saying_where_it_comes_from(crawl: Crawl) -> None:
    for view in VIEWS:
        if view == "/glossary":
            continue
        page = await crawl.page(view)
        for aside in page.select(ASIDE):
            aside.decompose()
        for number in page.select("data"):
            number.replace_with(" ")
        for words in page.select("main")[0].stripped_strings:
            left = WORDS.sub("", DATE.sub("", words))
            assert not re.search(r"\d", left), (view, words)


def expected(link: Tag, documents: dict[str, Any]) -> int:
    """How many contacts a link's number stands for."""
    number = link.select("data")[0]
    path, document = str(number["data-path"]), documents[str(number["data-document"])]
    parent, _, last = path.rpartition("/")
    counts = resolved(document, parent)
    return int(counts[{"value": "numerator", "median": "n"}.get(last, last)])


async def test_a_number_opens_to_exactly_the_contacts_it_counts(crawl: Crawl) -> None:
    opened: set[str] = set()
    for view in ("", "/causes", "/service"):
        page = await crawl.page(view)
        addresses = {str(a["data-document"]): str(a["href"]) for a in page.select("a[data-document]")}
        documents = {name: (await crawl.client.get(address)).json() for name, address in addresses.items()}
        for link in page.select("a.behind"):
            address = str(link["href"])
            if address in opened:
                continue
            opened.add(address)
            listed = BeautifulSoup((await crawl.client.get(address)).text, "html.parser")
            title = listed.select("#rows-title")[0].text
            found = int(re.sub(r"\D", "", title))
            assert found == expected(link, documents), address
    assert len(opened) > 20


async def test_nothing_is_called_a_score_and_no_page_holds_a_script_or_a_style(crawl: Crawl) -> None:
    for view in VIEWS:
        if view == "/glossary":
            continue
        for language in ("it", "en"):
            answer = await crawl.client.get(f"/dashboard{view}?{query(crawl.scenario)}&lang={language}")
            assert not re.search(r"cx[ _-]?score|punteggio (di |della )?cx", answer.text, flags=re.IGNORECASE)
            assert "<script" not in answer.text
            assert "style=" not in answer.text
            assert "{" not in BeautifulSoup(answer.text, "html.parser").text.replace("{}", "")
