"""The shorter look-up of rules: predictions equal to Rasa's own on random conversations over all our rules."""

from __future__ import annotations

import json
import logging
import random
import tempfile
import unittest
from pathlib import Path
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker, is_prev_action_listen_in_state
from rasa.utils.log_utils import configure_structlog

from bot import rules
from bot.state import KEPT_TURNS
from bot.tracker import TurnTracker

logging.getLogger("rasa").setLevel(logging.ERROR)
configure_structlog(logging.ERROR)
DOMAIN = Domain.load("domain.yml")
NAMES = ("_find_action_from_rules", "_get_possible_keys", "_prediction_states")
PLAIN = {name: getattr(RulePolicy, name) for name in NAMES}
CONVERSATIONS, TURNS = 150, 7


def restore() -> None:
    for name, plain in PLAIN.items():
        setattr(RulePolicy, name, plain)


def outcome(policy: RulePolicy, tracker: DialogueStateTracker) -> tuple[Any, ...]:
    found = policy.predict_action_probabilities(tracker, DOMAIN)
    return found.probabilities, found.events, found.hide_rule_turn, found.is_no_user_prediction


class SamePredictions(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        storage = LocalModelStorage.create(Path(folder.name))
        config = {**RulePolicy.get_default_config(), "core_fallback_action_name": "action_listen"}
        context = ExecutionContext(GraphSchema({}), "test")
        cls.policy = RulePolicy.create(config, storage, Resource("rules"), context)
        trackers = load_data("bot/rules.yml", DOMAIN, use_story_concatenation=False)
        cls.policy.train(trackers, DOMAIN)

    def tearDown(self) -> None:
        restore()

    def compared(self, tracker: DialogueStateTracker) -> str:
        restore()
        plain = outcome(self.policy, tracker)
        rules.install()
        self.assertEqual(outcome(self.policy, tracker), plain, [str(event) for event in tracker.events])
        return DOMAIN.action_names_or_texts[max(range(len(plain[0])), key=plain[0].__getitem__)]

    def test_on_random_conversations(self) -> None:
        chance, actions = random.Random(5), set()
        for number in range(CONVERSATIONS):
            tracker = TurnTracker(f"c{number}", DOMAIN.slots)
            tracker.update(ActionExecuted("action_listen"))
            for _ in range(TURNS):
                tracker.update(self._said(chance))
                for _ in range(4):
                    action = self.compared(tracker)
                    actions.add(action)
                    for event in self._done(chance, action):
                        tracker.update(event)
                    if tracker.latest_action_name == "action_listen":
                        break
                else:
                    tracker.update(ActionExecuted("action_listen"))
        self.assertGreater(len(actions), 10, "hardly any rule was met")

    def test_the_state_that_travels_is_as_long_as_the_longest_rule(self) -> None:
        for lookup in ("rules", "rules_for_loop_unhappy_path"):
            for key in self.policy.lookup[lookup]:
                listens = [state for state in json.loads(key) if is_prev_action_listen_in_state(state)]
                self.assertLessEqual(len(listens), KEPT_TURNS, key)

    def _said(self, chance: random.Random) -> UserUttered:
        intent = chance.choice([name for name in DOMAIN.intents if name not in ("session_start", "restart", "back")])
        text = chance.choice(["some text", "some text", ""])
        return UserUttered(text, {"name": intent, "confidence": 1.0}, [])

    def _done(self, chance: random.Random, action: str) -> list[Event]:
        if action in DOMAIN.form_names and chance.random() < 0.2:
            return [ActionExecutionRejected(action)]
        events: list[Event] = [ActionExecuted(action)]
        if action == "action_listen":
            return events
        for slot in DOMAIN.slots:
            if isinstance(slot, CategoricalSlot) and chance.random() < 0.3:
                events.append(SlotSet(slot.name, chance.choice([None, *slot.values])))
        if chance.random() < 0.25:
            events.append(ActiveLoop(chance.choice([None, *DOMAIN.form_names])))
        if chance.random() < 0.1:
            events.append(LoopInterrupted(chance.random() < 0.5))
        return events


class Trackers(unittest.TestCase):
    def test_a_copy_equals_a_replay_and_leaves_the_original_alone(self) -> None:
        tracker = TurnTracker("c", DOMAIN.slots)
        form = DOMAIN.form_names[0]
        for event in (ActionExecuted("action_listen"), UserUttered("hi", {"name": "greet"}), ActiveLoop(form)):
            tracker.update(event)
        copied, replayed = tracker.copy(), DialogueStateTracker.copy(tracker)
        self.assertEqual(copied.current_slot_values(), replayed.current_slot_values())
        self.assertEqual(list(copied.events), list(replayed.events))
        self.assertEqual(copied.active_loop, replayed.active_loop)
        for event in (SlotSet(DOMAIN.slots[0].name, "x"), LoopInterrupted(True), ActionExecuted("action_listen")):
            copied.update(event)
        self.assertEqual(len(tracker.events), 3)
        self.assertIsNone(tracker.get_slot(DOMAIN.slots[0].name))
        self.assertFalse(tracker.is_active_loop_interrupted)
