"""Little service, the promise kept: good design at a low price, and customers who know what is left to them."""

from __future__ import annotations

from datetime import date, timedelta

from desk.demo.scenarios.contacts import Load
from desk.demo.scenarios.scenario import Scenario
from touchpoints.configuration import Reason


def ikea(first_day: date) -> Scenario:
    """200 contacts, 90 of which last; CSAT 23 of 60; a median wait of 14 minutes. Three promises, all kept."""
    review = (first_day + timedelta(days=180)).isoformat()
    expiry = (first_day + timedelta(days=365)).isoformat()
    return Scenario(
        name="ikea",
        first_day=first_day,
        load=Load(
            reasons={
                "store.queue": 55,
                "product.assembly": 60,
                "delivery.late": 15,
                "product.defect": 10,
                "product.how_to_use": 35,
                "returns.how_to": 25,
            },
            sustained=90,
            pleased=23,
            surveyed=60,
            waits=81,
            wait_s=840,
        ),
        reasons={
            "product.assembly": Reason(
                "post_purchase", "product", "post_purchase", "failure", "not_relevant", "simplify"
            )
        },
        entries={
            "promise": [
                {
                    "id": "design",
                    "text": {
                        "it": "Mobili ben progettati e funzionali",
                        "en": "Furniture well designed and functional",
                    },
                    "areas": ["product"],
                    "owner": "product",
                    "metric": "reviews_4plus",
                    "target": 80,
                    "direction": "at_least",
                    "differentiator": True,
                    "offering_stage": "good",
                    "review_on": review,
                },
                {
                    "id": "low_price",
                    "text": {"it": "Prezzi che i più possono permettersi", "en": "Prices most people can afford"},
                    "areas": ["price"],
                    "owner": "pricing",
                    "metric": "fair_price",
                    "target": 75,
                    "direction": "at_least",
                    "differentiator": True,
                    "offering_stage": "good",
                    "review_on": review,
                },
                {
                    "id": "quality",
                    "text": {"it": "Mobili che durano", "en": "Furniture that lasts"},
                    "areas": ["product"],
                    "owner": "product",
                    "metric": "defect_returns",
                    "target": 2,
                    "direction": "at_most",
                    "offering_stage": "good",
                    "review_on": review,
                },
            ],
            "friction": [
                {
                    "id": "checkout_queue",
                    "what": {"it": "Coda alle casse", "en": "Queue at the tills"},
                    "why": {"it": "Poco personale, prezzi più bassi", "en": "Few staff, lower prices"},
                    "promise_id": "low_price",
                    "approver": "CX lead",
                    "expires_on": expiry,
                    "declared_to_customer": True,
                    "concern": "waiting",
                    "covers": ["store.queue"],
                },
                {
                    "id": "self_assembly",
                    "what": {"it": "Montaggio a cura del cliente", "en": "Customers assemble it themselves"},
                    "why": {"it": "Pacchi piatti, prezzi più bassi", "en": "Flat packs, lower prices"},
                    "promise_id": "low_price",
                    "approver": "CX lead",
                    "expires_on": expiry,
                    "declared_to_customer": True,
                    "concern": "self_service",
                    "covers": ["product.assembly"],
                },
            ],
        },
        evidence=[
            {
                "source": "product reviews",
                "touchpoint_type": "product",
                "cx_area": "product",
                "journey_stage": "post_purchase",
                "environment": "in_store",
                "contact_relation": "indirect",
                "encounter_mode": "exposure",
                "metric_id": "reviews_4plus",
                "numerator": 688,
                "denominator": 800,
                "n": 800,
                "population": "buyers who reviewed a product",
                "collection_method": "reviews on the site",
                "promise_id": "design",
            },
            {
                "source": "price survey",
                "touchpoint_type": "store",
                "cx_area": "price",
                "journey_stage": "purchase",
                "environment": "in_store",
                "contact_relation": "direct",
                "encounter_mode": "exposure",
                "metric_id": "fair_price",
                "numerator": 420,
                "denominator": 500,
                "n": 500,
                "population": "visitors leaving the store",
                "collection_method": "exit survey",
                "promise_id": "low_price",
                "pillar": "expectations",
            },
            {
                "source": "returns log",
                "touchpoint_type": "returns",
                "cx_area": "product",
                "journey_stage": "post_purchase",
                "environment": "phygital",
                "contact_relation": "direct",
                "encounter_mode": "interaction",
                "metric_id": "defect_returns",
                "numerator": 240,
                "denominator": 20000,
                "n": 20000,
                "population": "items sold",
                "collection_method": "register of returns",
                "promise_id": "quality",
                "pillar": "integrity",
            },
            {
                "source": "brand survey",
                "touchpoint_type": "word_of_mouth",
                "cx_area": "unknown",
                "journey_stage": "loyalty",
                "environment": "unknown",
                "contact_relation": "indirect",
                "encounter_mode": "unknown",
                "metric_id": "nps",
                "promoters": 620,
                "passives": 240,
                "detractors": 140,
                "n": 1000,
                "population": "customers of the last year",
                "collection_method": "relational survey",
            },
        ],
    )
