"""The closed vocabularies of the record: what a field may say, and nothing else.

Each is a Literal, so that validation and type checking share one source; the tuple beside it lists the values in order.
What a brand may change (reasons, hours, windows, tags) is configuration instead.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

SCOPE: Final = "service_touchpoint"
"""Scope of everything recorded and computed here: one touchpoint of the experience, never the experience."""

Stage = Literal["awareness", "familiarity", "consideration", "purchase", "loyalty", "post_purchase", "unknown"]
STAGES: Final = get_args(Stage)
Phase = Literal["pre", "purchase", "post", "unknown"]
PHASE_OF_STAGE: Final[dict[str, Phase]] = {
    "awareness": "pre",
    "familiarity": "pre",
    "consideration": "pre",
    "purchase": "purchase",
    "loyalty": "post",
    "post_purchase": "post",
    "unknown": "unknown",
}
Environment = Literal["digital", "in_store", "phygital", "unknown"]
KeyStrength = Literal["authenticated", "device", "none"]
Area = Literal[
    "marketing",
    "product",
    "related_services",
    "price",
    "billing",
    "delivery",
    "digital_ux",
    "store",
    "policy",
    "service",
    "unknown",
]
AREAS: Final = get_args(Area)
ServiceKind = Literal["assistance", "advice", "unknown"]
Lifecycle = Literal["prospect", "first_purchase", "returning", "unknown"]
Demand = Literal["value", "failure", "unknown"]
Certainty = Literal["hypothesis", "confirmed", "unknown"]
Quadrant = Literal["eliminate", "simplify", "automate", "leverage", "unknown"]
PromiseEffect = Literal["not_relevant", "kept", "at_risk", "broken", "unknown"]
Impression = Literal["positive", "negative", "mixed", "unknown"]
BotKind = Literal["answer", "clarify", "fallback", "failure", "greeting", "notice", "survey"]
HandoffReason = Literal["customer_request", "fallback", "rule", "sensitive"]
Answer = Literal["yes", "partly", "no"]
Observed = Literal["reformulation", "reentered_field", "repeated_question", "channel_switch"]
SurveyKind = Literal["contact", "recall"]
Expectation = Literal["better", "as", "worse"]
Exclusion = Literal["spam", "test", "duplicate"]
ClosedBy = Literal["customer", "agent", "timeout"]
Initial = Literal["confirmed", "assumed", "unresolved", "abandoned", "pending"]
Final_ = Literal["confirmed", "assumed", "unresolved", "abandoned", "pending", "revoked"]
Holder = Literal["assistant", "queue", "agent"]
