"""Where service sits: one area among others, and its share of what was observed, never of CX (rule R7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from touchpoints.cx.ledger import Book
from touchpoints.cx.observation import Observation
from touchpoints.cx.promises import of_service
from touchpoints.cx.service import Service
from touchpoints.vocabulary import AREAS

CAPTION: Final = "share_of_observed_evidence_not_of_experience"


def placement(book: Book, observations: Sequence[Observation], service: Service) -> dict[str, Any]:
    """Each area with its sources, or as not observed; and how much of the evidence at hand is service's."""
    rows = [_area(area, book, observations, service) for area in AREAS if area != "unknown"]
    elsewhere = [one for one in observations if not of_service(one, book.touchpoints)]
    sources = {(one.source, one.metric_id) for one in elsewhere}
    of_its_own = len(observations) - len(elsewhere) + service.contacts
    everything = len(observations) + service.contacts
    return {
        "areas": rows,
        "areas_observed": sum(1 for row in rows if row["observed"]),
        "areas_total": len(rows),
        "service_share_of_records": {
            "caption": CAPTION,
            "numerator": of_its_own,
            "denominator": everything,
            "n": everything,
            "value": of_its_own / everything if everything else None,
        },
        "sources_elsewhere": len(sources),
    }


def _area(area: str, book: Book, observations: Sequence[Observation], service: Service) -> dict[str, Any]:
    found = [one for one in observations if ("service" if of_service(one, book.touchpoints) else one.cx_area) == area]
    contacts = service.contacts if area == "service" else 0
    described = book.areas.get(area)
    return {
        "area": area,
        "owner": book.owner(area),
        "offering_stage": described.offering_stage if described else "unknown",
        "observed": bool(found or contacts),
        "n": contacts + len(found) or None,
        "contacts": contacts or None,
        "observations": len(found) or None,
        "sources": sorted({one.source for one in found} | ({"service record"} if contacts else set())),
        "metrics": sorted({one.metric_id for one in found}),
    }
