"""The stranger's path: the demo's shop page, the real widget, the real Rasa, the real encoder; in both languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.product]
QUESTIONS = {
    "it": ("Quanto tempo ho per restituire un libro?", "30 giorni", "/help/it/return-a-book"),
    "en": ("How long do I have to return a book?", "30 days", "/help/en/return-a-book"),
}


@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_question_on_the_shop_page_gets_a_right_cited_answer(product: Product, browser_page: Page, lang: str) -> None:
    question, fact, source = QUESTIONS[lang]
    browser_page.goto(f"{product.url}/shop?lang={lang}")
    widget = browser_page.locator("sportello-widget")
    widget.get_by_role("button").first.click()
    box = widget.get_by_role("textbox")
    box.fill(question)
    box.press("Enter")
    expect(widget.get_by_role("log")).to_contain_text(fact, timeout=30_000)
    link = widget.get_by_role("log").locator(f'a[href$="{source}"]').first
    expect(link).to_be_visible()
    with browser_page.context.expect_page() as opened:
        link.click()
    article = opened.value
    expect(article.get_by_role("heading", level=1)).to_be_visible()
    expect(article.locator("html")).to_have_attribute("lang", lang)
    article.close()


@pytest.mark.parametrize("path", ["/shop", "/help", "/help/it/return-a-book", "/privacy", "/login", "/docs"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_accessibility_violation(
    product: Product, browser_page: Page, path: str, scheme: str
) -> None:
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.goto(f"{product.url}{path}")
    found = Axe().run(browser_page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/shop", "/help", "/help/it/return-a-book", "/login"])
def test_public_pages_fit_a_small_screen(product: Product, browser_page: Page, path: str) -> None:
    browser_page.set_viewport_size({"width": 320, "height": 640})
    browser_page.goto(f"{product.url}{path}")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_agent_takes_the_waiting_customer_answers_and_wraps_up(product: Product, browser_page: Page) -> None:
    browser_page.goto(f"{product.url}/login?lang=en")
    browser_page.get_by_label("Name").fill("Giulia")
    browser_page.get_by_label("Password").fill(product.password("Giulia"))
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page).to_have_url(f"{product.url}/desk")
