"""What yes, partly and no to "did this solve it?" lead to."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action

from actions.dialogue import Event, await_nothing, await_person, intent, misses, set_slots

ANSWERS: Final = {"affirm": "yes", "partly": "partly", "deny": "no"}


class Resolution(Action):  # type: ignore[misc]
    """Takes the customer's judgement of the last answer; anything but a yes brings the offer of a person."""

    def name(self) -> str:
        return "action_resolution"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        answer = ANSWERS[intent(tracker)]
        custom: dict[str, Any] = {"kind": "notice", "resolution": answer}
        if answer == "yes":
            dispatcher.utter_message(response="utter_solved", json_message={**custom, "accepted": True})
            return [*await_nothing(tracker), *set_slots(tracker, misses=0)]
        custom["offer_handoff"] = {"why": "fallback"}
        if answer == "no":
            dispatcher.utter_message(response="utter_not_solved", json_message={**custom, "accepted": False})
        else:
            dispatcher.utter_message(response="utter_partly_solved", json_message=custom)
        return [*await_person(tracker, "fallback"), *set_slots(tracker, misses=misses(tracker) + (answer == "no"))]
