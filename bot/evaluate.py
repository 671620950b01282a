"""What a trained model reads in each example of Rasa NLU data, written as JSON lines."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from pathlib import Path
from typing import List

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.utils.common import configure_logging_and_warnings

from bot.encode import encode
from bot.turn import TURN, Turn


async def predict(model: str, data: str, out: Path) -> None:
    """Write {"text", "intent", "predicted", "confidence", "best"} for every example, in the order of the data.

    `best` is the likeliest intent, also where it is too unlikely to be predicted.
    """
    agent = Agent.load(model)
    examples = [example for example in load_data(data).intent_examples if example.get(TEXT)]
    texts = [example.get(TEXT) for example in examples]
    lines = []
    for example, text, vector in zip(examples, texts, encode(texts), strict=True):
        tracker = DialogueStateTracker("evaluate", agent.domain.slots if agent.domain else [])
        token = TURN.set(Turn(tracker, vector))
        try:
            parsed = await agent.processor.parse_message(UserMessage(text), tracker)
        finally:
            TURN.reset(token)
        ranked = [one["name"] for one in [*parsed.get("intent_ranking", ()), parsed["intent"]]]
        best = next((name for name in ranked if name != DEFAULT_NLU_FALLBACK_INTENT_NAME), None)
        confidence = round(parsed["intent"]["confidence"], 4)
        found = {"predicted": parsed["intent"]["name"], "confidence": confidence, "best": best}
        lines.append(json.dumps({"text": text, "intent": example.get(INTENT), **found}, ensure_ascii=False))
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: List[str]) -> None:
    """Read the command line of `python -m bot evaluate`."""
    parser = argparse.ArgumentParser(prog="python -m bot evaluate")
    parser.add_argument("--model", required=True)
    parser.add_argument("--nlu", required=True)
    parser.add_argument("--out", required=True, type=Path)
    given = parser.parse_args(arguments)
    configure_logging_and_warnings(logging.ERROR, None, warn_only_once=True, filter_repeated_logs=True)
    asyncio.run(predict(given.model, given.nlu, given.out))
