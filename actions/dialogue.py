"""What actions read from and leave in the dialogue: slot names, and the events that change them together."""

from __future__ import annotations

from typing import Any, Final, Literal

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

Event = dict[str, Any]
Why = Literal["customer_request", "fallback", "rule", "sensitive"]

FORM: Final = "ticket_form"
FORM_SLOTS: Final = ("contact", "summary", "requested_slot")


def language(tracker: Any) -> str:
    """The language replies are written in, as the desk told for this turn."""
    return str(tracker.get_slot("language") or "it")


def misses(tracker: Any) -> int:
    """How many questions in a row found no answer that helped."""
    return int(tracker.get_slot("misses") or 0)


def in_form(tracker: Any) -> bool:
    """Whether the customer is in the middle of leaving a message."""
    return bool(tracker.active_loop and tracker.active_loop.get("name") == FORM)


def set_slots(tracker: Any, **values: Any) -> list[Event]:
    """The events that give these slots these values; none for a slot that has it already, as each event costs time."""
    return [SlotSet(name, value) for name, value in values.items() if tracker.get_slot(name) != value]


def await_nothing(tracker: Any) -> list[Event]:
    """A yes or a no answers nothing now."""
    return set_slots(tracker, awaiting=None, offer_why=None)


def await_resolution(tracker: Any) -> list[Event]:
    """A yes, partly or no now says whether the last answer helped."""
    return set_slots(tracker, awaiting="resolution", offer_why=None)


def await_person(tracker: Any, why: Why) -> list[Event]:
    """A yes or no now accepts or declines the offer of a person."""
    return set_slots(tracker, awaiting="person", offer_why=why)


def start_form(tracker: Any) -> list[Event]:
    """Ask for contact and summary; a form whose slots are full would submit at once, so they are emptied first."""
    return [*set_slots(tracker, **dict.fromkeys(FORM_SLOTS)), FollowupAction(FORM)]


def leave_form(tracker: Any) -> list[Event]:
    """Stop asking, and forget what was half given."""
    return [ActiveLoop(None), *set_slots(tracker, **dict.fromkeys(FORM_SLOTS))]
