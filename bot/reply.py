"""Runs one turn through Rasa: the tracker from the state that came, the replies whole, the next state out."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.request import TurnRequest, read_choice
from bot.state import dump, load, trim
from bot.turn import TURN, Turn

CHANNEL = "turn"
# a slash typed by a customer is text: this invisible character keeps Rasa from reading it as an intent
_SLASH_GUARD = "\u2060"

Handle = Callable[[UserMessage], Awaitable[Any]]


class WholeReplies(OutputChannel):
    """Collects each response as one message; Rasa's own would split text, buttons and custom apart."""

    def __init__(self) -> None:
        self.messages: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        custom = dict(message.get("custom") or {})
        buttons = [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or [] if b["payload"]]
        self.messages.append(
            {
                "text": message.get("text") or "",
                "kind": custom.pop("kind", "notice"),
                "buttons": buttons,
                "custom": custom,
            }
        )


async def answer(turn: TurnRequest, agent: Agent, handle: Handle) -> Dict[str, Any]:
    """Run one turn and return the reply body. Raises BadRequest, BadState, TurnFailed."""
    domain = agent.domain
    tracker, warnings = load(turn.sender, turn.state, domain)
    warnings += _set_slots(tracker, turn.slots)
    replies = WholeReplies()
    parsed: Optional[Dict[str, Any]] = read_choice(turn.message, domain) if turn.chosen else None
    token = TURN.set(Turn(tracker, turn.vector))
    try:
        if parsed is None and turn.message.startswith("/"):
            guarded = UserMessage(_SLASH_GUARD + turn.message, replies, turn.sender)
            parsed = {**await agent.processor.parse_message(guarded, tracker), "text": turn.message}
        await handle(UserMessage(turn.message, replies, turn.sender, parsed, CHANNEL, turn.message_id))
    finally:
        TURN.reset(token)
    if not replies.messages:
        raise RuntimeError("the dialogue produced no reply")
    return {
        "messages": replies.messages,
        "reading": _reading(tracker),
        "state": [dump(event) for event in trim(tracker, domain)],
        "model": agent.model_id,
        "warnings": warnings,
    }


def _set_slots(tracker: DialogueStateTracker, slots: Dict[str, Any]) -> List[str]:
    unknown = []
    for name, value in slots.items():
        if name not in tracker.slots:
            unknown.append(f"slot {name!r} is not in this model")
        elif tracker.get_slot(name) != value:
            tracker.update(SlotSet(name, value))
    return unknown


def _reading(tracker: DialogueStateTracker) -> Dict[str, Any]:
    latest = tracker.latest_message
    intent: Tuple[Any, float] = (None, 0.0)
    entities: List[Dict[str, Any]] = []
    if latest is not None:
        intent = (latest.intent.get("name"), round(float(latest.intent.get("confidence") or 0.0), 4))
        entities = [{"entity": e["entity"], "value": e["value"]} for e in latest.entities]
    return {"intent": intent[0], "confidence": intent[1], "entities": entities}
