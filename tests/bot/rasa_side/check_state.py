"""The dialogue state that travels: loading, trimming, and naming what is wrong with it."""

from __future__ import annotations

import json
import unittest

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.state import KEPT_TURNS, BadState, dump, load, trim

DOMAIN = Domain.load("domain.yml")
NOW = 1.5


def turn(tracker: DialogueStateTracker, text: str, *slots: SlotSet) -> None:
    reading = {"intent": {"name": "greet", "confidence": 0.9}, "entities": [], "text": text}
    tracker.update(UserUttered(text, reading["intent"], [], {**reading, "intent_ranking": [1, 2]}, NOW), DOMAIN)
    tracker.update(ActionExecuted("utter_greet", timestamp=NOW))
    tracker.update(BotUttered("hello", {"custom": {"kind": "greeting"}}, timestamp=NOW))
    for slot in slots:
        tracker.update(slot)
    tracker.update(ActionExecuted("action_listen", timestamp=NOW))


def travelled(tracker: DialogueStateTracker) -> DialogueStateTracker:
    state = json.loads(json.dumps([dump(event) for event in trim(tracker, DOMAIN)]))
    return load("c1", state, DOMAIN)[0]


class StateTravels(unittest.TestCase):
    def test_a_new_conversation_starts_listening(self) -> None:
        tracker, warnings = load("c1", [], DOMAIN)
        self.assertEqual(tracker.latest_action_name, "action_listen")
        self.assertEqual(warnings, [])

    def test_slots_form_and_pause_survive_any_number_of_turns(self) -> None:
        tracker, _ = load("c1", [], DOMAIN)
        turn(tracker, "first", SlotSet("awaiting", "person"), SlotSet("misses", 2), ActiveLoop("ticket_form"))
        tracker.update(ConversationPaused())
        for number in range(3 * KEPT_TURNS):
            turn(tracker, f"text {number}")
        after = travelled(tracker)
        self.assertEqual(after.current_slot_values(), tracker.current_slot_values())
        self.assertEqual(after.active_loop_name, "ticket_form")
        self.assertTrue(after.is_paused())
        self.assertEqual(after.latest_message.text, tracker.latest_message.text)
        self.assertEqual(after.latest_message.intent["name"], "greet")

    def test_the_state_stops_growing(self) -> None:
        tracker, _ = load("c1", [], DOMAIN)
        sizes = []
        for number in range(40):
            turn(tracker, f"text {number}", SlotSet("misses", number))
            tracker = travelled(tracker)
            sizes.append(len(tracker.events))
        self.assertEqual(len(set(sizes[KEPT_TURNS + 1 :])), 1)
        self.assertEqual(sum(isinstance(event, UserUttered) for event in tracker.events), KEPT_TURNS)

    def test_what_was_said_does_not_travel_but_the_action_does(self) -> None:
        tracker, _ = load("c1", [], DOMAIN)
        turn(tracker, "hi")
        raw = [dump(event) for event in trim(tracker, DOMAIN)]
        self.assertNotIn("hello", json.dumps(raw))
        self.assertIn("utter_greet", [event.get("name") for event in raw])
        self.assertNotIn("intent_ranking", json.dumps(raw))


class BadStatesAreNamed(unittest.TestCase):
    good = {"event": "slot", "name": "misses", "value": 1, "timestamp": 1.0}

    def refused(self, state: object) -> str:
        with self.assertRaises(BadState) as caught:
            load("c1", state, DOMAIN)  # type: ignore[arg-type]
        return str(caught.exception)

    def test_index_and_cause_are_told(self) -> None:
        for bad, said in (
            ("text", "state[1]: not an event object"),
            ({}, "state[1]: not an event object"),
            ({"event": "no_such_event"}, "state[1] (no_such_event)"),
            ({"event": "slot"}, "state[1] (slot): name is not a text"),
            ({"event": "user", "text": "hi"}, "state[1] (user): AttributeError"),
            ({"event": "user", "text": 5, "parse_data": {}}, "state[1] (user): text is not a text"),
            ({"event": "action", "name": "action_listen", "timestamp": "soon"}, "state[1] (action): timestamp"),
        ):
            self.assertIn(said, self.refused([self.good, bad]))

    def test_a_state_that_is_no_list_or_too_long_is_refused(self) -> None:
        self.assertIn("must be a list", self.refused({"event": "slot"}))
        self.assertIn("at most", self.refused([self.good] * 3000))

    def test_what_an_older_model_knew_is_skipped_with_a_warning(self) -> None:
        old = [
            {"event": "slot", "name": "old_slot", "value": 1},
            {"event": "active_loop", "name": "old_form"},
            {"event": "followup", "name": "action_old"},
            self.good,
        ]
        tracker, warnings = load("c1", old, DOMAIN)
        self.assertEqual(tracker.get_slot("misses"), 1)
        self.assertEqual(len(warnings), 3)
        self.assertIsNone(tracker.active_loop_name)
