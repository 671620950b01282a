"""Stand-ins for what is heavy: an encoder of letters, an assistant that says what it was told to."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desk.assistant import AssistantFailure, Button, Turn, Utterance


class LetterEncoder:
    """Texts that share three-letter runs get similar vectors."""

    identity, dimension = "letters@1", 64

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f"  {text.lower()} "
            for start in range(len(padded) - 2):
                run = hashlib.blake2s(padded[start : start + 3].encode(), digest_size=2).digest()
                row[int.from_bytes(run, "big") % self.dimension] += 1
            row /= np.linalg.norm(row) or 1
        return rows

    def passages(self, texts: Sequence[str], workers: int = 1) -> NDArray[np.float32]:
        return self.queries(texts)


ANSWER = Utterance(
    text="Where it is: track it here.",
    kind="answer",
    buttons=[Button("Yes", "/affirm"), Button("No", "/deny")],
    custom={
        "citations": [
            {
                "article_id": "track-order",
                "version": "v1",
                "passage": 0,
                "score": 0.9,
                "title": "Where is my order?",
                "url": "/help/en/track-order",
                "lang": "en",
            }
        ],
        "ask": "resolution",
        "reason": {"contact_reason": "delivery.where_is_order", "journey_stage": "post_purchase", "confidence": 0.9},
    },
)


class ScriptedAssistant:
    """Answers by the first word of the message and keeps what it was asked; a closed `gate` holds replies back."""

    timeout_s = 5.0

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.down = False

    async def reply(self, thread_id: str, message_id: str, text: str, **rest: Any) -> Turn:
        self.asked.append({"thread": thread_id, "text": text, **rest})
        if self.down:
            raise AssistantFailure("unreachable")
        await self.gate.wait()
        said = self._say(text)
        state = [*rest["state"], {"event": "user", "text": text}]
        return Turn(messages=[said], reading={"intent": "ask_question", "confidence": 0.8}, state=state)

    def _say(self, text: str) -> Utterance:
        if text.startswith(("person", "/request_person")):
            return Utterance("I'll fetch somebody.", "notice", [], {"handoff": {"why": "customer_request"}})
        if text.startswith("/affirm"):
            return Utterance("Glad to hear it.", "notice", [], {"resolution": "yes", "accepted": True})
        if text.startswith("message"):
            left = {"contact": "someone@example.org", "summary": "Call me back"}
            return Utterance("Noted.", "notice", [], {"ticket": left})
        if text.startswith("hello"):
            return Utterance("Hello!", "greeting", [], {})
        return ANSWER

    async def encode(self, text: str) -> NDArray[np.float32]:
        return LetterEncoder().queries([text])[0]

    async def ready(self) -> bool:
        return not self.down

    async def wait_until_ready(self, seconds: float) -> bool:
        return not self.down

    async def close(self) -> None:
        pass
