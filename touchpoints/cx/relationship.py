"""Service beside the relationship with the brand, on axes of their own: what goes together, never what causes what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from touchpoints.cx import ledger
from touchpoints.cx.figure import of_observation
from touchpoints.cx.observation import Observation
from touchpoints.cx.service import Service
from touchpoints.cx.vocabulary import NPS, TNPS

SERVICE: Final = ("csat", "ces", "resolution_range")


def relationship(observations: Sequence[Observation], service: Service) -> dict[str, Any]:
    """Two lists of figures over time, and no number that joins them. A transactional NPS stands with service."""
    wanted = ledger.relationship_metrics()
    own = [figure.plain() for metric in SERVICE if (figure := service.figure(metric)) is not None]
    asked_after_contact = [of_observation(one).plain() for one in observations if one.metric_id == TNPS]
    relational = [one for one in observations if one.metric_id in wanted and not one.from_service]
    return {
        "service": [*own, *asked_after_contact],
        "relationship": [of_observation(one).plain() for one in relational],
        "reading": "association_not_cause",
        "missing": [] if any(one.metric_id == NPS for one in relational) else [NPS],
    }
