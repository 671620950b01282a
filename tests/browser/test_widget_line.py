"""The widget's line: nothing is lost, nothing is said twice, whatever the network does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chatting import QUESTION, ask, open_chat, own
from tests.browser.fake_desk import FakeDesk

pytestmark = pytest.mark.browser


def test_message_stored_but_not_acknowledged_is_sent_again_and_kept_once(
    browser_page: Page, fake_desk: FakeDesk
) -> None:
    fake_desk.drop_before_ack = True
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    expect(browser_page.get_by_role("log").get_by_text("14 giorni")).to_have_count(1)
    expect(own(browser_page)).to_have_count(1)
    ids = [frame["client_id"] for frame in fake_desk.received if frame["type"] == "message"]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert fake_desk.texts() == [QUESTION]


def test_what_is_written_offline_survives_a_page_change_and_is_sent_once(
    browser_page: Page, fake_desk: FakeDesk
) -> None:
    box = open_chat(browser_page, fake_desk)
    box.fill("prima")
    box.press("Enter")
    expect(own(browser_page)).to_contain_text("Inviato")
    fake_desk.away = True
    fake_desk.cut()
    expect(browser_page.get_by_text("Manca la connessione").first).to_be_visible()
    box.fill("dopo")
    box.press("Enter")
    expect(own(browser_page).last).to_contain_text("Non ancora inviato")
    expect(own(browser_page).last.get_by_role("button", name="Riprova")).to_be_visible()
    fake_desk.away = False
    open_chat(browser_page, fake_desk)
    expect(own(browser_page).last).to_contain_text("Inviato")
    assert fake_desk.texts() == ["prima", "dopo"]


def test_messages_missed_while_the_line_was_down_arrive(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    fake_desk.away = True
    fake_desk.cut()
    fake_desk.store({"type": "message", "from": "agent", "name": "Giulia", "text": "Eccomi"})
    fake_desk.away = False
    expect(browser_page.get_by_text("Eccomi")).to_be_visible()
    expect(browser_page.get_by_text("14 giorni")).to_have_count(1)


def test_polling_takes_over_where_websockets_do_not_get_through(browser_page: Page, fake_desk: FakeDesk) -> None:
    fake_desk.websocket = False
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    fake_desk.push({"type": "holder", "holder": "agent", "name": "Giulia"})
    fake_desk.push({"type": "message", "from": "agent", "name": "Giulia", "text": "Buongiorno"})
    expect(browser_page.get_by_text("Buongiorno")).to_be_visible()
    expect(browser_page.get_by_text("Ora c’è Giulia")).to_be_visible()
    expect(own(browser_page)).to_have_count(1)


def test_two_tabs_show_the_same_conversation(
    browser_context: Callable[..., BrowserContext], fake_desk: FakeDesk
) -> None:
    context = browser_context()
    first, second = context.new_page(), context.new_page()
    second.goto(fake_desk.shop)
    expect(second.get_by_role("button", name="Serve aiuto?")).to_be_visible()
    ask(first, fake_desk)
    expect(first.get_by_text("14 giorni")).to_be_visible()
    second.get_by_role("button", name="Serve aiuto?").click()
    expect(second.get_by_text("14 giorni")).to_be_visible()
    expect(own(second)).to_have_count(1)
    box = second.get_by_role("textbox", name="Il suo messaggio")
    box.fill("dall'altra")
    box.press("Enter")
    expect(own(first).last).to_contain_text("dall'altra")
    expect(own(second)).to_have_count(2)
    assert len(fake_desk.tokens) == 1


def test_rate_limit_is_shown_and_the_message_sent_later(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    fake_desk.refuse_next = {"code": "rate_limited", "message": "", "retry_after": 1}
    box.fill("piano")
    box.press("Enter")
    expect(browser_page.get_by_role("alert")).to_contain_text("parte da solo tra 1 s")
    expect(own(browser_page)).to_contain_text("Inviato")
    expect(browser_page.get_by_role("alert")).to_be_empty()
    assert fake_desk.texts() == ["piano"]


def test_refused_message_gives_the_words_back(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    fake_desk.refuse_next = {"code": "too_long", "message": "at most 10 characters"}
    box.fill("parole su parole")
    box.press("Enter")
    expect(browser_page.get_by_role("alert")).to_contain_text("troppo lungo")
    expect(box).to_have_value("parole su parole")
    expect(own(browser_page)).to_have_count(0)


def test_expired_session_is_replaced_and_the_message_not_lost(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    expect(browser_page.get_by_role("dialog")).to_be_visible()
    fake_desk.tokens.clear()
    fake_desk.cut()
    box.fill("ancora qui")
    box.press("Enter")
    expect(own(browser_page)).to_contain_text("Inviato")
    assert fake_desk.texts() == ["ancora qui"]
