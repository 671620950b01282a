"""What is known under each of the Six Pillars, and what is not: evidence from service, from imports, and gaps. No mark.

The pillars are KPMG's; the items are what service can show of each, and what it usually can't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from touchpoints.cx.figure import Figure, of_observation
from touchpoints.cx.observation import Observation
from touchpoints.cx.service import Service
from touchpoints.cx.vocabulary import PILLARS

SERVICE_METRICS: Final[dict[str, tuple[str, ...]]] = {
    "integrity": ("kb_cover",),
    "resolution": ("resolution_range", "resolution_confirmed", "resolution_assumed", "revocation"),
    "expectations": ("agent_wait_s",),
    "empathy": (),
    "personalisation": (),
    "time_and_effort": ("first_answer_s", "agent_wait_s", "turns", "high_friction", "ces"),
}
SERVICE_ITEMS: Final[dict[str, tuple[str, ...]]] = {
    "integrity": ("commitments_met",),
    "expectations": ("expectation_match", "stated_wait"),
    "empathy": ("felt_understood",),
    "personalisation": ("used_context", "felt_understood"),
    "time_and_effort": ("alternatives_offered",),
}
USUALLY_MISSING: Final[dict[str, tuple[str, ...]]] = {
    "integrity": ("trust", "price_transparency", "crisis_conduct"),
    "resolution": ("unreported_problems", "fixes_elsewhere"),
    "expectations": ("what_was_led_to_expect",),
    "empathy": ("empathy_elsewhere",),
    "personalisation": ("fit_of_offer",),
    "time_and_effort": ("effort_elsewhere",),
}
BROAD: Final = frozenset({"what_was_led_to_expect", "empathy_elsewhere", "fit_of_offer", "effort_elsewhere"})
"""What is so wide that any figure about the pillar from outside service tells a part of it, and none the whole.

The others are things of their own: on-time delivery says nothing of trust, so only a figure of that name measures it.
"""


def pillars(
    observations: Sequence[Observation], service: Service, items: dict[str, Figure | None]
) -> list[dict[str, Any]]:
    """One row a pillar. `missing` names what no import measures, and what service could record and did not; `partly`
    what imports tell only a part of.

    `items` are the figures of what contacts recorded beyond the metrics (items.py), None for nothing recorded.
    """
    return [_pillar(name, observations, service, items) for name in PILLARS]


def _pillar(
    name: str, observations: Sequence[Observation], service: Service, items: dict[str, Figure | None]
) -> dict[str, Any]:
    about = [one for one in observations if one.pillar == name]
    measured = {one.metric_id for one in about}
    unmeasured = [need for need in USUALLY_MISSING[name] if need not in measured]
    elsewhere = any(not one.from_service for one in about)
    partly = [need for need in unmeasured if elsewhere and need in BROAD]
    own = [figure for metric in SERVICE_METRICS[name] if (figure := service.figure(metric)) is not None]
    recorded = SERVICE_ITEMS.get(name, ())
    own += [figure for item in recorded if (figure := items.get(item)) is not None]
    return {
        "pillar": name,
        "from_service": [figure.plain() for figure in own],
        "from_imports": [of_observation(one).plain() for one in about],
        "missing": [
            *[item for item in recorded if items.get(item) is None],
            *[need for need in unmeasured if need not in partly],
        ],
        "partly": partly,
        "limits": list(USUALLY_MISSING[name]),
    }
