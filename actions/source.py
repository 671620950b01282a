"""What an answer stands on: the text to say, and the article it is taken from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from knowledge.article import Article
from knowledge.encoded import Vectors
from knowledge.retriever import CLARIFY_FROM, Match, SearchResult

LONGEST_ANSWER: Final = 1400  # characters; of a longer article only the passage that matched is said
ADVICE: Final = ("awareness", "familiarity", "consideration")  # who hasn't bought yet is advised, others are assisted


class Articles(Protocol):
    """The articles in force, and the encoder they were indexed with."""

    encoder: Any

    def article(self, id: str, lang: str) -> Article | None: ...

    def current(self) -> Any: ...


class Knowledge(Protocol):
    """What the actions need of a retriever."""

    @property
    def base(self) -> Articles: ...

    def search(
        self, query: str, lang: str | None = None, k: int = 5, vector: Vectors | None = None
    ) -> SearchResult: ...


@dataclass(frozen=True)
class Source:
    """A text to answer with and its article; `confidence` is the probability that it is the right one."""

    text: str
    article_id: str
    lang: str
    title: str
    url: str
    reason: str
    stage: str
    version: str | None
    passage: str
    score: float
    confidence: float

    @classmethod
    def of_match(cls, match: Match, version: str | None) -> Source:
        """What a search found."""
        text = match.body if len(match.body) <= LONGEST_ANSWER else match.passage
        return cls(
            text=text,
            article_id=match.article_id,
            lang=match.lang,
            title=match.title,
            url=match.url,
            reason=match.reason,
            stage=match.stage,
            version=version,
            passage=match.passage,
            score=match.score,
            confidence=match.confidence,
        )

    @classmethod
    def of_article(cls, article: Article, version: str | None) -> Source:
        """What the customer chose: certain to be what was meant."""
        first = article.passages()[0].text
        return cls(
            text=article.body if len(article.body) <= LONGEST_ANSWER else first,
            article_id=article.id,
            lang=article.lang,
            title=article.label,
            url=article.url,
            reason=article.reason,
            stage=article.stage,
            version=version,
            passage=first,
            score=1.0,
            confidence=1.0,
        )

    @property
    def citation(self) -> dict[str, Any]:
        """As the desk stores it and the widget links it."""
        names = ("article_id", "version", "passage", "score", "title", "url", "lang")
        return {name: getattr(self, name) for name in names}

    @property
    def proposal(self) -> dict[str, Any]:
        """The contact reason, journey stage and service kind this article stands for; nothing without a reason."""
        return _proposal(self.reason, self.stage, self.confidence)


def propose(found: SearchResult) -> dict[str, Any]:
    """What a message seems to be about, with the confidence of its best match; nothing for a mere guess."""
    if not found.matches or found.matches[0].confidence < CLARIFY_FROM:
        return {}
    best = found.matches[0]
    return _proposal(best.reason, best.stage, best.confidence)


def _proposal(reason: str, stage: str, confidence: float) -> dict[str, Any]:
    if not reason:
        return {}
    known = stage or "unknown"
    proposed: dict[str, Any] = {"contact_reason": reason, "journey_stage": known, "confidence": confidence}
    if known != "unknown":
        proposed["service_kind"] = "advice" if known in ADVICE else "assistance"
    return {"reason": proposed}
