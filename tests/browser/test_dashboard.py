"""The dashboard in Chromium: accessible in light and dark, readable from 320 px, nothing blocked by its own policy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from desk import clock
from desk.launch import home
from desk.launch.supervisor import free_port
from desk.server import make_parts, make_public, open_database
from desk.settings import Settings
from desk.store import accounts
from tests.browser.browsing import watch
from tests.desk.fakes import LetterEncoder
from tests.desk.stories import VIEWS, query, tell

pytestmark = pytest.mark.browser
PAGES = (*VIEWS, "/interactions")


class Desk:
    """The desk on a thread of its own, over a home that tells one story."""

    def __init__(self, folder: Path, story: str) -> None:
        home.make(folder)
        settings = Settings(home=folder)
        self.query = query(tell(settings, story))
        self._parts = make_parts(settings, open_database(settings), LetterEncoder(), "http://127.0.0.1:9", "token")
        with self._parts.database.engine.begin() as connection:
            accounts.add(connection, "Chiara", "lead", "long enough for Chiara", clock.now())
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._done = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        app = make_public(self._parts, f"dashboard-{self.port}")
        app.config.TOUCHUP = False
        server = await app.create_server(host="127.0.0.1", port=self.port, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        self._ready.set()
        await self._done.wait()
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()

    def __enter__(self) -> Desk:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *raised: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(30)

    def address(self, view: str) -> str:
        return f"http://127.0.0.1:{self.port}/dashboard{view}?{self.query}"


@pytest.fixture(scope="module", params=["ikea", "inverse", "ikea-bare"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(tmp_path_factory.mktemp("home"), request.param) as desk:
        yield desk


def sign_in(desk: Desk, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{desk.port}/login")
    page.fill("[name=name]", "Chiara")
    page.fill("[name=password]", "long enough for Chiara")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/dashboard*")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(told: Desk, browser_context: Callable[..., BrowserContext], scheme: str) -> None:
    page = sign_in(told, browser_context(color_scheme=scheme))
    problems = watch(page)
    for view in PAGES:
        page.goto(told.address(view))
        found = Axe().run(page)
        assert found.violations_count == 0, (view, found.generate_report())
    assert not problems


def test_no_page_is_wider_than_a_small_screen(told: Desk, browser_context: Callable[..., BrowserContext]) -> None:
    page = sign_in(told, browser_context(viewport={"width": 320, "height": 640}))
    for view in PAGES:
        page.goto(told.address(view))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, view


def test_one_goes_from_a_number_to_what_was_said_by_keyboard(
    told: Desk, browser_context: Callable[..., BrowserContext]
) -> None:
    page = sign_in(told, browser_context())
    page.goto(told.address("/service"))
    page.focus("#contacts .value a.behind")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/interactions?*")
    page.focus(".contacts th a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".transcript")
    assert page.locator(".said.customer").count() > 0


def test_statuses_are_never_told_by_colour_alone(told: Desk, browser_context: Callable[..., BrowserContext]) -> None:
    page = sign_in(told, browser_context())
    page.goto(told.address(""))
    for promise in page.locator(".promise").all():
        assert promise.locator(".state strong").inner_text() in (
            "Mantenuta",
            "Non mantenuta",
            "Incerta",
            "Non misurata",
        )
    greens = page.evaluate(
        """() => [...document.querySelectorAll('.promise *')].filter(one => {
            const green = getComputedStyle(document.documentElement).getPropertyValue('--good').trim();
            const probe = document.createElement('i'); probe.style.color = green; document.body.append(probe);
            const wanted = getComputedStyle(probe).color; probe.remove();
            const style = getComputedStyle(one);
            return [style.color, style.backgroundColor, style.borderTopColor].includes(wanted);
        }).length"""
    )
    assert greens == 0
