"""The real executor over a knowledge base of a few articles held in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from actions.executor import make_executor
from knowledge.article import Article
from knowledge.retriever import Match, SearchResult

RETURNS = Article("returns", "it", "Come restituire un libro", "Ha 30 giorni.", url="/help/it/returns",
                  reason="returns.how_to", stage="post_purchase")  # fmt: skip
RETURNS_EN = Article("returns", "en", "How to return a book", "You have 30 days.", url="/help/en/returns",
                     reason="returns.how_to", stage="post_purchase")  # fmt: skip
GIFT = Article("gift/wrap", "en", "Gift wrapping", "It costs €2.", url="/help/en/gift")


def _vector(text: str) -> Any:
    """Texts that share words point the same way."""
    row = np.zeros(64, np.float32)
    for word in text.casefold().split():
        row[sum(map(ord, word)) % 64] += 1
    return row / (np.linalg.norm(row) or 1)


@dataclass
class FakeRetriever:
    """Answers every search with what the test put in; remembers what was asked."""

    decision: str = "none"
    found: tuple[Article, ...] = ()
    confidence: float = 0.8
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    by_query: dict[str, tuple[str, tuple[Article, ...]]] = field(default_factory=dict)
    """What to answer to certain queries instead."""
    in_context: tuple[Article, ...] = ()
    """What a search with a vector of its own finds."""
    articles: tuple[Article, ...] = (RETURNS, RETURNS_EN, GIFT)

    @property
    def base(self) -> Any:
        by_key = {(article.id, article.lang): article for article in self.articles}
        return SimpleNamespace(
            article=lambda id, lang: by_key.get((id, lang)),
            current=lambda: SimpleNamespace(name="v1"),
            encoder=SimpleNamespace(queries=lambda texts: np.stack([_vector(text) for text in texts])),
        )

    def search(self, query: str, lang: str | None = None, k: int = 5, vector: Any = None) -> SearchResult:
        self.asked.append((query, lang))
        decision, found = self.by_query.get(query, (self.decision, self.found))
        if vector is not None:
            decision, found = "answer", self.in_context
        confidence = {"answer": self.confidence, "clarify": 0.3, "none": 0.1}[decision]
        matches = tuple(
            Match(
                article_id=article.id,
                title=article.label,
                lang=article.lang,
                passage="the passage",
                score=0.9,
                confidence=confidence,
                url=article.url,
                reason=article.reason,
                stage=article.stage,
                body=article.body,
            )
            for article in found
        )
        return SearchResult(query, lang or "it", decision, confidence, "v1", matches)  # type: ignore[arg-type]


@dataclass
class Ran:
    """What an action did: the responses it gave and the slots it left."""

    responses: list[dict[str, Any]]
    events: list[dict[str, Any]]
    before: dict[str, Any]

    @property
    def said(self) -> list[str]:
        return [response["response"] or response["text"] for response in self.responses]

    @property
    def custom(self) -> list[dict[str, Any]]:
        return [response["custom"] for response in self.responses]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots actions own, as they stand afterwards."""
        names = ("awaiting", "offer_why", "customer_name", "contact", "summary", "topic", "answered", "options")
        owned = dict.fromkeys((*names, "language", "message_left")) | {"misses": 0}
        changed = {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}
        return {name: (self.before | changed).get(name, value) for name, value in owned.items()}

    @property
    def expects(self) -> tuple[Any, Any, Any]:
        """What a yes would answer, why a person was offered, misses in a row."""
        return self.slots["awaiting"], self.slots["offer_why"], self.slots["misses"]

    @property
    def next_action(self) -> str | None:
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)


@pytest.fixture
def retriever() -> FakeRetriever:
    return FakeRetriever()


@pytest.fixture
def run(retriever: FakeRetriever) -> Callable[..., Awaitable[Ran]]:
    """Run an action by name, as Rasa would call it."""

    async def run(
        name: str,
        text: str = "",
        intent: str = "ask_question",
        entities: dict[str, str] | None = None,
        form: bool = False,
        **slots: Any,
    ) -> Ran:
        tracker = {
            "sender_id": "c1",
            "slots": {"language": "it", "desk_open": True, "agents_available": 1, "queue_length": 0, **slots},
            "latest_message": {
                "text": text,
                "intent": {"name": intent},
                "entities": [{"entity": key, "value": value} for key, value in (entities or {}).items()],
            },
            "events": [{"event": "slot", "name": key, "value": value} for key, value in slots.items()],
            "active_loop": {"name": "ticket_form"} if form else {},
        }
        domain = {"forms": {"ticket_form": {"required_slots": ["customer_name", "contact", "summary"]}}}
        result = await make_executor(retriever).run({"next_action": name, "tracker": tracker, "domain": domain})
        return Ran(result.responses, result.events, slots)

    return run
