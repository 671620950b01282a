"""How interactions came out as far as one can tell at a moment, for a whole table at once.

A yes of the customer confirms; silence after a substantive answer only assumes. Nothing an agent writes confirms.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, get_args

import numpy as np

from touchpoints.columns.layout import NONE, STANDINGS
from touchpoints.columns.table import Array
from touchpoints.configuration import Windows
from touchpoints.instant import Instant
from touchpoints.vocabulary import Initial

INITIALS: Final = get_args(Initial)
CONFIRMED, ASSUMED, UNRESOLVED, ABANDONED, PENDING = range(5)
_YES, _NO, _QUEUE_LEFT, _WEAK = (STANDINGS.index(kind) for kind in ("yes", "no", "queue_left", "weak"))


class Outcomes(NamedTuple):
    """Codes into INITIALS; whether a return would have been seen by now; when it was resolved, else NONE."""

    initial: Array
    mature: Array
    resolved_at: Array


def outcomes(numbers: dict[str, Any], as_of: Instant, windows: Windows) -> Outcomes:
    """What is so at the moment, before returns are looked at. The first rule that holds decides."""
    standing, quiet_at = numbers["standing"], numbers["quiet_at"]
    answered = numbers["last_substantive_at"] != NONE
    quiet = (quiet_at != NONE) & (quiet_at <= as_of)
    mature = numbers["last_event_at"] + windows.chain <= as_of
    initial = np.where(mature, UNRESOLVED, PENDING).astype(np.int8)
    initial[answered & quiet] = ASSUMED
    initial[(standing == _NO) | numbers["wrap_denies"] | ((standing == _WEAK) & quiet)] = UNRESOLVED
    initial[(standing == _QUEUE_LEFT) | ((numbers["left"] | quiet) & ~answered)] = ABANDONED
    initial[standing == _YES] = CONFIRMED
    resolved_at = np.where(initial == ASSUMED, numbers["last_substantive_at"], NONE)
    resolved_at = np.where(initial == CONFIRMED, numbers["yes_at"], resolved_at)
    return Outcomes(initial, mature, resolved_at)
