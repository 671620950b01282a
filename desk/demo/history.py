"""The bookshop's past weeks, simulated: who wrote when, about what, and how it ended, as events of the record.

The story a lead should be able to find in it: a third of the way in the shop changed courier and delivery promises
broke; later a newsletter carried a code that new books can't take. The assistant contains most of these contacts, and
many of the contained customers come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from desk.demo import configuration, voices
from desk.demo.plan import Contact, Matter, plan, returning, strain_at
from desk.demo.script import Script


def history(until: datetime, weeks: int = 6, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Events of simulated customers in the weeks before `until`, conversation by conversation, in order of their start.

    The same arguments give the same events. Ids and customer keys begin with "demo-"; nothing is later than `until`,
    and a conversation that would still be going on then is left out. Raises ValueError when `until` has no zone.
    """
    if until.tzinfo is None:
        raise ValueError("`until` needs a time zone")
    rng, calendar = Random(seed), configuration()
    pending = plan(rng, calendar, until, weeks)
    number = 0
    while pending:
        contact = pending.pop(0)
        number += 1
        script = Script(rng, calendar, f"demo-{number:04}", contact.at, contact.customer)
        resolved_at = _play(script, contact, strain_at(contact.at, until, weeks))
        if script.at > until:
            continue
        yield from script.events
        if resolved_at and (back := returning(rng, calendar, contact, resolved_at)):
            pending.append(back)
            pending.sort(key=lambda one: one.at)


def _play(script: Script, contact: Contact, strain: float) -> datetime | None:
    """Writes the conversation; returns when the customer or the silence took it as solved, None when it was not."""
    script.begin()
    if contact.matter is not None:
        return _asked(script, contact.matter, contact, strain)
    script.says(contact.text)
    if contact.greeting:
        script.reads(None, None, intent="greet")
        script.replies("greeting", script.words["hello"])
    else:
        _unanswered(script, strain)
    return None


def _asked(script: Script, matter: Matter, contact: Contact, strain: float) -> datetime | None:
    """A question the help centre knows: a person at once where it must be one, else the assistant first."""
    rng = script.rng
    if not contact.again and rng.random() < 0.13:
        _asks_back(script, matter)
        if rng.random() < 0.25:
            _leaves(script)
            return None
        script.wait(15, 70)
        script.says(contact.text)
        script.add("observed", kind="reformulation")
    else:
        script.says(contact.text)
    script.reads(matter.reason, matter.entity)
    person = min(0.9, matter.reason.person + 0.2 * contact.again)
    if matter.reason.sensitive and rng.random() < person:
        _person(script, matter, "sensitive", strain)
        return None
    if contact.again and rng.random() < 0.45:
        _person(script, matter, "customer_request", strain)
        return None
    return _answered(script, matter, person, strain)


def _answered(script: Script, matter: Matter, person: float, strain: float) -> datetime | None:
    """The assistant answers; the customer agrees, objects, falls silent or wants a person."""
    rng = script.rng
    answer_seq = script.answers(matter.question, matter.entity is not None)
    answered_at = script.at
    if rng.random() < person:
        if rng.random() < 0.5:
            script.judges(answer_seq, "no")
            script.add("handoff.offered", why="fallback")
        script.wait(20, 90)
        script.says(rng.choice(script.words["person"]))
        script.reads(None, None, intent="request_person")
        _person(script, matter, "customer_request", strain)
        return None
    ending = rng.choices(("yes", "silent", "no", "partly"), (34, 50, 10, 6))[0]
    if ending == "silent":
        if rng.random() < 0.3:
            _leaves(script)
        return answered_at
    script.judges(answer_seq, ending)
    resolved_at = script.at
    script.surveyed(ending == "yes")
    if ending == "yes" and rng.random() < 0.4:
        script.wait(3, 30)
        script.add("customer.left")
        script.add("closed", by="customer")
    return resolved_at if ending == "yes" else None


def _asks_back(script: Script, matter: Matter) -> None:
    """A first message too short to tell: the assistant asks back with titles."""
    language = script.customer.language
    script.says(script.rng.choice(voices.vague(matter.reason.name, language)))
    script.reads(None, None)
    near = dict.fromkeys([matter.question.article, *(one.article for one in matter.reason.questions)])
    titles = "\n".join(f"- {voices.answer(article, language).title}" for article in list(near)[:3])
    script.replies("clarify", f"{script.words['ask_back']}\n{titles}")


def _unanswered(script: Script, strain: float) -> None:
    """A question the help centre has no answer to: said plainly, with a person on offer."""
    script.reads(None, None)
    script.replies("fallback", script.words["sorry"])
    script.add("handoff.offered", why="fallback")
    if script.rng.random() < 0.45:
        script.wait(10, 60)
        _person(script, None, "fallback", strain)
    else:
        _leaves(script)


def _leaves(script: Script) -> None:
    script.wait(20, 200)
    script.add("customer.left")


def _person(script: Script, matter: Matter | None, why: str, strain: float) -> None:
    """A person: queued, sometimes given up on, else taken, answered and wrapped up."""
    rng = script.rng
    script.asks_for_person(why)
    queue_s = rng.expovariate(1 / (70 + 200 * strain)) + 12
    patience_s = rng.uniform(150, 900)
    if script.calendar.is_open(script.at) and queue_s > patience_s:
        script.wait(patience_s, patience_s)
        script.add("handoff.left")
        _leaves(script)
        return
    agent = script.taken(queue_s)
    ending = rng.choices(("yes", None, "partly", "no"), (46, 36, 10, 8))[0]
    script.served(agent, matter.reason if matter else None, matter.entity if matter else None, ending)
