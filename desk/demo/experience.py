"""What the bookshop knows of itself beside service: its promises, what it measured of them, and what it means to do.

It fits the story of history.py: deliveries broke their promise when the courier changed, books kept theirs, price is
uncertain, and nobody looked at awareness at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from touchpoints.configuration import Configuration
from touchpoints.cx import ledger, observations, orders

AUTHOR: Final = "Chiara"
WEEKS: Final = 6
SILENT: Final = 340
Table = dict[str, Any]


def put(connection: Connection, calendar: Configuration, until: datetime, contacts: Iterable[Table]) -> None:
    """Records promises, frictions, marks, actions, observations and orders of the weeks before `until`.

    `contacts` are the events of history.py: their customers ordered too, and as many others who never wrote.
    """
    today = until.astimezone(calendar.timezone).date()
    first = today - timedelta(weeks=WEEKS)
    for kind, entries in _entries(first, today).items():
        for entry in entries:
            ledger.record(connection, kind, entry, until, AUTHOR, first)
    observations.add(connection, _observations(first, today), until, AUTHOR)
    keys = {one["customer_key"] for one in contacts if one.get("customer_key")}
    orders.add(connection, _orders(sorted(keys), first), calendar)


def _entries(first: date, today: date) -> dict[str, list[Table]]:
    later = (today + timedelta(days=120)).isoformat()
    courier = (first + timedelta(weeks=2)).isoformat()
    return {
        "promise": [
            {
                "id": "right_book",
                "text": {"it": "Il libro giusto, scelto da librai", "en": "The right book, chosen by booksellers"},
                "areas": ["product"],
                "owner": "booksellers",
                "metric": "reviews_4plus",
                "target": 85,
                "direction": "at_least",
                "differentiator": True,
                "offering_stage": "experience",
                "review_on": later,
            },
            {
                "id": "two_days",
                "text": {"it": "A casa in due giorni lavorativi", "en": "Home in two working days"},
                "areas": ["delivery"],
                "owner": "logistics",
                "metric": "on_time",
                "target": 95,
                "direction": "at_least",
                "offering_stage": "service",
                "review_on": later,
            },
            {
                "id": "fair_price",
                "text": {"it": "Prezzi e sconti senza sorprese", "en": "Prices and discounts without surprises"},
                "areas": ["price", "billing"],
                "owner": "pricing",
                "metric": "fair_price",
                "target": 75,
                "direction": "at_least",
                "offering_stage": "good",
                "review_on": later,
            },
            {
                "id": "a_person",
                "text": {"it": "Una persona quando serve", "en": "A person when you need one"},
                "areas": ["service"],
                "owner": "customer_care",
                "metric": "agent_wait_s",
                "unit": "s",
                "target": 300,
                "direction": "at_most",
                "includes_service": True,
                "offering_stage": "service",
                "review_on": later,
            },
            {
                "id": "known",
                "text": {
                    "it": "La libreria di quartiere che la città conosce",
                    "en": "The local bookshop a city knows",
                },
                "areas": ["marketing"],
                "owner": "marketing",
                "metric": "aided_awareness",
                "target": 30,
                "direction": "at_least",
                "offering_stage": "experience",
                "review_on": later,
            },
        ],
        "friction": [
            {
                "id": "no_express",
                "what": {"it": "Nessuna consegna in giornata", "en": "No same-day delivery"},
                "why": {"it": "Spedizioni raggruppate, prezzi onesti", "en": "Grouped parcels, honest prices"},
                "promise_id": "fair_price",
                "approver": AUTHOR,
                "expires_on": later,
                "declared_to_customer": True,
                "concern": "waiting",
                "covers": ["delivery.time", "delivery.options"],
            }
        ],
        "context_event": [
            {"id": "courier", "text": {"it": "Nuovo corriere", "en": "New courier"}, "start": courier},
        ],
        "action": [
            {
                "id": "courier_contract",
                "text": {"it": "Rivedere il contratto col corriere", "en": "Renegotiate the courier's contract"},
                "level": "cx_strategy",
                "type": "process",
                "finding": "two in ten parcels arrive late since the change",
                "process_changed": "penalties and a second courier for the islands",
                "measure_again_on": later,
                "owner": "logistics",
                "promise_id": "two_days",
                "cause": "delivery.late",
                "pillar": "integrity",
            },
            {
                "id": "newsletter_codes",
                "text": {
                    "it": "Dire prima su che cosa vale il codice",
                    "en": "Say beforehand what the code is good for",
                },
                "level": "service_tactic",
                "type": "design",
                "finding": "customers find out at the till",
                "process_changed": "newsletter template",
                "measure_again_on": later,
                "owner": "pricing",
                "cause": "price.promo_not_applied",
                "pillar": "expectations",
            },
            {
                "id": "friendlier",
                "text": {"it": "Servire meglio i clienti", "en": "Serve customers better"},
                "level": "service_tactic",
                "type": "strategy",
                "finding": "one bad comment",
                "process_changed": "none yet",
                "measure_again_on": later,
                "owner": "customer_care",
            },
        ],
    }


def _observations(first: date, today: date) -> list[Table]:
    """Two periods each, before and after the courier changed, where there are two."""
    change = first + timedelta(weeks=2)
    before = {"period_start": first.isoformat(), "period_end": (change - timedelta(days=1)).isoformat()}
    after = {"period_start": change.isoformat(), "period_end": (today - timedelta(days=1)).isoformat()}
    whole = {"period_start": before["period_start"], "period_end": after["period_end"]}
    log = _of("delivery", "delivery", "post_purchase", "on_time", "delivery log", "parcels delivered") | {
        "pillar": "integrity",
        "environment": "in_store",
    }
    reviews = _of("product", "product", "post_purchase", "reviews_4plus", "product reviews", "buyers who reviewed")
    price = _of("website", "price", "purchase", "fair_price", "order page survey", "buyers of the period")
    shop = _of("store", "store", "consideration", "found_what_sought", "exit survey", "visitors of the shop")
    brand = _of("word_of_mouth", "unknown", "loyalty", "nps", "brand survey", "customers of the last year")
    again = _of(
        "loyalty_programme", "unknown", "loyalty", "repurchase_rate", "order book", "first buyers a quarter ago"
    )
    return [
        log | before | {"numerator": 1159, "denominator": 1204, "n": 1204},
        log | after | {"numerator": 1893, "denominator": 2377, "n": 2377},
        reviews | whole | {"numerator": 371, "denominator": 402, "n": 402},
        price | whole | {"numerator": 233, "denominator": 306, "n": 306},
        shop | whole | {"value": 4.3, "sd": 0.8, "n": 187, "environment": "in_store", "pillar": "time_and_effort"},
        brand | whole | {"promoters": 214, "passives": 141, "detractors": 95, "n": 450, "response_rate": 0.18},
        again | whole | {"numerator": 318, "denominator": 905, "n": 905},
    ]


def _of(touchpoint: str, area: str, stage: str, metric: str, source: str, population: str) -> Table:
    return {
        "touchpoint_type": touchpoint,
        "cx_area": area,
        "journey_stage": stage,
        "metric_id": metric,
        "source": source,
        "population": population,
        "environment": "phygital",
        "contact_relation": "direct",
        "encounter_mode": "exposure",
        "collection_method": source,
    }


def _orders(keys: list[str], first: date) -> list[Table]:
    """An order of each customer who wrote, and of as many again who never did."""
    customers = [*keys, *(f"demo-silent-{number:04}" for number in range(SILENT))]
    span = WEEKS * 7 - 1
    return [
        {
            "customer_key": key,
            "order_ref": f"demo-placed-{number:05}",
            "at": f"{first + timedelta(days=number % span)}T{9 + number % 11:02}:{number % 60:02}",
        }
        for number, key in enumerate(customers)
    ]
