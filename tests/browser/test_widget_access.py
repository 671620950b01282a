"""The widget by keyboard, by screen reader, on a small screen, in both themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.browsing import watch
from tests.browser.chatting import ANSWER, QUESTION, SURVEY, ask, open_chat, own
from tests.browser.fake_desk import FakeDesk

pytestmark = pytest.mark.browser


def test_keyboard_alone_opens_asks_chooses_and_closes(browser_page: Page, fake_desk: FakeDesk) -> None:
    fake_desk.script(QUESTION, ANSWER)
    browser_page.goto(fake_desk.shop)
    launcher = browser_page.get_by_role("button", name="Serve aiuto?")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    press = browser_page.keyboard.press
    press("Tab")
    press("Tab")
    expect(launcher).to_be_focused()
    press("Enter")
    box = browser_page.get_by_role("textbox", name="Il suo messaggio")
    expect(box).to_be_focused()
    browser_page.keyboard.type(QUESTION)
    press("Shift+Enter")
    browser_page.keyboard.type("Grazie")
    expect(box).to_have_value(f"{QUESTION}\nGrazie")
    fake_desk.script(f"{QUESTION}\nGrazie", ANSWER)
    press("Enter")
    choice = browser_page.get_by_role("button", name="Sì")
    expect(choice).to_be_visible()
    for _ in range(10):
        press("Shift+Tab")
        if choice.evaluate("(button) => button.getRootNode().activeElement === button"):
            break
    press("Enter")
    expect(own(browser_page).last).to_contain_text("Sì")
    expect(box).to_be_focused()
    press("Escape")
    expect(browser_page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_enter_that_ends_a_composition_does_not_send(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    box.fill("にほん")
    box.evaluate(
        "(area) => area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(box).to_have_value("にほん")
    expect(own(browser_page)).to_have_count(0)


def test_new_messages_are_announced_history_is_not(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    log = browser_page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    announced = (
        "(log) => { window.said = []; new MutationObserver((all) => all.forEach((one) => "
        "one.addedNodes.forEach((node) => window.said.push(node.className)))).observe(log, {childList: true}) }"
    )
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    log.evaluate(announced)
    fake_desk.push({"type": "message", "from": "agent", "name": "Giulia", "text": "Uno"})
    expect(log.get_by_text("Uno")).to_be_visible()
    assert browser_page.evaluate("window.said") == ["message agent"]


def test_small_screen_is_filled_and_nothing_behind_is_reachable(
    browser_context: Callable[..., BrowserContext], fake_desk: FakeDesk
) -> None:
    page = browser_context(viewport={"width": 320, "height": 560}).new_page()
    problems = watch(page)
    ask(page, fake_desk)
    expect(page.get_by_text("14 giorni")).to_be_visible()
    dialog = page.get_by_role("dialog")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 560}
    assert dialog.evaluate("(dialog) => dialog.matches(':modal') && dialog.scrollWidth <= 320")
    small = dialog.evaluate(
        "(dialog) => [...dialog.querySelectorAll('button')].filter((one) => one.offsetParent)"
        ".map((one) => one.getBoundingClientRect()).filter((box) => box.width < 24 || box.height < 24).length"
    )
    assert small == 0
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Serve aiuto?")).to_be_focused()
    assert not problems


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["#7a2f3b", "#ffd34d"])
def test_axe_finds_nothing(
    browser_context: Callable[..., BrowserContext], fake_desk: FakeDesk, scheme: str, accent: str
) -> None:
    fake_desk.accent = accent
    page = browser_context(color_scheme=scheme, viewport={"width": 1000, "height": 800}, bypass_csp=True).new_page()
    page.goto(fake_desk.shop)
    expect(page.get_by_role("button", name="Serve aiuto?")).to_be_visible()
    _check(page, "launcher")
    ask(page, fake_desk)
    expect(page.get_by_text("14 giorni")).to_be_visible()
    _check(page, "answer")
    page.get_by_role("button", name="No", exact=True).click()
    expect(own(page).last).to_contain_text("Inviato")
    fake_desk.push({"type": "holder", "holder": "queue", "position": 1}, {"type": "typing", "from": "agent"}, SURVEY)
    expect(page.get_by_role("button", name="Salta")).to_be_visible()
    _check(page, "queue, survey")
    fake_desk.away = True
    fake_desk.cut()
    page.get_by_role("textbox", name="Il suo messaggio").fill("a" * 4001)
    expect(page.get_by_text("Manca la connessione").first).to_be_visible()
    _check(page, "offline, too long")


def _check(page: Page, state: str) -> None:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert not found.response["violations"], (state, found.generate_report())
