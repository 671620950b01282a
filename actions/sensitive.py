"""Matters that are a person's at once: safety, the law, personal data, discrimination, somebody in despair."""

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
    intent,
    leave_form,
    start_form,
    words,
)

RESPONSES: Final = {
    "sensitive_safety": "utter_sensitive_safety",
    "sensitive_legal": "utter_sensitive_legal",
    "sensitive_privacy": "utter_sensitive_privacy",
    "sensitive_discrimination": "utter_sensitive_discrimination",
    "sensitive_self_harm": "utter_sensitive_self_harm",
}
SELF_HARM: Final = "sensitive_self_harm"
# A net below the classifier, for words that must never meet a search. First person only: books are about such things.
_DESPAIR: Final = re.compile(
    r"\b(?:voglio|vorrei|penso di|sto per|ho deciso di)\s+(?:morire|uccidermi|ammazzarmi|suicidarmi|farla finita)\b"
    r"|\b(?:uccidermi|ammazzarmi|suicidarmi|togliermi la vita|farmi del male|tagliarmi le vene)\b"
    r"|\bnon (?:voglio|ho) più (?:voglia di )?vivere\b|\bmi (?:uccido|suicido|ammazzo)\b(?! d(?:al|i\b))"
    r"|\bnon (?:ho|vedo|trovo) (?:più )?(?:un |nessun |alcun(?:a)? |una )?(?:motivo|ragione) (?:per|di) vivere\b"
    r"|\bla mia vita non (?:ha|vale) (?:più )?(?:senso|niente|nulla)\b|\b(?:meglio|bene) senza di me\b"
    r"|\b(?:vorrei|voglio) (?:non svegliarmi|non esserci|sparire) (?:più|per sempre)\b|\bvorrei essere mort[oa]\b"
    r"|\b(?:kill|hurt|harm|cut) myself\b|\bend my (?:own )?life\b|\bsuicidal\b"
    r"|\b(?:i )?(?:want|wanna|going) to die\b|\b(?:don['’]?t|do not) want to (?:live|be alive)\b"
    r"|\b(?:nothing|no reason) (?:left )?to (?:live|go on living)\b"
    r"|\bbetter off (?:without me|(?:if i (?:was|were) )?dead)\b"
    r"|\btake my own life\b|\bwish i (?:was|were) dead\b|\bmy life (?:isn['’]?t|is not) worth living\b"
    r"|\bend(?:ing)? it all\b|\b(?:don['’]?t|do not) want to (?:wake up|be here) any ?more\b",
    re.IGNORECASE,
)

# "I can't take it any more" of a parcel: the classifier hears despair in it
_COMPLAINS: Final = re.compile(
    r"\b(?:non (?:ce la faccio|ne posso|lo sopporto|reggo) più"
    r"|(?:can['’]?t|cannot) (?:take|stand|bear|deal with|go on with))\b"
    r".{0,40}\b(?:ritard\w*|corrier\w*|consegn\w*|pacc\w*|ordin\w*|spedizion\w*|aspett\w*|attes\w*|sito"
    r"|delay\w*|courier\w*|deliver\w*|parcel\w*|order\w*|wait\w*|website)\b",
    re.IGNORECASE,
)


def despairs(text: str) -> bool:
    """Whether somebody says they may harm themselves.

    >>> despairs("non ho più voglia di vivere"), despairs("avete libri sul suicidio?")
    (True, False)
    """
    return _DESPAIR.search(text) is not None


def complains(text: str) -> bool:
    """Whether what somebody can't take any more is said, and is ours.

    >>> complains("non ce la faccio più con sti ritardi"), complains("non ce la faccio più")
    (True, False)
    """
    return _COMPLAINS.search(text) is not None and not despairs(text)


class Sensitive(Action):  # type: ignore[misc]  # rasa_sdk ships no types
    """The right words for the matter, and a person at once; out of hours a message."""

    def name(self) -> str:
        return "action_sensitive"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        topic = intent(tracker)
        if topic == SELF_HARM and complains(words(tracker)):
            return [FollowupAction("action_answer")]
        return say_sensitive(dispatcher, tracker, topic)


def say_sensitive(dispatcher: Any, tracker: Any, topic: str) -> list[Event]:
    """What is said and done about a topic of RESPONSES."""
    if desk_open(tracker):
        dispatcher.utter_message(response=RESPONSES[topic], json_message={"kind": "notice"})
        handoff = {"kind": "notice", "handoff": {"why": "sensitive"}}
        dispatcher.utter_message(response="utter_sensitive_handoff", json_message=handoff)
        return [*await_nothing(tracker), *(leave_form(tracker) if in_form(tracker) else [])]
    if topic == SELF_HARM:  # no form to fill in: the words, and a message only for those who want to leave one
        offer = {"kind": "notice", "offer_handoff": {"why": "sensitive"}}
        dispatcher.utter_message(response=RESPONSES[topic], json_message={"kind": "notice"})
        dispatcher.utter_message(response="utter_despair_closed", json_message=offer)
        return [*await_person(tracker, "sensitive"), *(leave_form(tracker) if in_form(tracker) else [])]
    dispatcher.utter_message(response=RESPONSES[topic], json_message={"kind": "notice"})
    asked = {"kind": "notice", "asked_person": {"why": "sensitive"}}
    dispatcher.utter_message(response="utter_closed", json_message=asked)
    return [*await_nothing(tracker), *([FollowupAction(FORM)] if in_form(tracker) else start_form(tracker))]
