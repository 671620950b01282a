"""The agents' page in a real browser, on a desk whose assistant is scripted."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Page, WebSocketRoute, async_playwright, expect
from sqlalchemy import Connection, select

from desk.store import threads
from tests.browser.browsing import FLAGS
from tests.conftest import missing
from tests.desk.conftest import Served
from touchpoints.schema import event

pytestmark = pytest.mark.browser


@pytest.fixture
def problems() -> list[str]:
    """Uncaught errors and violations of the content policy, as the page has them."""
    return []


@pytest.fixture
async def page(served: Served, problems: list[str]) -> AsyncIterator[Page]:
    """The desk as Giulia sees it; an uncaught error or a violated content policy fails the test."""
    path = Path(os.environ.get("SPORTELLO_CHROMIUM") or "/usr/bin/chromium")
    if not path.exists():
        missing(f"Chromium is not at {path}: install it, or set SPORTELLO_CHROMIUM")
    await served.desk.agent("Giulia")

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(path), headless=True, args=FLAGS)
        context = await browser.new_context(locale="en-GB", viewport={"width": 1360, "height": 800})
        context.set_default_timeout(10_000)
        one = await context.new_page()
        one.on("console", heard)
        one.on("pageerror", lambda error: problems.append(str(error)))
        await one.goto(f"{served.url}/login?next=/desk")
        await one.get_by_label("Name").fill("Giulia")
        await one.get_by_label("Password").fill("long enough for Giulia")
        await one.get_by_role("button", name="Sign in").click()
        await expect(one.locator("#presence")).to_have_text("1 person at the desk")
        yield one
        await browser.close()
    assert not problems


async def waiting(served: Served, words: str = "where is my order?") -> str:
    thread_id = await served.desk.thread()
    await served.desk.say(thread_id, words)
    await served.desk.say(thread_id, "person please")
    return thread_id


async def attributes(served: Served, thread_id: str, kind: str) -> list[dict[str, Any]]:
    """What events of one type say, in order, once there is one: the page shows a message before the desk has it."""

    def read(conn: Connection) -> list[str]:
        chosen = select(event.c.attributes).where(event.c.conversation_id == thread_id, event.c.type == kind)
        return list(conn.execute(chosen.order_by(event.c.seq)).scalars())

    for _ in range(200):
        if found := await served.desk.parts.database.read(read):
            return [json.loads(one) for one in found]
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {kind} was recorded")


async def take(page: Page) -> None:
    first = page.locator("#queue .entry").first
    thread_id = await first.get_attribute("data-key")
    await first.click()
    await page.get_by_role("button", name="Take", exact=True).click()
    await expect(page.get_by_label("Write to the customer")).to_be_focused()
    await expect(page.locator(f'#mine [data-key="{thread_id}"]')).to_have_count(1)  # the board knows it too


async def test_who_asks_for_a_person_appears_with_what_was_asked_and_answered(served: Served, page: Page) -> None:
    await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    await waiting(served)
    await expect(page.locator("#queue .entry")).to_contain_text("Where is my order")
    await expect(page.locator("#news")).to_have_text("New conversation waiting: Where is my order")
    await expect(page).to_have_title("(1) Desk · Sportello")
    await page.locator("#queue .entry").click()
    card = page.get_by_role("complementary", name="Handoff card")
    await expect(card).to_contain_text("where is my order?")
    await expect(card.get_by_role("link")).to_have_attribute("href", f"{served.url}/help/en/track-order")
    await expect(card).to_contain_text("1 answer.")


async def test_agent_and_customer_see_each_others_messages_live_and_once(served: Served, page: Page) -> None:
    thread_id = await waiting(served)
    await take(page)
    await served.desk.say(thread_id, "I was told Monday")
    await expect(page.locator(".said.customer").last).to_contain_text("I was told Monday")
    await page.keyboard.type("Let me look.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said.agent")).to_have_text(["Giulia 11:00Let me look."])
    said = [one for one in await served.desk.messages(thread_id) if one.sender == "agent"]
    assert [one.text for one in said] == ["Let me look."]
    await expect(page.get_by_label("Write to the customer")).to_have_value("")


async def test_a_message_that_only_keeps_company_is_recorded_as_such(served: Served, page: Page) -> None:
    thread_id = await waiting(served)
    await take(page)
    await page.get_by_label("Counts as an answer").uncheck()
    await page.get_by_label("Write to the customer").fill("One moment.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".said.agent")).to_have_count(1)
    assert [said.get("substantive", False) for said in await attributes(served, thread_id, "message.agent")] == [False]
    await expect(page.get_by_label("Counts as an answer")).to_be_checked()


async def test_a_message_that_could_not_go_out_stays_and_is_said_once_when_tried_again(
    served: Served, page: Page
) -> None:
    thread_id = await waiting(served)
    await take(page)
    await page.route("**/messages", lambda route: route.abort())
    await page.get_by_label("Write to the customer").fill("Here it is.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The message did not go out.")).to_be_visible()
    await page.unroute("**/messages")
    await page.reload()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("#transcript .said.agent")).to_contain_text("Here it is.")
    await expect(page.locator("#outbox .said")).to_have_count(0)
    said = [one for one in await served.desk.messages(thread_id) if one.sender == "agent"]
    assert [one.text for one in said] == ["Here it is."]


async def test_a_draft_belongs_to_its_conversation(served: Served, page: Page) -> None:
    await waiting(served)
    await waiting(served, "where is the other one?")
    await take(page)
    await page.keyboard.type("half a sente")
    await take(page)
    await expect(page.get_by_label("Write to the customer")).to_have_value("")
    await page.locator("#mine .entry").last.click()
    held = page.get_by_label("Write to the customer")
    if await held.input_value() == "":  # the board puts the latest word first
        await page.locator("#mine .entry").first.click()
    await expect(held).to_have_value("half a sente")


async def test_a_colleague_who_was_quicker_is_named(served: Served, page: Page) -> None:
    marco = await served.desk.agent("Marco")
    thread_id = await waiting(served)
    await page.locator("#queue .entry").click()
    button = page.get_by_role("button", name="Take", exact=True)
    await expect(button).to_be_visible()
    await page.route("**/api/v1/conversations", lambda route: route.abort())  # the news doesn't reach this page in time
    await served.desk.parts.database.write(lambda conn: _hold(conn, thread_id, marco.id))
    await button.click()
    await expect(page.get_by_role("alert")).to_have_text("Marco took this conversation before you.")
    await expect(button).to_be_hidden()


def _hold(conn: Connection, thread_id: str, agent_id: str) -> None:
    thread = threads.load(conn, thread_id)
    thread.hand_to("agent", agent_id)
    threads.save(conn, thread)


async def test_wrapping_up_records_what_the_agent_knows_and_the_time_it_took(served: Served, page: Page) -> None:
    await waiting(served)
    await take(page)
    served.desk.pass_time(seconds=1)
    thread_id = await waiting(served, "where is the other order?")
    await take(page)
    await page.keyboard.type("It arrives tomorrow.")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Wrap up").click()
    dialog = page.get_by_role("dialog", name="Wrap up the conversation")
    await expect(dialog.get_by_label("Contact reason")).to_have_value("delivery.where_is_order")
    await dialog.get_by_label("Partly").check()
    await dialog.get_by_label("Order or product").fill("MZ-1")
    await dialog.get_by_role("button", name="Wrap up").click()
    await expect(page.get_by_text("No conversation open")).to_be_visible()
    assert (await served.desk.get(thread_id)).holder == "nobody"
    [wrapped] = await attributes(served, thread_id, "wrapped_up")
    expected = {"resolution": "partly", "reason": "delivery.where_is_order", "entity_ref": "MZ-1", "concurrency": 2}
    assert expected.items() <= wrapped.items()
    assert {"active_s", "wrap_s"} <= wrapped.keys()


async def test_a_conversation_given_back_is_the_assistants_again(served: Served, page: Page) -> None:
    thread_id = await waiting(served)
    await take(page)
    await page.get_by_role("button", name="Return to assistant").click()
    await expect(page.locator("#head-state")).to_have_text("The assistant is answering")
    assert (await served.desk.get(thread_id)).holder == "assistant"


async def test_a_lost_connection_is_said_and_what_was_missed_is_read_again(served: Served, page: Page) -> None:
    thread_id = await waiting(served)
    sockets: list[WebSocketRoute] = []
    up = True

    async def through(socket: WebSocketRoute) -> None:
        if up:
            socket.connect_to_server()
            sockets.append(socket)
        else:
            await socket.close()

    await page.route_web_socket("**/api/v1/desk/ws", through)
    await page.reload()
    await take(page)
    up = False
    await sockets[-1].close()
    await expect(page.get_by_text("Connection lost.")).to_be_visible()
    await served.desk.say(thread_id, "are you there?")
    await expect(page.locator(".said.customer").last).to_contain_text("person please")
    up = True
    await expect(page.locator(".said.customer").last).to_contain_text("are you there?")
    await expect(page.get_by_text("Connection lost.")).to_be_hidden()


async def test_a_sign_in_that_ended_is_said_with_the_way_back(served: Served, page: Page) -> None:
    await page.context.clear_cookies()
    await waiting(served)
    await expect(page.get_by_text("Your sign-in has ended.")).to_be_visible()
    await expect(page.get_by_role("link", name="Sign in again")).to_have_attribute("href", "/login?next=/desk")


@pytest.mark.parametrize("width", [1360, 800, 320])
async def test_the_desk_is_accessible_and_fits(served: Served, page: Page, problems: list[str], width: int) -> None:
    await waiting(served)
    await page.set_viewport_size({"width": width, "height": 700})
    await take(page)
    for dialog in (False, True):
        if dialog:
            await page.get_by_role("button", name="Wrap up").click()
        found = (await Axe().run(page)).response["violations"]
        assert [one["id"] for one in found] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    problems.clear()  # axe itself writes a style, and the policy refuses it
