"""Passing on to a person: at once in opening hours, with a message and a promised time otherwise."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from actions.dialogue import FORM as TICKET_FORM
from actions.dialogue import Event, await_nothing, await_person, in_form, leave_form, start_form


class HandOff(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """The customer asked for a person, or accepted the offer of one."""

    def name(self) -> str:
        return "action_handoff"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        if not tracker.get_slot("desk_open"):
            return self._closed(dispatcher, tracker)
        accepted_offer = tracker.get_slot("awaiting") == "person"
        why = (tracker.get_slot("offer_why") if accepted_offer else None) or "customer_request"
        dispatcher.utter_message(response=_wording(tracker), json_message={"kind": "notice", "handoff": {"why": why}})
        return [*await_nothing(tracker), *(leave_form(tracker) if in_form(tracker) else [])]

    @staticmethod
    def _closed(dispatcher: Any, tracker: Any) -> list[Event]:
        dispatcher.utter_message(response="utter_closed", json_message={"kind": "notice"})
        # someone who asks again in the middle of the form keeps what they already gave
        asked_again = [FollowupAction(TICKET_FORM)] if in_form(tracker) else start_form(tracker)
        return [*await_nothing(tracker), *asked_again]


def _wording(tracker: Any) -> str:
    if not int(tracker.get_slot("agents_available") or 0):
        return "utter_handoff_busy"
    return "utter_handoff_queue" if int(tracker.get_slot("queue_length") or 0) else "utter_handoff"


class OfferPerson(Action):  # type: ignore[misc]
    """The customer is fed up: the offer of a person comes by itself."""

    def name(self) -> str:
        return "action_offer_person"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        dispatcher.utter_message(
            response="utter_offer_person", json_message={"kind": "notice", "offer_handoff": {"why": "rule"}}
        )
        return [] if in_form(tracker) else await_person(tracker, "rule")  # in the form a no cancels it


class DeclinePerson(Action):  # type: ignore[misc]
    """The customer would rather go on with the assistant."""

    def name(self) -> str:
        return "action_decline_person"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        dispatcher.utter_message(response="utter_go_on")
        return await_nothing(tracker)
