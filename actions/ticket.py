"""A message for the people of the desk: contact and summary, each checked, cancellable at any moment."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, FormValidationAction

from actions.contact import find_contact
from actions.dialogue import Event, await_nothing, leave_form, start_form

SHORTEST_SUMMARY: Final = 5  # characters: "reso?" is one
LONGEST_SUMMARY: Final = 2000


class TakeMessage(Action):  # type: ignore[misc]
    """The customer would like to leave a message, at any hour."""

    def name(self) -> str:
        return "action_take_message"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        dispatcher.utter_message(response="utter_take_message")
        return [*await_nothing(tracker), *start_form(tracker)]


class ValidateTicket(FormValidationAction):  # type: ignore[misc]
    """Checks what was given to the form; a value refused is asked for again."""

    def name(self) -> str:
        return "validate_ticket_form"

    def validate_contact(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        contact = find_contact(str(value or ""))
        if contact is None and value is not None:  # emptied when the form starts: nothing to complain about
            dispatcher.utter_message(response="utter_bad_contact")
        return {"contact": contact}

    def validate_summary(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        if value is None:
            return {"summary": None}
        summary = str(value).strip()[:LONGEST_SUMMARY]
        if len(summary) < SHORTEST_SUMMARY or not any(letter.isalpha() for letter in summary):
            dispatcher.utter_message(response="utter_bad_summary")
            return {"summary": None}
        return {"summary": summary}


class SubmitTicket(Action):  # type: ignore[misc]
    """Hands the message to the desk; an incomplete one is never sent."""

    def name(self) -> str:
        return "action_submit_ticket"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        ticket = {name: tracker.get_slot(name) for name in ("contact", "summary")}
        if all(ticket.values()):
            dispatcher.utter_message(response="utter_ticket_taken", json_message={"kind": "notice", "ticket": ticket})
        else:
            dispatcher.utter_message(response="utter_ticket_incomplete", json_message={"kind": "failure"})
        return [*await_nothing(tracker), *leave_form(tracker)]


class CancelTicket(Action):  # type: ignore[misc]
    """The customer would rather not leave a message."""

    def name(self) -> str:
        return "action_cancel_ticket"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        dispatcher.utter_message(response="utter_ticket_cancelled")
        return [*await_nothing(tracker), *leave_form(tracker)]
