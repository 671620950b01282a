"""The turn in hand: what one request brought, for the components Rasa calls without passing it along."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Optional

import numpy as np
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass
class Turn:
    """One customer message on its way through Rasa."""

    tracker: DialogueStateTracker
    vector: Optional[np.ndarray] = None  # of the message, normalised, (dim,)


class TurnFailed(BaseException):
    """An action could not be run, so there is no honest reply to this turn.

    Not an Exception on purpose: Rasa swallows every Exception of an action and goes on, which would submit a form
    with nothing in it.
    """


TURN: ContextVar[Optional[Turn]] = ContextVar("turn", default=None)
