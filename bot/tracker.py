"""The tracker of one turn: copied as it stands where Rasa would replay every event into a new one."""

from __future__ import annotations

import copy
from collections import deque

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


class TurnTracker(DialogueStateTracker):
    """A conversation as one request knows it. Rasa copies it before each action, in case the action is rejected."""

    def copy(self) -> DialogueStateTracker:
        """A tracker that can be changed without changing this one; the events themselves are shared, as in Rasa's."""
        twin = copy.copy(self)
        twin.events = deque(self.events, self.events.maxlen)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        return twin


def _copy_slot(slot: Slot) -> Slot:
    twin = slot.__class__.__new__(slot.__class__)
    twin.__dict__.update(slot.__dict__)
    return twin


def install() -> None:
    """Copy a slot without the pickle protocol; a turn copies every slot half a dozen times."""
    Slot.__copy__ = _copy_slot
