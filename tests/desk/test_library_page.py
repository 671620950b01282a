"""The knowledge pages in a real browser: nobody is kept out, and nothing breaks the content policy."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from tests.browser.browsing import FLAGS
from tests.conftest import missing
from tests.desk.conftest import Served
from tests.desk.library import ANSWER, FALLBACK, GIFTS, NO, PERSON, TRACK, asks, publish

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(served: Served) -> AsyncIterator[Page]:
    """A narrow browser in which Ada, an admin, is signed in; a violated content policy fails the test."""
    path = Path(os.environ.get("SPORTELLO_CHROMIUM") or "/usr/bin/chromium")
    if not path.exists():
        missing(f"Chromium is not at {path}: install it, or set SPORTELLO_CHROMIUM")
    publish(served, TRACK, GIFTS)
    await asks(served, 1, "Do you sell vinyl records? Call 333 123 4567", FALLBACK, *PERSON)
    await asks(served, 2, "Where is my order now?", ANSWER, NO)
    await served.desk.agent("Ada", "admin")
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), headless=True, args=FLAGS)
        context = await browser.new_context(locale="en-GB", viewport={"width": 320, "height": 800})
        context.set_default_timeout(20_000)
        one = await context.new_page()
        one.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        one.on("pageerror", lambda error: problems.append(str(error)))
        await one.goto(f"{served.url}/login?next=/knowledge")
        await one.get_by_label("Name").fill("Ada")
        await one.get_by_label("Password").fill("long enough for Ada")
        await one.get_by_role("button", name="Sign in").click()
        await expect(one.get_by_role("heading", name="Knowledge gaps")).to_be_visible()
        yield one
        await browser.close()
    assert not problems


async def accessible(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_from_a_gap_to_a_published_article_without_a_barrier(served: Served, page: Page) -> None:
    await accessible(page)
    await page.get_by_role("button", name=re.compile("Write an article.*vinyl")).click()
    await expect(page.get_by_label("Question, as a customer")).to_have_value("Do you sell vinyl records? Call [phone]")
    await accessible(page)
    await page.get_by_label("Question, as a customer").fill("Do you sell vinyl records?")
    await page.get_by_label("Answer", exact=True).fill("Yes, on the first floor. Write to shop@example.org.")
    await page.get_by_role("button", name="Approve and publish").click()
    await expect(page.get_by_role("alert")).to_contain_text("some lines look like personal data")
    await accessible(page)
    await page.get_by_label("I have checked these lines").check()
    await page.get_by_role("button", name="Approve and publish").click()
    await expect(page.get_by_role("status")).to_contain_text("Published")
    await accessible(page)
    await page.get_by_role("link", name="Read the article").click()
    await expect(page.get_by_role("heading", name="Do you sell vinyl records?")).to_be_visible()


@pytest.mark.parametrize("path", ["/knowledge/articles", "/knowledge/drafts", "/knowledge/articles?lang=it"])
async def test_the_other_pages_have_no_barrier_either(served: Served, page: Page, path: str) -> None:
    await page.goto(f"{served.url}{path}")
    await accessible(page)
