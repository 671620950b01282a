"""The tracker of one turn: copied as it stands where Rasa would replay every event into a new one."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any, Dict, Optional, Text, Type

from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.utils.common import all_subclasses

EVENT_TYPES: Dict[Text, Type[Event]] = {kind.type_name: kind for kind in all_subclasses(Event)}
_plain_resolve = Event.resolve_by_type


class TurnTracker(DialogueStateTracker):
    """A conversation as one request knows it. Rasa copies it before each action, in case the action is rejected."""

    def copy(self) -> DialogueStateTracker:
        """A tracker that can be changed without changing this one; the events themselves are shared, as in Rasa's."""
        twin = copy.copy(self)
        twin.events = deque(self.events, self.events.maxlen)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        return twin

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> Dict[Text, Any]:
        """What an action is told: the events from the customer's message on; what was before is in the slots."""
        if event_verbosity != EventVerbosity.ALL:
            return super().current_state(event_verbosity)
        events = list(self.events)
        backwards = range(len(events) - 1, -1, -1)
        said = next((index for index in backwards if isinstance(events[index], UserUttered)), 0)
        return {**super().current_state(), "events": [event.as_dict() for event in events[said:]]}


def _copy_slot(slot: Slot) -> Slot:
    twin = slot.__class__.__new__(slot.__class__)
    twin.__dict__.update(slot.__dict__)
    return twin


def _resolve(type_name: Text, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
    return EVENT_TYPES.get(type_name) or _plain_resolve(type_name, default)


def install() -> None:
    """Copy a slot without the pickle protocol, and find an event's class without going through all there are.

    A turn copies every slot half a dozen times and reads dozens of events.
    """
    Slot.__copy__ = _copy_slot
    Event.resolve_by_type = staticmethod(_resolve)
