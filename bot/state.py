"""Dialogue state as it travels: a tracker from the desk's events, and the trimmed events back."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker import EVENT_TYPES, TurnTracker

KEPT_TURNS = 1  # as many as the longest rule spans; what lasts longer is in the slots and the form
LONGEST_STATE = 2000  # events; a trimmed state has about fifty


class BadState(ValueError):
    """The dialogue state cannot be used; the message gives the index of the event and the cause, quoting no value."""


def load(sender: str, state: List[Dict[str, Any]], domain: Domain) -> Tuple[DialogueStateTracker, List[str]]:
    """The tracker these events lead to, and what of an older model had to be skipped. Raises BadState."""
    if not isinstance(state, list):
        raise BadState("state must be a list of events")
    if len(state) > LONGEST_STATE:
        raise BadState(f"state has {len(state)} events; at most {LONGEST_STATE} are accepted")
    tracker = TurnTracker(sender, domain.slots)
    if not state:
        for opening in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
            tracker.update(opening)
        return tracker, []
    skipped = set()
    for index, raw in enumerate(state):
        event = _parse(index, raw)
        reason = _unknown(event, tracker, domain)
        if reason:
            skipped.add(reason)
            continue
        try:
            tracker.update(event)
        except Exception as error:
            raise BadState(f"state[{index}] ({raw['event']}): {type(error).__name__}") from error
    return tracker, sorted(skipped)


def _parse(index: int, raw: Any) -> Event:
    if not isinstance(raw, dict) or not isinstance(raw.get("event"), str):
        raise BadState(f"state[{index}]: not an event object")
    kind = EVENT_TYPES.get(raw["event"])
    if kind is None:
        raise BadState(f"state[{index}] ({raw['event']}): unknown event")
    try:
        event = kind._from_parameters(raw)
    except Exception as error:  # Rasa raises whatever the missing or wrong field leads to
        raise BadState(f"state[{index}] ({raw['event']}): {type(error).__name__}: {error}") from error
    if event is None:
        raise BadState(f"state[{index}] ({raw['event']}): not a whole event")
    wrong = _malformed(event)
    if wrong:
        raise BadState(f"state[{index}] ({raw['event']}): {wrong}")
    return event


def _malformed(event: Event) -> str:
    """What Rasa would only stumble over later, in the middle of the turn."""
    if not isinstance(event.timestamp, (int, float)):
        return "timestamp is not a number"
    if isinstance(event, SlotSet) and not isinstance(event.key, str):
        return "name is not a text"
    if isinstance(event, ActionExecuted) and not isinstance(event.action_name, (str, type(None))):
        return "name is not a text"
    if isinstance(event, UserUttered):
        if not isinstance(event.text, (str, type(None))):
            return "text is not a text"
        if not isinstance(event.intent, dict) or not isinstance(event.entities, list):
            return "parse_data needs an intent object and a list of entities"
    return ""


def _unknown(event: Event, tracker: DialogueStateTracker, domain: Domain) -> str:
    if isinstance(event, SlotSet) and event.key not in tracker.slots:
        return f"slot {event.key!r} is not in this model"
    if isinstance(event, ActiveLoop) and event.name and event.name not in domain.forms:
        return f"form {event.name!r} is not in this model"
    if isinstance(event, FollowupAction) and event.action_name not in domain.action_names_or_texts:
        return f"action {event.action_name!r} is not in this model"
    return ""


def dump(event: Event) -> Dict[str, Any]:
    """One event as JSON, without what Rasa can do without."""
    raw = event.as_dict()
    raw.pop("metadata", None)
    if isinstance(event, UserUttered):
        parsed = raw.get("parse_data") or {}
        raw["parse_data"] = {key: parsed[key] for key in ("intent", "entities", "text") if key in parsed}
        return {key: value for key, value in raw.items() if value is not None}
    return {key: value for key, value in raw.items() if value is not None or key in ("name", "value")}


def trim(tracker: DialogueStateTracker, domain: Domain, turns: int = KEPT_TURNS) -> List[Event]:
    """The events that rebuild the same state: session, slots, form and pause as they stood, then the last turns.

    The cut falls before an action_listen, where nothing is half done.
    """
    # what was said is on the desk's record; dialogue only needs the action that said it
    events = [event for event in tracker.events if not isinstance(event, BotUttered)]
    start = max((i for i, event in enumerate(events) if event.type_name in ("session_started", "restart")), default=0)
    uttered = [i for i, event in enumerate(events) if i > start and isinstance(event, UserUttered)]
    if len(uttered) <= turns:
        return events[start:]
    cut = uttered[-turns]
    while cut > start and not (isinstance(events[cut], ActionExecuted) and events[cut].action_name == "action_listen"):
        cut -= 1
    if cut <= start:
        return events[start:]
    earlier = DialogueStateTracker.from_events(tracker.sender_id, events[start:cut], domain.slots)
    at = events[cut].timestamp
    head: List[Event] = [SessionStarted(at)]
    head += [SlotSet(name, slot.value, at) for name, slot in earlier.slots.items() if slot.has_been_set]
    if earlier.active_loop_name:
        head.append(ActiveLoop(earlier.active_loop_name, at))
    if earlier.is_paused():
        head.append(ConversationPaused(at))
    return head + events[cut:]
