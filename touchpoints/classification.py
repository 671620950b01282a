"""Why the customer came and where the cause lies, from what the bot read, the customer chose and people said.

Reason: the last wrap-up's, else the customer's choice, else the first reading with one at or above the configured
confidence; a correction wins over all. What nobody stated comes from the configured reason, as a hypothesis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from touchpoints.configuration import UNKNOWN_REASON, Configuration
from touchpoints.corrections import corrected_field
from touchpoints.events import Corrected, Reading, ReasonChosen, WrappedUp
from touchpoints.facts import Correction, Facts
from touchpoints.instant import Instant

Classified = dict[str, Any]


@dataclass(slots=True)
class Claims:
    """Everything said about the reason and the cause of one interaction, in order."""

    readings: list[Reading] = field(default_factory=list)
    chosen: ReasonChosen | None = None
    wrap_up: dict[str, Any] = field(default_factory=dict)
    """The last wrap-up's word on each field."""
    tags: list[str] = field(default_factory=list)
    corrections: list[tuple[Instant, Corrected]] = field(default_factory=list)

    def wrapped_up(self, body: WrappedUp) -> None:
        for name in WrappedUp.__struct_fields__:
            if name != "tags" and (value := getattr(body, name)) is not None:
                self.wrap_up[name] = value
        self.tags.extend(tag for tag in body.tags if tag not in self.tags)


def classify(facts: Facts, claims: Claims, configuration: Configuration) -> None:
    """Fills the facts' classification and, for each correction, what the field said before."""
    corrected: dict[str, Any] = {}
    current = _classified(facts, claims, configuration, corrected)
    for at, body in claims.corrections:
        name = corrected_field(body.field)
        facts.corrections.append(Correction(field=name, earlier=current[name], value=body.value, at=at, by=body.by))
        corrected[name] = body.value
        current = _classified(facts, claims, configuration, corrected)
    for name, value in current.items():
        setattr(facts, name, value)
    if facts.eligible:
        facts.exclusion_reason = None


def _classified(facts: Facts, claims: Claims, configuration: Configuration, corrected: Classified) -> Classified:
    reason, source, confidence, stage = _reason(claims, configuration, corrected)
    defaults = configuration.reasons.get(reason or "", UNKNOWN_REASON)
    stated = claims.wrap_up | {name: "unknown" if value is None else value for name, value in corrected.items()}
    stage_source = "rule" if defaults.stage != "unknown" else None
    if stage not in (None, "unknown"):
        stage_source = "customer" if source == "customer" else "rule"
    if "journey_stage" in stated:
        stage_source = "agent"
    named = stated.get("cause_area") is not None
    result: Classified = {
        "contact_reason": reason,
        "reason_source": source,
        "reason_confidence": confidence,
        "journey_stage": stated.get("journey_stage", defaults.stage if stage in (None, "unknown") else stage),
        "stage_source": stage_source,
        "service_kind": stated.get("service_kind", _first(claims.readings, "service_kind") or "unknown"),
        "entity_ref": corrected.get(
            "entity_ref", claims.wrap_up.get("entity_ref") or _first(claims.readings, "entity_ref")
        ),
        "cause_area": stated.get("cause_area", defaults.cause_area),
        "cause_stage": stated.get("cause_stage", defaults.cause_stage),
        "demand_type": stated.get("demand_type", defaults.demand),
        "demand_stated": "demand_type" in stated,
        "irritant_quadrant": stated.get("irritant_quadrant", defaults.quadrant),
        "promise_id": corrected.get("promise_id", claims.wrap_up.get("promise_id")),
        "promise_effect": stated.get("promise_effect", defaults.promise_effect),
        "segment": corrected.get("segment", facts.segment),
        "customer_lifecycle": stated.get("customer_lifecycle", facts.customer_lifecycle),
        "eligible": facts.eligible if corrected.get("eligible") is None else corrected["eligible"],
        "tags": _tags(claims, configuration, reason),
    }
    certainty = "hypothesis" if named or result["cause_area"] != "unknown" else "unknown"
    result["cause_certainty"] = stated.get("cause_certainty", certainty)
    return result


def _reason(
    claims: Claims, configuration: Configuration, corrected: Classified
) -> tuple[str | None, str | None, float | None, str | None]:
    """The reason, who said so, how sure the reading was, and the stage that came with it."""
    if "contact_reason" in corrected:
        return corrected["contact_reason"], "correction", None, None
    if "reason" in claims.wrap_up:
        return claims.wrap_up["reason"], "agent", None, None
    if claims.chosen is not None:
        return claims.chosen.reason, "customer", None, claims.chosen.journey_stage
    for reading in _sure(claims, configuration):
        return reading.reason, "bot", reading.confidence, reading.journey_stage
    return None, None, None, None


def _sure(claims: Claims, configuration: Configuration) -> list[Reading]:
    """Readings that give a reason; one without a confidence comes from a rule and is taken at its word."""
    threshold = configuration.reading_confidence
    return [
        reading
        for reading in claims.readings
        if reading.reason is not None and (reading.confidence is None or reading.confidence >= threshold)
    ]


def _tags(claims: Claims, configuration: Configuration, reason: str | None) -> list[str]:
    others = [claims.wrap_up["reason"]] if "reason" in claims.wrap_up else []
    others += [claims.chosen.reason] if claims.chosen else []
    others += [reading.reason for reading in _sure(claims, configuration) if reading.reason]
    return list(dict.fromkeys([*claims.tags, *(other for other in others if other != reason)]))


def _first(readings: list[Reading], name: str) -> Any:
    return next((value for reading in readings if (value := getattr(reading, name)) is not None), None)
