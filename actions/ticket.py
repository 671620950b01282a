"""A message for the people of the desk: name, contact and summary, each checked, correctable, cancellable."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import FollowupAction

from actions.answer import answer, asks_why
from actions.contact import corrected_name, corrects, find_contact, find_name, name_before_contact
from actions.dialogue import (
    FORM,
    Event,
    await_nothing,
    intent,
    language,
    leave_form,
    set_slots,
    start_form,
    words,
)
from actions.source import Knowledge, propose

SHORTEST_SUMMARY: Final = 5  # characters: "reso?" is one
LONGEST_SUMMARY: Final = 2000
LONGEST_NO: Final = 3  # words
_STOPS: Final = re.compile(r"\b(?:annull\w+|cancel\w*|stop|basta|lasci\w+|forget|never ?mind)\b", re.IGNORECASE)
_BALKS: Final = re.compile(r"\b(?:capi\w+|understand|get it|so|know|sure|dico|say|tell)\b", re.IGNORECASE)
LONGEST_GIVEN: Final = 8  # words; whoever writes more than that when asked for a name is asking something


class TakeMessage(Action):  # type: ignore[misc]
    """The customer would like to leave a message, at any hour."""

    def name(self) -> str:
        return "action_take_message"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        dispatcher.utter_message(response="utter_take_message")
        return [*await_nothing(tracker), *start_form(tracker)]


class ValidateTicket(FormValidationAction):  # type: ignore[misc]
    """Checks what was given to the form; a value refused is asked for again."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "validate_ticket_form"

    def validate_customer_name(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if value is None:  # emptied when the form starts: nothing to complain about
            return {"customer_name": None}
        text = str(value)
        contact = find_contact(text)
        if contact is not None:  # given before it was asked for, so it isn't asked for again
            name = name_before_contact(text)
            if name is None:
                dispatcher.utter_message(response="utter_contact_noted")
            return {"customer_name": name, "contact": contact}
        name = find_name(text)
        if name is None and ("?" in text or len(text.split()) > LONGEST_GIVEN):
            answer(self.knowledge, dispatcher, tracker, text)
        elif name is None:
            _refuse(dispatcher, "utter_bad_name")
        return {"customer_name": name}

    def validate_contact(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        contact = find_contact(str(value or ""))
        if contact is None and value is not None:
            _refuse(dispatcher, "utter_bad_contact")
        return {"contact": contact}

    def validate_summary(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if value is None:
            return {"summary": None}
        summary = str(value).strip()[:LONGEST_SUMMARY]
        contact = find_contact(summary)
        if contact is not None and (intent(tracker) == "correct_contact" or corrects(summary)):
            dispatcher.utter_message(response="utter_contact_corrected")
            return {"summary": None, "contact": contact}
        if asks_why(summary) and "?" in summary:
            dispatcher.utter_message(response="utter_why_asked", json_message={"kind": "clarify"})
            return {"summary": None}
        name = corrected_name(summary) if len(summary.split()) <= LONGEST_GIVEN else None
        if name is not None:
            dispatcher.utter_message(response="utter_name_corrected")
            return {"summary": None, "customer_name": name}
        if len(summary) < SHORTEST_SUMMARY or not any(letter.isalpha() for letter in summary):
            _refuse(dispatcher, "utter_bad_summary")
            return {"summary": None}
        return {"summary": summary}


def _refuse(dispatcher: Any, response: str) -> None:
    """Having to give something again is effort on the customer's side, and goes on record as such."""
    dispatcher.utter_message(response=response, json_message={"kind": "clarify", "observed": "reentered_field"})


class AskSummary(Action):  # type: ignore[misc]
    """Asks what it is about, and for the order's number unless it is known already."""

    def name(self) -> str:
        return "action_ask_summary"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        known = bool(tracker.get_slot("order_known"))
        dispatcher.utter_message(response="utter_summary_wanted" if known else "utter_summary_and_order_wanted")
        return []


class SubmitTicket(Action):  # type: ignore[misc]
    """Hands the message to the desk; an incomplete one is never sent."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_submit_ticket"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        name = tracker.get_slot("customer_name")
        ticket = {slot: tracker.get_slot(slot) for slot in ("contact", "summary")}
        done = [*await_nothing(tracker), *leave_form(tracker)]
        if not all(ticket.values()):
            dispatcher.utter_message(response="utter_ticket_incomplete", json_message={"kind": "failure"})
            return done
        about = propose(self.knowledge.search(ticket["summary"], language(tracker)))
        custom = {"kind": "notice", "ticket": {**ticket, "name": name}, **about}
        dispatcher.utter_message(response="utter_ticket_taken", json_message=custom)
        return [*done, *set_slots(tracker, message_left=True, misses=0)]


class CancelTicket(Action):  # type: ignore[misc]
    """The customer would rather not leave a message; whoever only balks at a question is told how to."""

    def name(self) -> str:
        return "action_cancel_ticket"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        if intent(tracker) in ("deny", "cancel") and balks(words(tracker)):
            dispatcher.utter_message(response="utter_why_asked", json_message={"kind": "clarify"})
            return [FollowupAction(FORM)]
        dispatcher.utter_message(
            response="utter_ticket_cancelled", json_message={"kind": "notice", "ticket_cancelled": True}
        )
        return [*await_nothing(tracker), *leave_form(tracker)]


def balks(text: str) -> bool:
    """Whether a no says more than no, that something isn't understood, known or to be told, and not to stop.

    >>> balks("non te lo dico"), balks("no grazie")
    (True, False)
    """
    if text.startswith("/") or _STOPS.search(text):
        return False
    return len(text.split()) > LONGEST_NO or _BALKS.search(text) is not None


class CorrectContact(Action):  # type: ignore[misc]
    """The contact of a message already left was wrong."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_correct_contact"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        contact = find_contact(words(tracker))
        if not tracker.get_slot("message_left"):
            return answer(self.knowledge, dispatcher, tracker, words(tracker))
        if contact is None:
            dispatcher.utter_message(response="utter_bad_contact")
        else:
            dispatcher.utter_message(
                response="utter_contact_corrected", json_message={"kind": "notice", "correct_contact": contact}
            )
        return await_nothing(tracker)
