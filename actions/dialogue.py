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


def await_nothing() -> list[Event]:
    """A yes or a no answers nothing now."""
    return [SlotSet("awaiting", None), SlotSet("offer_why", None)]


def await_resolution() -> list[Event]:
    """A yes, partly or no now says whether the last answer helped."""
    return [SlotSet("awaiting", "resolution"), SlotSet("offer_why", None)]


def await_person(why: Why) -> list[Event]:
    """A yes or no now accepts or declines the offer of a person."""
    return [SlotSet("awaiting", "person"), SlotSet("offer_why", why)]


def start_form() -> list[Event]:
    """Ask for contact and summary; a form whose slots are full would submit at once, so they are emptied first."""
    return [*(SlotSet(name, None) for name in FORM_SLOTS), FollowupAction(FORM)]


def leave_form() -> list[Event]:
    """Stop asking, and forget what was half given."""
    return [ActiveLoop(None), *(SlotSet(name, None) for name in FORM_SLOTS)]
