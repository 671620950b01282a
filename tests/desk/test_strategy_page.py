"""The pages of what leads write down in a real browser: no barrier, at 320 px and in the dark, in both languages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from desk.strategy.importing import SAMPLES
from tests.browser.browsing import FLAGS
from tests.conftest import missing
from tests.desk.conftest import Served

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
async def page(served: Served, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A narrow browser in which Chiara, a lead, is signed in; a violated content policy fails the test."""
    path = Path(os.environ.get("SPORTELLO_CHROMIUM") or "/usr/bin/chromium")
    if not path.exists():
        missing(f"Chromium is not at {path}: install it, or set SPORTELLO_CHROMIUM")
    await served.desk.agent("Chiara", "lead")
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), headless=True, args=FLAGS)
        context = await browser.new_context(
            locale="en-GB", viewport={"width": 320, "height": 800}, color_scheme=request.param
        )
        context.set_default_timeout(20_000)
        one = await context.new_page()
        one.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        one.on("pageerror", lambda error: problems.append(str(error)))
        await one.goto(f"{served.url}/login?next=/strategy")
        await one.get_by_label("Name").fill("Chiara")
        await one.get_by_label("Password").fill("long enough for Chiara")
        await one.get_by_role("button", name="Sign in").click()
        await expect(one.get_by_role("heading", name="CX strategy")).to_be_visible()
        yield one
        await browser.close()
    assert not problems


async def accessible(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


async def test_from_an_empty_home_to_a_promise_with_evidence(served: Served, page: Page) -> None:
    await expect(page.get_by_text("Confusing the two leads to serious implementation errors")).to_be_visible()
    await accessible(page)
    await page.get_by_role("link", name="Write down a promise").click()
    await accessible(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("fields can't be taken")
    await accessible(page)
    await page.get_by_label("In English").fill("Parcels arrive when we said")
    await page.get_by_role("checkbox", name="Delivery").check()
    await page.get_by_label("Owner").fill("logistics")
    await page.get_by_label("Measure", exact=True).fill("on_time")
    await page.get_by_label("Direction").select_option("at_least")
    await page.get_by_label("Target").fill("90")
    await page.get_by_label("Unit").select_option("%")
    await page.get_by_label("What is offered").select_option("service")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await accessible(page)
    await page.goto(f"{served.url}/strategy/imports")
    await accessible(page)
    await page.get_by_label("CSV file").first.set_input_files(SAMPLES / "observations.csv")
    await page.get_by_role("button", name="Look at the observations").click()
    await expect(page.get_by_role("status")).to_contain_text("Every line is fine")
    await accessible(page)
    await page.get_by_role("button", name="Import the whole file").click()
    await expect(page.get_by_role("status")).to_contain_text("Observations imported.")
    await accessible(page)
    await page.goto(f"{served.url}/dashboard?from=2026-02-01&to=2026-02-28")
    await expect(page.get_by_text("Parcels arrive when we said").first).to_be_visible()


async def test_the_other_pages_have_no_barrier_either(served: Served, page: Page) -> None:
    for path in ("promises", "touchpoints", "reasons", "areas/delivery?lang=it", "frictions/new", "sources?lang=en"):
        await page.goto(f"{served.url}/strategy/{path}")
        await accessible(page)
