"""The chat in Chromium against a desk by script, embedded in a page of another origin under a strict policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import ANSWER, SURVEY, ask, open_chat, own, until
from tests.browser.fake_desk import FakeDesk

pytestmark = pytest.mark.browser


def test_question_is_acknowledged_and_answered_with_its_source(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    log = browser_page.get_by_role("log")
    expect(log.get_by_role("listitem").filter(has_text="Prepari il pacco")).to_be_visible()
    source = log.get_by_role("link", name="Restituire un libro")
    expect(source).to_have_attribute("href", f"{fake_desk.url}/help/it/returns")
    expect(source).to_have_attribute("target", "_blank")
    assert fake_desk.sessions[0]["page"] == fake_desk.shop
    sent = next(frame for frame in fake_desk.received if frame["type"] == "message")
    assert set(sent) == {"type", "text", "client_id"}


def test_notice_is_shown_before_anything_is_sent(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    notice = browser_page.get_by_role("region", name="Prima di scrivere")
    expect(notice).to_contain_text("Conserviamo la conversazione")
    expect(notice.get_by_role("link", name="Come usiamo i suoi dati")).to_be_visible()
    expect(box).to_have_accessible_description(re.compile("programma"))
    assert not fake_desk.stored


def test_page_load_asks_the_desk_for_nothing_but_the_launcher(browser_page: Page, fake_desk: FakeDesk) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url.removeprefix(fake_desk.url)))
    browser_page.goto(fake_desk.shop)
    expect(browser_page.get_by_role("button", name="Serve aiuto?")).to_be_visible()
    assert [path for path in asked if path.startswith("/") and path != "/favicon.ico"] == [
        "/widget.js", "/widget/locale/it.js"]  # fmt: skip
    assert fake_desk.sessions == []


def test_choice_is_sent_by_value_and_the_others_close(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    browser_page.get_by_role("button", name="No", exact=True).click()
    expect(own(browser_page).last).to_contain_text("No")
    expect(browser_page.get_by_role("button", name="Sì")).to_be_disabled()
    expect(browser_page.get_by_role("button", name="No", pressed=True)).to_be_disabled()
    expect(own(browser_page).last).to_contain_text("Inviato")
    assert [frame["value"] for frame in fake_desk.received if frame["type"] == "choose"] == ["/deny"]
    open_chat(browser_page, fake_desk)  # after a page change what was chosen is still settled
    expect(browser_page.get_by_role("button", name="No", pressed=True)).to_be_disabled()


def test_language_changes_at_run_time_and_stays(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = ask(browser_page, fake_desk)
    box.fill("bozza")
    browser_page.get_by_role("button", name="English").click()
    expect(browser_page.get_by_role("textbox", name="Your message")).to_have_value("bozza")
    expect(browser_page.get_by_role("region", name="Before you write")).to_contain_text("A program answers you")
    expect(browser_page.get_by_text("14 giorni")).to_have_count(1)
    assert fake_desk.sessions[-1]["locale"] == "en"
    browser_page.reload()
    expect(browser_page.get_by_role("button", name="Ask us")).to_be_visible()
    browser_page.evaluate("window.sportello.setLocale('it')")
    expect(browser_page.get_by_role("button", name="Serve aiuto?")).to_be_visible()


def test_a_language_without_catalogue_falls_back_to_english(browser_page: Page, fake_desk: FakeDesk) -> None:
    browser_page.goto(f"{fake_desk.shop}?data=data-locale=fi")
    expect(browser_page.get_by_role("button", name="Ask us")).to_be_visible()


def test_hostile_text_stays_text(browser_page: Page, fake_desk: FakeDesk) -> None:
    hostile = "<img src=x onerror=alert(1)> [qui](javascript:alert(1)) [là](data:text/html,x) **<b>ciao</b>** https://ok.example/a"
    bad = {
        "type": "message",
        "from": "assistant",
        "text": hostile,
        "citations": [{"title": "T", "url": "javascript:alert(1)"}],
    }
    ask(browser_page, fake_desk, "<script>alert(1)</script>", bad)
    message = browser_page.locator("sportello-widget .assistant")
    expect(message).to_contain_text("<img src=x onerror=alert(1)>")
    expect(message.locator("img, script, b:not(.sender b)")).to_have_count(0)
    expect(message.get_by_role("link")).to_have_count(1)
    expect(message.get_by_role("link")).to_have_attribute("href", "https://ok.example/a")
    expect(own(browser_page)).to_contain_text("<script>alert(1)</script>")


def test_survey_sends_what_was_answered_with_its_own_type(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    fake_desk.push(SURVEY)
    browser_page.get_by_role("group", name="È stato facile?").get_by_role("radio", name="6").check()
    browser_page.get_by_role("group", name="Risolto?").get_by_role("radio", name="Certo").check()
    browser_page.get_by_role("button", name="Invia le risposte").click()
    expect(browser_page.get_by_text("le sue risposte sono arrivate")).to_be_visible()
    fake_desk.push(SURVEY)  # offered again at a reconnect: answered is answered
    expect(browser_page.get_by_role("button", name="Invia le risposte")).to_have_count(0)
    given = [(frame["item"], frame["value"]) for frame in fake_desk.received if frame["type"] == "answer"]
    assert given == [("ces", 6), ("resolution", "yes")]


def test_survey_can_be_skipped(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    fake_desk.push(SURVEY)
    browser_page.get_by_role("button", name="Salta").click()
    expect(browser_page.get_by_role("group", name="Risolto?")).to_have_count(0)
    assert not [frame for frame in fake_desk.received if frame["type"] == "answer"]


def test_queue_tells_the_place_and_can_be_left(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    fake_desk.push({"type": "holder", "holder": "queue", "position": 2, "wait_s": 170})
    expect(browser_page.get_by_text("È al numero 2 della fila. Circa 3 min.").first).to_be_visible()
    expect(browser_page.get_by_role("status").filter(has_text="numero 2")).to_have_count(1)
    browser_page.get_by_role("button", name="Lascia la fila").click()
    until(browser_page, lambda: fake_desk.received[-1]["type"] == "leave_queue")


def test_ending_asks_first(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    browser_page.get_by_role("button", name="Termina").click()
    keep = browser_page.get_by_role("button", name="Continua")
    expect(keep).to_be_focused()
    keep.press("Escape")
    expect(keep).to_be_hidden()
    browser_page.get_by_role("button", name="Termina").click()
    browser_page.get_by_role("group", name="Terminare").get_by_role("button", name="Termina").click()
    until(browser_page, lambda: fake_desk.received[-1]["type"] == "end")
    fake_desk.push({"type": "holder", "holder": "nobody"})
    expect(browser_page.get_by_text("Può riscriverci").first).to_be_visible()
    browser_page.get_by_role("button", name="Rimuovi da questo dispositivo").click()
    open_chat(browser_page, fake_desk)
    expect(own(browser_page)).to_have_count(0)
    assert len(fake_desk.tokens) == 2


def test_counter_appears_near_the_limit_and_nothing_too_long_is_sent(browser_page: Page, fake_desk: FakeDesk) -> None:
    box = open_chat(browser_page, fake_desk)
    box.fill("a" * 3700)
    expect(browser_page.get_by_text("3700 di 4000 caratteri")).to_be_visible()
    box.fill("a" * 4001)
    expect(browser_page.get_by_text("Troppo lungo di 1 caratteri")).to_be_visible()
    expect(box).to_have_attribute("aria-invalid", "true")
    box.press("Enter")
    expect(box).to_have_value("a" * 4001)
    assert fake_desk.stored == []


def test_unread_messages_are_counted_on_the_launcher(browser_page: Page, fake_desk: FakeDesk) -> None:
    ask(browser_page, fake_desk)
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    browser_page.get_by_role("button", name="Chiudi").click()
    fake_desk.push({"type": "message", "from": "agent", "name": "Giulia", "text": "Trovato"})
    expect(browser_page.get_by_role("button", name="Serve aiuto? 1 da leggere")).to_be_visible()
    browser_page.reload()
    launcher = browser_page.get_by_role("button", name="Serve aiuto? 1 da leggere")
    launcher.click()
    expect(browser_page.get_by_text("Trovato")).to_be_visible()
    browser_page.get_by_role("button", name="Chiudi").click()
    expect(browser_page.get_by_role("button", name="Serve aiuto?", exact=True)).to_be_visible()


def test_page_can_drive_the_widget(browser_page: Page, fake_desk: FakeDesk) -> None:
    fake_desk.script("Dalla pagina", ANSWER)
    browser_page.goto(fake_desk.shop)
    expect(browser_page.get_by_role("button", name="Serve aiuto?")).to_be_visible()
    browser_page.evaluate(
        "() => { window.heard = []; for (const name of ['opened', 'message', 'closed', 'handoff', 'resolved'])"
        " window.sportello.on(name, (detail) => window.heard.push([name, detail.from ?? detail.holder ?? null])) }"
    )
    browser_page.evaluate("window.sportello.sendMessage('Dalla pagina')")
    expect(browser_page.get_by_text("14 giorni")).to_be_visible()
    fake_desk.push({"type": "holder", "holder": "agent", "name": "Giulia"}, {"type": "holder", "holder": "nobody"})
    browser_page.get_by_text("Può riscriverci").first.wait_for()
    browser_page.evaluate("window.sportello.close()")
    heard = [["opened", None], ["message", "assistant"], ["handoff", "agent"], ["resolved", None], ["closed", None]]
    assert browser_page.evaluate("window.heard") == heard
    browser_page.evaluate("window.sportello.setUser('signed')")
    until(browser_page, lambda: fake_desk.sessions[-1].get("user_jwt") == "signed")
    browser_page.evaluate("window.sportello.logout()")
    assert browser_page.evaluate("Object.values(localStorage).every((kept) => !JSON.parse(kept).token)")


def test_who_reads_the_end_stays_there_and_who_scrolled_up_is_left_alone(
    browser_page: Page, fake_desk: FakeDesk
) -> None:
    ask(browser_page, fake_desk)
    expect(own(browser_page)).to_contain_text("Inviato")
    said = [{"type": "message", "from": "agent", "name": "Giulia", "text": f"Punto {n}"} for n in range(12)]
    fake_desk.push(*said[:6], {"type": "holder", "holder": "queue", "position": 1}, *said[6:])
    expect(browser_page.get_by_text("Punto 11")).to_be_in_viewport()
    scrolled_up = "(region) => new Promise((done) => { region.onscroll = done; region.scrollTop = 0 })"
    browser_page.get_by_role("region", name="Conversazione").evaluate(scrolled_up)
    fake_desk.push({"type": "message", "from": "agent", "name": "Giulia", "text": "Ultimo"})
    more = browser_page.get_by_role("button", name="Nuovi messaggi")
    expect(browser_page.get_by_text("Ultimo")).not_to_be_in_viewport()
    more.click()
    expect(browser_page.get_by_text("Ultimo")).to_be_in_viewport()
    expect(more).to_be_hidden()
