"""One simulated conversation: what is said and heard, and what must hold at every step."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from tests.product import Customer, Product
from tests.simulation import wordings as w
from tests.simulation.agent import Agent

PATIENCE_S: Final = 30.0
LONGEST_FORM: Final = 12  # steps
SHORTEST_ECHO: Final = 12  # characters; "annulla" may well be in a reply


class DeadEnd(AssertionError):
    """The product left a simulated customer with nothing to do, in a loop, or with a record that isn't true."""


@dataclass
class Ledger:
    """What really happened, kept beside the product to hold its record against."""

    turns: int = 0
    answers: int = 0
    fallbacks: int = 0
    judged: str | None = None
    person_asked: bool = False
    why: str | None = None
    """Why people were asked for, where the script leaves no doubt."""
    taken: bool = False
    tickets: int = 0
    left: bool = False
    order: str | None = None
    survey: list[str] = field(default_factory=list)


class Walk:
    """A simulated customer with a seed."""

    def __init__(self, product: Product, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lang = self.rng.choice(("it", "en"))
        self.customer = _patiently(lambda: Customer(product, self.lang))
        self.ledger = Ledger()
        self.log: list[str] = []
        self.heard: list[dict[str, Any]] = []
        self.state: list[dict[str, Any]] = []
        self._missed = 0
        self._said_last: list[str] = []
        self.product = product

    # -- what the customer does ---------------------------------------------------------------------------------

    def pick(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    def say(self, text: str) -> None:
        """Write, and hear the reply."""
        self.log.append(f"> {text[:100]}")
        self.customer.sent += 1
        body = {"client_id": f"m{self.customer.sent}", "text": text}
        self._send(body)
        self._hear()
        if len(text) >= SHORTEST_ECHO and any(text in one["text"] for one in self.heard):
            raise DeadEnd("what was typed is repeated")

    def choose(self, beginning: str) -> None:
        """Press the first button on offer whose value begins like this."""
        offered = [choice["value"] for one in self.heard for choice in one.get("choices", [])]
        value = next((one for one in offered if one.startswith(beginning)), None)
        if value is None:
            raise DeadEnd(f"no {beginning} among {offered}")
        self.log.append(f"> [{value[:60]}]")
        self.customer.sent += 1
        self._send({"client_id": f"m{self.customer.sent}", "value": value})
        self._hear()

    def end(self) -> None:
        """Close the chat."""
        self.log.append("> (end)")
        ended = self.customer.client.post("/api/v1/widget/messages", json={"type": "end"})
        if ended.status_code != 200:
            raise DeadEnd(f"the chat can't be ended: {ended.text}")
        self.ledger.left = True

    def answer(self, item: str, value: int | str) -> None:
        """Answer a question of the survey."""
        body = {"type": "answer", "client_id": f"a-{item}", "item": item, "value": value}
        answered = self.customer.client.post("/api/v1/widget/messages", json=body)
        if answered.status_code != 200:
            raise DeadEnd(f"the survey's {item} is refused: {answered.text}")

    # -- what is heard ------------------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """The responses just heard."""
        return [found[0] for one in self.heard if (found := w.told(one["text"]))]

    @property
    def languages(self) -> set[str]:
        """The languages of the responses just heard."""
        return {found[1] for one in self.heard if (found := w.told(one["text"]))}

    @property
    def cited(self) -> list[str]:
        return [link["url"].rsplit("/", 1)[-1] for one in self.heard for link in one.get("citations", [])]

    @property
    def offers_person(self) -> bool:
        values = {choice["value"] for one in self.heard for choice in one.get("choices", [])}
        return bool(values & {"/request_person", "/leave_message", "/cancel"}) or self.with_people

    @property
    def answered_something(self) -> bool:
        """An answer, or titles to choose from."""
        return bool(self.cited) or any(
            choice["value"].startswith("/choose_article") for one in self.heard for choice in one.get("choices", [])
        )

    @property
    def with_people(self) -> bool:
        return any(one.get("type") == "holder" and one.get("holder") in ("queue", "agent") for one in self.state)

    @property
    def asked_survey(self) -> list[str]:
        return [item["item"] for one in self.state if one.get("type") == "survey" for item in one["items"]]

    def _send(self, body: dict[str, Any]) -> None:
        def send() -> int:
            sent = self.customer.client.post("/api/v1/widget/messages", json=body)
            if sent.status_code != 200:
                raise _TooFast(sent.text) if sent.status_code == 429 else DeadEnd(f"{sent.status_code}: {sent.text}")
            return int(sent.json()["seq"])

        _patiently(send)
        self.ledger.turns += 1

    def _hear(self) -> None:
        waiting = self.with_people  # nobody else speaks until an agent comes
        self.heard, deadline = [], time.monotonic() + PATIENCE_S
        while not any(one["from"] == "assistant" for one in self.heard):
            if time.monotonic() > deadline:
                raise DeadEnd("no reply")
            self.heard += self._read()
            if waiting:
                break
        for one in self.heard:
            self.log.append(f"< {one['text'][:100]!r} {[c['title'] for c in one.get('choices', [])]}")
        self._check()

    def _check(self) -> None:
        said = [one["text"] for one in self.heard if one["from"] == "assistant"]
        if not all(text.strip() for text in said):
            raise DeadEnd("an empty reply")
        names = Counter(self.names)
        self.ledger.answers += sum(bool(one.get("citations")) for one in self.heard)
        self.ledger.fallbacks += sum(names[name] for name in w.FALLBACKS)
        self.ledger.tickets += names["utter_ticket_taken"]
        self.ledger.person_asked |= bool(names.keys() & {*w.TAKEN, "utter_closed"}) or self.ledger.tickets > 0
        self._missed = self._missed + 1 if names.keys() & set(w.MISSES) else 0
        if self._missed >= 2 and not self.offers_person:
            raise DeadEnd("two misses and no person offered")
        self._said_last = [*self._said_last, " | ".join(said)][-3:]
        if said and len(self._said_last) == 3 and len(set(self._said_last)) == 1 and not self.offers_person:
            raise DeadEnd("the same reply three times over")

    def kill_bot(self) -> None:
        """The bot dies and is started again; for a walk that is alone."""
        bot = self.product.child("bot run")
        os.kill(bot, signal.SIGKILL)
        self.log.append("(the bot is killed)")
        while self.product.process.poll() is None:
            with contextlib.suppress(AssertionError):
                if self.product.child("bot run") != bot:
                    break
            time.sleep(0.2)
        self.product.wait_until_ready()

    # -- what an agent does -------------------------------------------------------------------------------------

    def agent_says(self, text: str) -> None:
        """An agent takes the conversation if none has it, and writes; the customer reads it."""
        agent = Agent.of(self.product)
        if not self.ledger.taken:
            agent.post(self, "take")
            self.ledger.taken = self.ledger.person_asked = True
        agent.post(self, "messages", {"text": text, "client_id": f"a{self.customer.seen}"})
        deadline = time.monotonic() + PATIENCE_S
        while text not in (heard := [one["text"] for one in self._read()]):
            self.log += [f"<< {one[:100]!r}" for one in heard]
            if time.monotonic() > deadline:
                raise DeadEnd("what the agent wrote doesn't arrive")

    def agent_ends(self, what: str, body: dict[str, Any] | None = None) -> None:
        """The agent gives the conversation back (`return`) or ends the contact (`wrap-up`); the customer is told."""
        Agent.of(self.product).post(self, what, body or {})
        self.log += [f"<< {one['text'][:100]!r}" for one in self._read()]

    def _read(self) -> list[dict[str, Any]]:
        answered = self.customer.client.get("/api/v1/widget/messages", params={"after": self.customer.seen, "wait": 5})
        if answered.status_code == 429:
            time.sleep(1)
            return []
        body = answered.json()
        self.state = body["state"]
        self.customer.seen = max([self.customer.seen, *(one["seq"] for one in body["messages"])])
        return [one for one in body["messages"] if one["from"] != "customer"]

    # -- things several scripts do ------------------------------------------------------------------------------

    def reach_person(self) -> None:
        """Go on until people have it: in the queue, or with a message left for them."""
        refused = self.rng.random() < 0.3
        corrected = self.rng.random() < 0.3
        for _ in range(LONGEST_FORM):
            names = self.names
            if self.with_people or "utter_ticket_taken" in names:
                return
            if "utter_ask_customer_name" in names:
                self.say(self.pick(*w.NAMES))
            elif "utter_ask_contact" in names and refused:
                refused = False
                self.say(self.pick(*w.BAD_CONTACTS))
            elif "utter_ask_contact" in names:
                self.say(self.pick(*w.CONTACTS))
            elif {"utter_summary_wanted", "utter_summary_and_order_wanted"} & set(names) and corrected:
                corrected = False
                self.say(w.CORRECTION[self.lang])
            elif {"utter_summary_wanted", "utter_summary_and_order_wanted"} & set(names):
                self.say(w.SUMMARIES[self.lang])
            else:
                raise DeadEnd(f"no way on to a person from {names}")
        raise DeadEnd("the message form doesn't end")


class _TooFast(Exception):
    """The product asked to be given more time."""


def _patiently(attempt: Any) -> Any:
    for _ in range(90):
        try:
            return attempt()
        except (_TooFast, KeyError):  # a session refused for now has no token
            time.sleep(1)
    raise DeadEnd("refused for too long")
