"""Passing on to a person: at once in opening hours, with a message and a promised time otherwise."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from actions.dialogue import (
    FORM,
    Event,
    await_nothing,
    await_person,
    desk_open,
    in_form,
    language,
    leave_form,
    start_form,
    words,
)
from actions.source import Knowledge, propose

_REFUSES: Final = re.compile(
    r"\bnon (?:voglio|vorrei|mi va di|ho voglia di|me la sento di) (?:\w+ ){0,2}?(?:parlare|sentire|scrivere)\w* "
    r"(?:\w+ ){0,2}?(?:nessuno|persona|operator\w+|qualcuno)\b"
    r"|\b(?:don['’]?t|do not) (?:want|wish|need) to (?:talk|speak|write|chat) (?:to|with) "
    r"(?:\w+ )?(?:any(?:one|body)|some(?:one|body)|person|human)\b"
    r"|\bnessun(?:a persona| operatore)\b.{0,20}\bgrazie\b",
    re.IGNORECASE,
)
FEWEST_WORDS: Final = 5  # "vorrei un operatore" says nothing of what it is about


class HandOff(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """The customer asked for a person, or accepted the offer of one."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def name(self) -> str:
        return "action_handoff"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        if refuses(words(tracker)):
            return decline(dispatcher, tracker)
        accepted_offer = tracker.get_slot("awaiting") == "person"
        why = {"why": (tracker.get_slot("offer_why") if accepted_offer else None) or "customer_request"}
        custom: dict[str, Any] = {"kind": "notice", **self._about(tracker)}
        if desk_open(tracker):
            dispatcher.utter_message(response=_wording(tracker), json_message={**custom, "handoff": why})
            return [*await_nothing(tracker), *(leave_form(tracker) if in_form(tracker) else [])]
        dispatcher.utter_message(response="utter_closed", json_message={**custom, "asked_person": why})
        # someone who asks again in the middle of the form keeps what they already gave
        return [*await_nothing(tracker), *([FollowupAction(FORM)] if in_form(tracker) else start_form(tracker))]

    def _about(self, tracker: Any) -> dict[str, Any]:
        """What the wish for a person seems to be about, proposed to whoever answers."""
        text = words(tracker)
        if len(text.split()) < FEWEST_WORDS or text.startswith("/"):
            return {}
        return propose(self.knowledge.search(text, language(tracker)))


def refuses(text: str) -> bool:
    """Whether a person is spoken of only to say no to one.

    >>> refuses("no non voglio parlare con nessuno"), refuses("non voglio parlare con un robot")
    (True, False)
    """
    return _REFUSES.search(text) is not None


def decline(dispatcher: Any, tracker: Any) -> list[Event]:
    """No person is wanted; of whoever was in despair the numbers stay in view."""
    despair = tracker.get_slot("awaiting") == "person" and tracker.get_slot("offer_why") == "sensitive"
    said = "utter_despair_declined" if despair else "utter_go_on"
    dispatcher.utter_message(response=said, json_message={"kind": "notice", "declined": True})
    if in_form(tracker):
        return [*await_nothing(tracker), FollowupAction(FORM)]
    return await_nothing(tracker)


def _wording(tracker: Any) -> str:
    if not int(tracker.get_slot("agents_available") or 0):
        return "utter_handoff_busy"
    return "utter_handoff_queue" if int(tracker.get_slot("queue_length") or 0) else "utter_handoff"


class OfferPerson(Action):  # type: ignore[misc]
    """The customer is fed up: the offer of a person comes by itself."""

    def name(self) -> str:
        return "action_offer_person"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        if in_form(tracker):  # a message for people is being taken already; a no cancels it
            dispatcher.utter_message(response="utter_sorry")
            return []
        if tracker.get_slot("awaiting") == "person" and tracker.get_slot("offer_why") == "rule":
            dispatcher.utter_message(response="utter_offer_stands")
            return []
        said = "utter_offer_person" if desk_open(tracker) else "utter_offer_message"
        dispatcher.utter_message(response=said, json_message={"kind": "notice", "offer_handoff": {"why": "rule"}})
        return await_person(tracker, "rule")


class DeclinePerson(Action):  # type: ignore[misc]
    """The customer would rather go on with the assistant; how it went may now be asked."""

    def name(self) -> str:
        return "action_decline_person"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        return decline(dispatcher, tracker)
