"""The running product: two processes, the real assistant, and kills at the worst moment."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.product import ROOT, Customer, Product

pytestmark = pytest.mark.product


def texts(heard: list[dict[str, object]], sender: str = "assistant") -> list[str]:
    return [str(one["text"]) for one in heard if one["from"] == sender]


@pytest.mark.parametrize(
    ("locale", "question", "article"),
    [("it", "dov'è il mio ordine?", "/help/it/track-order"), ("en", "where is my order?", "/help/en/track-order")],
)
def test_a_question_gets_a_right_cited_answer(product: Product, locale: str, question: str, article: str) -> None:
    customer = Customer(product, locale)
    customer.say(question)
    cited = [link["url"] for one in customer.hear() for link in one["citations"]]
    assert cited == [article]
    page = httpx.get(f"{product.url}{article}")
    assert page.status_code == 200
    assert "<h1" in page.text


def test_the_assistant_says_it_is_a_program(product: Product) -> None:
    customer = Customer(product)
    customer.say("are you a real person?")
    assert "program" in " ".join(texts(customer.hear()))


def test_a_bot_killed_in_the_middle_of_a_turn_costs_an_apology_and_no_message(product: Product) -> None:
    customer = Customer(product)
    customer.say("hello")
    customer.hear()
    bot = product.child("bot run")
    os.kill(bot, signal.SIGSTOP)  # the turn is in its hands and can't end
    seq = customer.say("where is my order?")
    time.sleep(0.5)
    os.kill(bot, signal.SIGKILL)
    apology = customer.hear()[-1]
    assert [choice["value"] for choice in apology["choices"]] == ["/request_person"]
    product.wait_until_ready()
    customer.say("where is my order?")
    assert any(one["citations"] for one in customer.hear())
    everything = customer.client.get("/api/v1/widget/messages", params={"after": 0}).json()["messages"]
    assert [one["seq"] for one in everything] == list(range(1, len(everything) + 1))
    assert everything[seq - 1]["text"] == "where is my order?"


def test_an_app_killed_in_the_middle_of_a_turn_answers_once_after_its_restart(product: Product) -> None:
    customer = Customer(product)
    customer.say("hello")
    customer.hear()
    bot, app = product.child("bot run"), product.child("desk.server")
    os.kill(bot, signal.SIGSTOP)
    customer.say("how do I return a book?")
    time.sleep(0.5)
    os.kill(app, signal.SIGKILL)
    os.kill(bot, signal.SIGCONT)
    product.wait_until_ready()
    heard = customer.hear(60)
    assert sum(bool(one["citations"]) for one in heard) == 1
    time.sleep(2)
    everything = customer.client.get("/api/v1/widget/messages", params={"after": 0}).json()["messages"]
    assert sum(bool(one["citations"]) for one in everything) == 1


def test_a_conversation_becomes_an_interaction_that_the_report_shows(product: Product) -> None:
    def contacts() -> int:
        command = [sys.executable, "-m", "desk", "report", "--format", "json"]
        said = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "SPORTELLO_HOME": str(product.home)}, capture_output=True, text=True
        )
        assert said.returncode == 0, said.stderr
        return int(json.loads(said.stdout)["metrics"]["contacts"]["n"])

    before = contacts()
    customer = Customer(product)
    customer.say("do you ship to Switzerland?")
    customer.hear()
    assert contacts() == before + 1


def test_no_customer_text_reaches_a_log(product: Product) -> None:
    secret = "xylophone-4711 my parcel from Via Segreta"
    customer = Customer(product)
    customer.say(f"where is {secret}?")
    customer.hear()
    for log in (product.home / "logs").iterdir():
        assert "xylophone" not in log.read_text(errors="replace")


def test_a_taken_port_is_one_sentence(product: Product, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "desk", "demo", "run", "--port", str(product.port)],
        cwd=ROOT,
        env={**os.environ, "SPORTELLO_HOME": str(tmp_path / "other")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert f"port {product.port}" in said.stderr


def test_the_internal_doors_are_closed_without_the_token(product: Product) -> None:
    """Whatever else listens on loopback for this product answers nobody who lacks the token."""
    for port in listening(product.child("desk.server")) | listening(product.child("bot run")):
        if port == product.port:
            continue
        for path in ("/actions", "/encode", "/webhooks/turn/webhook"):
            answered = httpx.post(f"http://127.0.0.1:{port}{path}", json={})
            assert answered.status_code in (403, 404, 405), (port, path)


def listening(process: int) -> set[int]:
    """TCP ports this process listens on."""
    inodes = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        target = os.readlink(link)
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    ports = set()
    for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[9] in inodes:
            assert socket.inet_ntoa(bytes.fromhex(fields[1].split(":")[0])[::-1]) == "127.0.0.1"
            ports.add(int(fields[1].split(":")[1], 16))
    return ports
