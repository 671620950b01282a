"""Takes the pictures of docs/screenshots from a running demo: `python scripts/screenshots.py http://127.0.0.1:8080`.

The demo's sign-ins are read from its home (SPORTELLO_HOME, else var/demo). Needs Chromium (SPORTELLO_CHROMIUM, else
/usr/bin/chromium).
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


LEADS_PAGES = {
    "dashboard": "/dashboard",
    "causes": "/dashboard/causes",
    "placement": "/dashboard/placement",
    "coverage": "/dashboard/coverage",
    "pillars": "/dashboard/pillars",
    "relationship": "/dashboard/relationship",
    "service": "/dashboard/service",
    "voices": "/dashboard/voices",
    "glossary": "/dashboard/glossary",
    "strategy": "/strategy",
    "promise": "/strategy/promises/two_days",
    "imports": "/strategy/imports",
    "gaps": "/knowledge",
}


def new_page(browser: Browser, width: int = 1280, height: int = 860) -> Page:
    """A page in a fresh profile, in English."""
    return browser.new_context(locale="en-GB", viewport={"width": width, "height": height}).new_page()


def widget(browser: Browser, url: str) -> None:
    page = new_page(browser)
    page.goto(f"{url}/shop?lang=en")
    chat = page.locator("sportello-widget")
    chat.get_by_role("button").first.click()
    box = chat.get_by_role("textbox")
    box.fill("How long do I have to return a book?")
    box.press("Enter")
    chat.get_by_role("log").get_by_role("link").first.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "widget.png")


def sign_in(browser: Browser, url: str, name: str) -> Page:
    home = Path(os.environ.get("SPORTELLO_HOME") or ROOT / "var" / "demo")
    password = tomllib.loads((home / "demo-accounts.toml").read_text())[name]["password"]
    page = new_page(browser, 1360, 900)
    page.goto(f"{url}/login?lang=en")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def desk(browser: Browser, url: str) -> None:
    page = sign_in(browser, url, "Giulia")
    page.locator("main li button, main li a").first.click()
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / "desk.png")


def lead(browser: Browser, url: str) -> None:
    """A picture of the top of each of the lead's pages."""
    page = sign_in(browser, url, "Chiara")
    for name, path in LEADS_PAGES.items():
        page.goto(f"{url}{path}")
        page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("SPORTELLO_CHROMIUM") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        for take in (widget, desk, lead):
            take(browser, url)
            print(take.__name__)
        browser.close()


if __name__ == "__main__":
    main()
