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


def pillars(
    observations: Sequence[Observation], service: Service, items: dict[str, Figure | None]
) -> list[dict[str, Any]]:
    """One row a pillar. `missing` names what no import covers, and what service could record and did not.

    `items` are the figures of what contacts recorded beyond the metrics (items.py), None for nothing recorded.
    """
    return [_pillar(name, observations, service, items) for name in PILLARS]


def _pillar(
    name: str, observations: Sequence[Observation], service: Service, items: dict[str, Figure | None]
) -> dict[str, Any]:
    imported = [of_observation(one) for one in observations if one.pillar == name]
    own = [figure for metric in SERVICE_METRICS[name] if (figure := service.figure(metric)) is not None]
    recorded = SERVICE_ITEMS.get(name, ())
    own += [figure for item in recorded if (figure := items.get(item)) is not None]
    return {
        "pillar": name,
        "from_service": [figure.plain() for figure in own],
        "from_imports": [figure.plain() for figure in imported],
        "missing": [
            *[item for item in recorded if items.get(item) is None],
            *([] if imported else USUALLY_MISSING[name]),
        ],
        "limits": list(USUALLY_MISSING[name]),
    }
