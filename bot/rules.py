"""RulePolicy's look-up made as short as its rules: same predictions, less work for each.

Rasa compares every rule with every state of the conversation, from the first word on. But a rule only sees as many
states back as it is long, and only those whose last state has the right action and intent can apply at all.
"""

from __future__ import annotations

import json
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Text, Tuple

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

_plain_find = RulePolicy._find_action_from_rules
_plain_keys = RulePolicy._get_possible_keys

Last = Tuple[Optional[Text], Optional[Text]]


class Index(NamedTuple):
    """The rules of one look-up by the action and intent of their last state (None: whichever)."""

    by_last: Dict[Last, FrozenSet[Text]]
    longest: int  # states
    any_on_text: bool  # whether a rule could apply to a customer's text before its intent is looked at

    @classmethod
    def of(cls, lookup: Dict[Text, Text]) -> "Index":
        found: Dict[Last, Set[Text]] = {}
        longest, any_on_text = 0, False
        for key in lookup:
            states = json.loads(key)
            longest = max(longest, len(states))
            last = states[-1] if states else {}
            action, intent = _last(last)
            found.setdefault((action, intent), set()).add(key)
            after_text = action in (None, ACTION_LISTEN_NAME) and intent is None
            any_on_text = any_on_text or after_text or TEXT in last.get(USER, {})
        return cls({last: frozenset(keys) for last, keys in found.items()}, longest, any_on_text)

    def candidates(self, state: State) -> Set[Text]:
        """The rules whose last state may match this one."""
        action, intent = _last(state)
        lasts = {(action, intent), (action, None), (None, intent), (None, None)}
        return set().union(*(self.by_last.get(last, frozenset()) for last in lasts))


def _last(state: State) -> Last:
    return state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)


def _index(policy: RulePolicy, name: Text) -> Index:
    indices = policy.__dict__.setdefault("_indices", {})
    lookup = policy.lookup[name]
    held = indices.get(name)
    if held is None or held[0] is not lookup or held[1] != len(lookup):  # training fills the look-up as it goes
        held = indices[name] = (lookup, len(lookup), Index.of(lookup))
    return held[2]


def find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> Tuple[Optional[Text], Optional[Text], bool]:
    """As Rasa's own; when no rule looks at texts, the conversation isn't gone through for one."""
    if use_text_for_last_user_input and _has_text(tracker):
        indices = [_index(self, name) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        if tracker.active_loop_name is None and not any(index.any_on_text for index in indices):
            return None, None, False
    return _plain_find(self, tracker, domain, use_text_for_last_user_input)


def _has_text(tracker: DialogueStateTracker) -> bool:
    return bool(tracker.latest_message and tracker.latest_message.text)


def get_possible_keys(self: RulePolicy, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
    """As Rasa's own, beginning with the rules that the last state leaves."""
    name = next((name for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) if self.lookup.get(name) is lookup), None)
    if name is None or not states:
        return _plain_keys(self, lookup, states)
    return _plain_keys(self, {key: lookup[key] for key in _index(self, name).candidates(states[-1])}, states)


def prediction_states(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: Optional[Dict[Text, Any]] = None,
) -> List[State]:
    """The latest states, as many as the longest rule has; RulePolicy keeps rule-only turns, so none is left out."""
    longest = max(_index(self, name).longest for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
    states = [_latest_states(tracker, domain, max(longest, 1))]
    self.featurizer._choose_last_user_input(states, use_text_for_last_user_input)
    return states[0]


def _latest_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> List[State]:
    events = tracker.applied_events()
    actions = [index for index, event in enumerate(events) if isinstance(event, ActionExecuted)]
    # a state stands before each action and one after the last; of the earliest wanted on, each is looked at
    wanted = set(actions[-(count - 1) :] if count > 1 else [])
    replayed, states = tracker.init_copy(), []
    for index, event in enumerate(events):
        if index in wanted:
            states.append(domain.get_active_state(replayed))
        replayed.update(event)
    return [*states, domain.get_active_state(replayed)]


def install() -> None:
    """Change RulePolicy in place: the recipe, the validator and the record of a turn know it by its name."""
    RulePolicy._find_action_from_rules = find_action_from_rules
    RulePolicy._get_possible_keys = get_possible_keys
    RulePolicy._prediction_states = prediction_states
