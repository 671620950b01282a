"""Chromium for the tests marked `browser`: the system's own, a fresh profile per test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.browsing import FLAGS, watch
from tests.browser.fake_desk import FakeDesk, running_desk
from tests.conftest import missing

expect.set_options(timeout=30_000)  # how long a busy machine may take; nothing is judged by its speed


# A module's, not the session's: a started Playwright holds this thread's event loop, and async tests want theirs
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; without one the test is skipped on a laptop and fails in CI."""
    path = Path(os.environ.get("SPORTELLO_CHROMIUM") or "/usr/bin/chromium")
    if not path.exists():
        missing(f"Chromium is not at {path}: install it, or set SPORTELLO_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, each a fresh profile: browser_context(color_scheme="dark", locale="it-IT", …)."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "it-IT", "reduced_motion": "reduce", **options})
        context.set_default_timeout(30_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def browser_page(browser_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page in a fresh profile. A violated content policy or an uncaught error in it fails the test."""
    page = browser_context().new_page()
    problems = watch(page)
    yield page
    assert not problems


@pytest.fixture
def fake_desk() -> Iterator[FakeDesk]:
    with running_desk() as desk:
        yield desk
