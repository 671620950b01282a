"""Imports in the browser: shown as understood, not taken before they are confirmed, and never half a file."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.strategy import sheet
from desk.strategy.importing import FIELDS, SAMPLES
from tests.desk.conftest import Served
from tests.desk.library import signed_in
from touchpoints.cx import observations
from touchpoints.cx.observation import REQUIRED
from touchpoints.cx.spreadsheet import open_sheet
from touchpoints.errors import ImportRefused

HEADER = "source,metric_id,n,population,period_start,period_end,cx_area,numerator,denominator\n"
GOOD = HEADER + "log,on_time,200,parcels,2026-02-01,2026-02-28,delivery,150,200\n"
BAD = GOOD + "log,on_time,,parcels,2026-03-01,2026-03-31,delivery,150,200\n"


@pytest.fixture
async def lead(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(served, "Chiara", "lead") as client:
        yield client


async def send(client: httpx.AsyncClient, body: bytes, what: str = "observations") -> httpx.Response:
    return await client.post(f"/strategy/imports/{what}", files={"file": ("a.csv", body, "text/csv")})


async def stored(served: Served) -> int:
    return (await served.desk.parts.database.read(lambda conn: observations.page(conn, 1)))[1]


def columns(*names: str) -> dict[str, str]:
    return {f"column.{place}": name for place, name in enumerate(names)}


async def test_a_file_is_looked_at_then_confirmed(served: Served, lead: httpx.AsyncClient) -> None:
    sent = await send(lead, GOOD.encode())
    assert sent.status_code == 303
    page = await lead.get(sent.headers["location"])
    assert "Every line is fine" in page.text and "parcels" in page.text
    assert await stored(served) == 0
    asked = {**columns(*HEADER.strip().split(",")), "action": "import"}
    done = await lead.post(sent.headers["location"], data=asked)
    assert done.headers["location"] == "/strategy/imports?done=observations&rows=1&new=1&revised=0&unchanged=0"
    assert "Observations imported." in (await lead.get(done.headers["location"])).text
    assert await stored(served) == 1
    assert (await lead.get(sent.headers["location"])).status_code == 404  # confirmed once, and gone


async def test_errors_are_named_by_line_and_nothing_is_taken(served: Served, lead: httpx.AsyncClient) -> None:
    sent = await send(lead, BAD.encode())
    page = unescape((await lead.get(sent.headers["location"])).text)
    assert "Line 3:" in page and "n: needed" in page and "One line can't be taken" in page
    refused = await lead.post(
        sent.headers["location"], data={**columns(*HEADER.strip().split(",")), "action": "import"}
    )
    assert refused.status_code == 400
    assert await stored(served) == 0


async def test_columns_under_other_names_are_chosen_by_hand(served: Served, lead: httpx.AsyncClient) -> None:
    body = GOOD.replace("metric_id", "KPI").replace("cx_area", "note interne").encode()
    sent = await send(lead, body)
    page = unescape((await lead.get(sent.headers["location"])).text)
    assert "“Metric” is missing" in page
    names = HEADER.strip().replace("cx_area", "").split(",")
    checked = await lead.post(sent.headers["location"], data={**columns(*names), "action": "check"})
    assert "Every line is fine" in (await lead.get(checked.headers["location"])).text
    twice = {**columns(*names), "column.6": "source", "action": "import"}
    assert "is chosen for two columns" in (await lead.post(sent.headers["location"], data=twice)).text
    assert (await lead.post(sent.headers["location"], data={**columns(*names), "action": "import"})).status_code == 303
    assert await stored(served) == 1


async def test_an_italian_file_as_excel_saves_it_needs_no_help(served: Served, lead: httpx.AsyncClient) -> None:
    sent = await send(lead, (SAMPLES / "osservazioni.csv").read_bytes())
    page = unescape((await lead.get(sent.headers["location"])).text)
    assert "CP1252" in page and "Every line is fine" in page
    found = sheet.guessed(sheet.opened((SAMPLES / "osservazioni.csv").read_bytes()).columns, FIELDS["observations"])
    asked = {f"column.{place}": name for place, name in found.items()}
    assert (await lead.post(sent.headers["location"], data={**asked, "action": "import"})).status_code == 303
    rows, _ = await served.desk.parts.database.read(lambda conn: observations.page(conn, 10))
    ease = next(one for one in rows if one["metric_id"] == "ease_to_find")
    assert (ease["value"], ease["response_rate"]) == (4.1, 0.35)
    assert ease["population"] == "visitatori all'uscita, più di 16 anni"


@pytest.mark.parametrize(("name", "what"), [("observations.csv", "observations"), ("orders.csv", "orders")])
async def test_a_sample_can_be_downloaded_and_taken_as_it_is(
    served: Served, lead: httpx.AsyncClient, name: str, what: str
) -> None:
    sample = await lead.get(f"/strategy/imports/samples/{name}")
    assert sample.headers["content-type"].startswith("text/csv")
    sent = await send(lead, sample.content, what)
    assert "Every line is fine" in (await lead.get(sent.headers["location"])).text
    assert (await lead.get("/strategy/imports/samples/..%2fkinds.py")).status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "No file was sent"),
        (b"\n\n", "The file is empty"),
        (b"PK\x03\x04\x00\x00 not a table", "can't be read as text"),
        (b"a," * 500, "Too many columns"),
        (b"x" * 950_000, "larger than 900 kB"),
    ],
)
async def test_what_is_no_file_of_ours_is_said_kindly(lead: httpx.AsyncClient, body: bytes, said: str) -> None:
    page = await send(lead, body)
    assert page.status_code in (400, 413)
    assert said in unescape(page.text)


async def test_a_file_belongs_to_its_uploader_and_is_not_kept_for_long(served: Served, lead: httpx.AsyncClient) -> None:
    address = (await send(lead, GOOD.encode())).headers["location"]
    async with signed_in(served, "Anna", "lead") as other:
        assert (await other.get(address)).status_code == 404
    assert (await lead.get(address)).status_code == 200
    served.desk.pass_time(minutes=31)
    assert (await lead.get(address)).status_code == 404


def test_the_newest_uploads_make_room() -> None:
    from datetime import UTC, datetime

    from desk.strategy.uploads import MOST, Upload, Uploads

    held, at = Uploads(), datetime(2026, 3, 2, tzinfo=UTC)
    for _ in range(MOST + 3):
        held.keep(Upload("orders", "a.csv", "me", at, sheet.opened(b"a,b\n1,2\n"), {}))
    assert len(held.held) == MOST


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELL, min_size=7, max_size=7), max_size=6), st.integers(0, 2), st.sampled_from(";,\t"))
def test_a_mapped_file_says_the_same_on_the_same_lines(rows: list[list[str]], blank: int, separator: str) -> None:
    import csv

    out = io.StringIO()
    out.write("\n" * blank)
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(["left out", *(f"c{n}" for n in range(6))])
    for row in rows:
        writer.writerow(row)
    opened = sheet.opened(out.getvalue().encode())
    names = {place + 1: name for place, name in enumerate(REQUIRED)}
    renamed = opened.renamed(names)

    def read(body: bytes, known: tuple[str, ...]) -> list[tuple[int, list[str]]]:
        found = open_sheet(io.BytesIO(body), known, ())
        return [(line, list(row.values()) if isinstance(row, dict) else [row]) for line, row in found.rows]

    before = read(out.getvalue().encode(), ("left out", *(f"c{n}" for n in range(6))))
    after = read(renamed, REQUIRED)
    expected = [(line, cells[1:]) for line, cells in before if any(cells[1:])]
    assert [(line, cells) for line, cells in after] == expected


def test_text_that_stops_being_a_table_is_refused_by_line() -> None:
    opened = sheet.opened(b"a,b\n1,2\n" + b'"' + b"x" * 200_000 + b'",2\n')
    with pytest.raises(ImportRefused, match="line 3"):
        opened.renamed({0: "a"})
