"""Excellent service, the promise broken: it repairs what product, courier and price keep breaking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from desk.demo.scenarios.contacts import Load
from desk.demo.scenarios.scenario import Scenario


def inverse(first_day: date) -> Scenario:
    """200 contacts, 176 of which last, 162 of them failure demand; CSAT 74 of 80; a wait of 30 s. No promise kept."""
    review = (first_day + timedelta(days=180)).isoformat()
    return Scenario(
        name="inverse",
        first_day=first_day,
        load=Load(
            reasons={
                "product.defect": 70,
                "delivery.late": 62,
                "price.promo_not_applied": 30,
                "product.how_to_use": 38,
            },
            sustained=176,
            pleased=74,
            surveyed=80,
            waits=81,
            wait_s=30,
        ),
        reasons={},
        entries={
            "promise": [
                _promise("quality", "Prodotti che valgono", "Products worth having", "product", "reviews_4plus", 80)
                | {"owner": "product", "offering_stage": "good", "review_on": review, "differentiator": True},
                _promise("on_time", "Consegna in un'ora", "Delivered within the hour", "delivery", "on_time", 95)
                | {"owner": "logistics", "offering_stage": "service", "review_on": review, "differentiator": True},
                _promise("fair_price", "Il prezzo giusto", "The right price", "price", "fair_price", 75)
                | {"owner": "pricing", "offering_stage": "good", "review_on": review},
            ]
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
                "numerator": 248,
                "denominator": 800,
                "n": 800,
                "population": "buyers who reviewed a product",
                "collection_method": "reviews on the site",
                "promise_id": "quality",
            },
            {
                "source": "delivery log",
                "touchpoint_type": "delivery",
                "cx_area": "delivery",
                "journey_stage": "post_purchase",
                "environment": "in_store",
                "contact_relation": "direct",
                "encounter_mode": "interaction",
                "metric_id": "on_time",
                "numerator": 8520,
                "denominator": 12000,
                "n": 12000,
                "population": "parcels delivered",
                "collection_method": "couriers' scans",
                "promise_id": "on_time",
                "pillar": "integrity",
            },
            {
                "source": "price survey",
                "touchpoint_type": "website",
                "cx_area": "price",
                "journey_stage": "purchase",
                "environment": "digital",
                "contact_relation": "direct",
                "encounter_mode": "exposure",
                "metric_id": "fair_price",
                "numerator": 300,
                "denominator": 500,
                "n": 500,
                "population": "buyers of the month",
                "collection_method": "survey on the order page",
                "promise_id": "fair_price",
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
                "promoters": 240,
                "passives": 300,
                "detractors": 460,
                "n": 1000,
                "population": "customers of the last year",
                "collection_method": "relational survey",
            },
        ],
    )


def _promise(name: str, it: str, en: str, area: str, metric: str, target: float) -> dict[str, Any]:
    return {
        "id": name,
        "text": {"it": it, "en": en},
        "areas": [area],
        "metric": metric,
        "target": target,
        "direction": "at_least",
    }
