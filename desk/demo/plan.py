"""Who writes to the bookshop, when and about what: the load of a week, the courier's story and the promotion's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Final

from desk.demo import voices
from desk.demo.script import Customer
from desk.demo.voices import Question, Reason
from touchpoints.configuration import Configuration

PER_WEEK: Final = 35
WEEKDAYS: Final = (1.25, 1.1, 1.0, 1.0, 0.95, 0.7, 0.6)
HOURS: Final = dict(zip(range(7, 24), (1, 2, 5, 7, 7, 5, 4, 5, 6, 6, 5, 4, 4, 4, 4, 3, 1), strict=True))
GREETING_SHARE, UNANSWERED_SHARE = 0.06, 0.04
PROSPECTS: Final = ("awareness", "familiarity", "consideration", "purchase")


@dataclass(frozen=True)
class Matter:
    """What a contact is about: the reason, the question put, the order it concerns."""

    reason: Reason
    question: Question
    entity: str | None


@dataclass(frozen=True)
class Contact:
    """A contact to be played: when, who, the first words, the matter if the help centre knows it, and whether it is a
    return to an earlier one."""

    at: datetime
    customer: Customer
    text: str
    matter: Matter | None = None
    again: bool = False
    greeting: bool = False


def plan(rng: Random, calendar: Configuration, until: datetime, weeks: int) -> list[Contact]:
    """First contacts, by the day's and the hour's usual load, earliest first."""
    zone = calendar.timezone
    first_day = until.astimezone(zone).date() - timedelta(weeks=weeks)
    planned: list[Contact] = []
    for offset in range(weeks * 7 + 1):
        day = first_day + timedelta(days=offset)
        usual = PER_WEEK * WEEKDAYS[day.weekday()] / sum(WEEKDAYS)
        noon = datetime.combine(day, time(12), zone)
        expected = usual * (1 + 0.3 * strain_at(noon, until, weeks))
        for _ in range(int(expected) + (rng.random() < expected % 1)):
            hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
            clock = time(hour, rng.randrange(60), rng.randrange(60))
            at = datetime.combine(day, clock, zone).astimezone(UTC)
            if until - timedelta(weeks=weeks) <= at < until:
                planned.append(_contact(rng, calendar, at, until, weeks, len(planned)))
    return sorted(planned, key=lambda one: one.at)


def _contact(rng: Random, calendar: Configuration, at: datetime, until: datetime, weeks: int, number: int) -> Contact:
    strength = rng.choices(("authenticated", "device", "none"), (5.5, 3.5, 1))[0]
    language = rng.choices(("it", "en"), (7, 3))[0]
    key = None if strength == "none" else f"demo-customer-{number:04}"
    customer = Customer(key, strength, language, rng.choices(("first_purchase", "returning"), (2, 5))[0])
    kind = rng.random()
    if kind < GREETING_SHARE:
        return Contact(at, customer, rng.choice(voices.words(language)["greeting"]), greeting=True)
    if kind < GREETING_SHARE + UNANSWERED_SHARE:
        return Contact(at, customer, rng.choice(voices.unanswered(language)))
    known = voices.reasons()
    reason = rng.choices(known, [one.weight * _surge(one.story, at, until, weeks) for one in known])[0]
    entity = f"demo-order-{rng.randrange(10_000, 99_999)}" if reason.order else None
    question = rng.choice(reason.questions)
    if calendar.reasons[reason.name].stage in PROSPECTS and rng.random() < 0.5:
        customer = replace(customer, lifecycle="prospect")
    return Contact(at, customer, question.words[language], Matter(reason, question, entity))


def _progress(at: datetime, until: datetime, weeks: int) -> float:
    return 1 - (until - at) / timedelta(weeks=weeks)


def strain_at(at: datetime, until: datetime, weeks: int) -> float:
    """How much busier than usual the desk is, 0–1: the new courier's first weeks, wearing off towards the end."""
    passed = _progress(at, until, weeks)
    return 0.0 if passed < 0.33 else min(1.0, (1.1 - passed) / 0.5)


def _surge(story: str, at: datetime, until: datetime, weeks: int) -> float:
    """How much more often than usual a reason of this story comes up."""
    passed = _progress(at, until, weeks)
    if story == "courier":
        return 0.5 if passed < 0.33 else 2.1 if passed < 0.75 else 1.3
    if story == "promo":
        return 0.5 if passed < 0.5 else 2.4 if passed < 0.75 else 0.8
    return 1.0


def returning(rng: Random, calendar: Configuration, contact: Contact, resolved_at: datetime) -> Contact | None:
    """The same customer, the same matter, within a week of what had looked like a solution."""
    matter = contact.matter
    if matter is None or contact.customer.key is None or contact.again or rng.random() >= matter.reason.again:
        return None
    local = (resolved_at + timedelta(hours=rng.uniform(18, 140))).astimezone(calendar.timezone)
    if not 8 <= local.hour < 22:
        local = local.replace(hour=rng.randrange(9, 19))
    text = voices.words(contact.customer.language)["again"] + contact.text
    return Contact(local.astimezone(UTC), contact.customer, text, matter, again=True)
