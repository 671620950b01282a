"""How the tests' Chromium is started, and what they listen for in every page."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page

# Nothing but the loopback is ever asked for
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def watch(page: Page) -> list[str]:
    """Collects the page's uncaught errors and violations of its content policy, as they come."""
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return problems
