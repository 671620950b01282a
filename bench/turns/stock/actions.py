"""The stock action server's one action: encode the question, search the same index, answer with the article found."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rasa_sdk import Action

from knowledge.base import KnowledgeBase
from knowledge.encoder import Encoder
from knowledge.retriever import Retriever

HOME: Final = Path(os.environ["STOCK_HOME"])
THREADS: Final = int(os.environ["STOCK_ENCODER_THREADS"])
RETRIEVER: Final = Retriever(KnowledgeBase(HOME / "knowledge", Encoder.load(HOME / "encoder", THREADS)))


class Answer(Action):  # type: ignore[misc]  # rasa_sdk has no types
    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Sequence[dict[str, Any]]:
        found = RETRIEVER.search(tracker.latest_message["text"])
        best = found.matches[0] if found.matches else None
        # a custom payload tells the replies that were searched for from the fixed ones
        dispatcher.utter_message(json_message={"article": best and best.article_id, "text": best and best.body})
        return []
