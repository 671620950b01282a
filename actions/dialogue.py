"""What actions read from and leave in the dialogue: slot names, and the events that change them together."""

from __future__ import annotations

from typing import Any, Final, Literal

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

Event = dict[str, Any]
Why = Literal["customer_request", "fallback", "rule", "sensitive"]

FORM: Final = "ticket_form"
FORM_SLOTS: Final = ("customer_name", "contact", "summary", "requested_slot")


def language(tracker: Any) -> str:
    """The language replies are written in, as the desk told for this turn."""
    return str(tracker.get_slot("language") or "it")


def words(tracker: Any) -> str:
    """What the customer wrote in this turn."""
    return str(tracker.latest_message.get("text") or "")


def intent(tracker: Any) -> str:
    """What the customer was read to want in this turn."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def misses(tracker: Any) -> int:
    """How many questions in a row found no answer that helped."""
    return int(tracker.get_slot("misses") or 0)


def in_form(tracker: Any) -> bool:
    """Whether the customer is in the middle of leaving a message."""
    return bool(tracker.active_loop and tracker.active_loop.get("name") == FORM)


def desk_open(tracker: Any) -> bool:
    """Whether people are at the desk now."""
    return bool(tracker.get_slot("desk_open"))


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


def await_choice(tracker: Any, options: list[dict[str, str]]) -> list[Event]:
    """A yes or no, a number or a title now says which of these articles was meant."""
    return set_slots(tracker, awaiting="choice", offer_why=None, options=options)


def start_form(tracker: Any) -> list[Event]:
    """Ask for a message; a form whose slots are full would submit at once, so they are emptied first."""
    return [*set_slots(tracker, **dict.fromkeys(FORM_SLOTS)), FollowupAction(FORM)]


def leave_form(tracker: Any) -> list[Event]:
    """Stop asking, and forget what was half given."""
    return [ActiveLoop(None), *set_slots(tracker, **dict.fromkeys(FORM_SLOTS))]
