"""What the widget's tests say and do: an answer, a survey, opening the chat, asking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_desk import FakeDesk

ANSWER: dict[str, Any] = {
    "type": "message",
    "from": "assistant",
    "text": "Ha **14 giorni**.\n\n- Apra l'ordine\n- Prepari il pacco",
    "citations": [{"title": "Restituire un libro", "url": "/help/it/returns", "lang": "it"}],
    "choices": [{"title": "Sì", "value": "/affirm"}, {"title": "No", "value": "/deny"}],
}
SURVEY: dict[str, Any] = {
    "type": "survey",
    "items": [
        {
            "item": "ces",
            "question": "È stato facile?",
            "scale": [{"value": n, "label": {1: "1, no", 7: "7, sì"}.get(n, str(n))} for n in range(1, 8)],
        },
        {
            "item": "resolution",
            "question": "Risolto?",
            "scale": [{"value": "yes", "label": "Certo"}, {"value": "no", "label": "Per niente"}],
        },
        {"item": "comment", "question": "Altro?", "scale": []},
    ],
}
QUESTION = "Posso restituire un libro?"


def open_chat(page: Page, desk: FakeDesk, launcher: str = "Serve aiuto?", **query: str) -> Locator:
    page.goto(desk.shop + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""))
    page.get_by_role("button", name=launcher).click()
    expect(page.get_by_role("region", name="Prima di scrivere")).to_contain_text("programma")
    return page.get_by_role("textbox", name="Il suo messaggio")


def ask(page: Page, desk: FakeDesk, text: str = QUESTION, *frames: dict[str, Any]) -> Locator:
    desk.script(text, *(frames or (ANSWER,)))
    box = open_chat(page, desk)
    box.fill(text)
    box.press("Enter")
    return box


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Lets the page run until something holds on the desk's side."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to hold")


def own(page: Page) -> Locator:
    return page.locator("sportello-widget .customer")
