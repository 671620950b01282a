"""Finds the article that answers a question, or says that there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.encoded import Vectors
from knowledge.errors import EncoderError
from knowledge.language import detect
from knowledge.ranking import Hit, rank
from knowledge.version import Version

Decision = Literal["answer", "clarify", "none"]

# An answer is given when it is likelier right than not; `python -m bench retrieval` shows how often it then is, and how
# much everyday talk stays unanswered.
ANSWER_FROM: Final = 0.5
CLARIFY_FROM: Final = 0.2
SPOKEN: Final = ("it", "en")
LETTERS: Final = re.compile(r"\w")


@dataclass(frozen=True)
class Match:
    """An article found for a question. `confidence` is the probability, 0 to 1, that it is the right one."""

    article_id: str
    title: str
    lang: str
    passage: str
    score: float
    confidence: float
    url: str
    reason: str
    stage: str
    body: str


@dataclass(frozen=True)
class SearchResult:
    """The matches for a question, best first, and what to do with them.

    `answer`: the first match is right often enough to be shown. `clarify`: it may be, so ask which of the titles was
    meant. `none`: say so. `confidence` is the first match's; `version` names the knowledge that was asked.
    """

    query: str
    lang: str
    decision: Decision
    confidence: float
    version: str | None
    matches: tuple[Match, ...]


class Retriever:
    """Searches whatever version the knowledge base serves at the moment. Safe from several threads at once.

    >>> Retriever(base).search("Where is my order?").matches[0].title
    'How to track an order'
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    def search(self, query: str, lang: str | None = None, k: int = 5, vector: Vectors | None = None) -> SearchResult:
        """The k best articles. The language is detected unless given; `vector` is the query's, if already encoded."""
        version = self.base.current()
        query = query.encode("utf-8", "replace").decode()  # a lone surrogate could be neither shown nor stored
        if lang is None:
            lang = detect(query, _default_language(version), {*SPOKEN, *(version.languages if version else ())})
        if version is None or not version.parts or not LETTERS.search(query):
            return SearchResult(query, lang, "none", 0.0, version.name if version else None, ())
        if vector is None:
            vector = self._encode(query)
        hits = rank(version.parts, vector, lang, words=query, count=k)
        found = [version.parts[hit.lang].articles[hit.article] for hit in hits]
        confidences = version.calibration.probabilities(hits, [article.id for article in found])
        matches = tuple(
            _match(version, hit, article, confidence, lang, vector)
            for hit, article, confidence in zip(hits, found, confidences, strict=True)
        )
        confidence = matches[0].confidence if matches else 0.0
        return SearchResult(query, lang, _decide(matches), confidence, version.name, matches)

    def _encode(self, query: str) -> Vectors:
        if self.base.encoder is None:
            raise EncoderError("Searching needs an encoder or the query's vector")
        vector: Vectors = self.base.encoder.queries([query])[0]
        return vector


def _default_language(version: Version | None) -> str:
    """For a text too short to tell: the language with most articles."""
    if version is None or not version.parts:
        return SPOKEN[0]
    return max(version.parts.values(), key=lambda part: len(part.articles)).lang


def _decide(matches: Sequence[Match]) -> Decision:
    """By the confidence in the best match; one that a lower match surpasses is right every other time: asked back."""
    if not matches or matches[0].confidence < CLARIFY_FROM:
        return "none"
    surest = max(match.confidence for match in matches)
    return "answer" if matches[0].confidence >= ANSWER_FROM and matches[0].confidence == surest else "clarify"


def _match(version: Version, hit: Hit, article: Article, confidence: float, lang: str, vector: Vectors) -> Match:
    """The hit as the customer sees it: in their language when the article exists in it, however it was found."""
    part, passage = version.parts[hit.lang], hit.passage
    home = version.parts.get(lang)
    if home is not None and home is not part and article.id in home.number:
        number = home.number[article.id]
        part, article, passage = home, home.articles[number], home.best_passage(number, vector)[0]
    return Match(
        article_id=article.id,
        title=article.label,
        lang=article.lang,
        passage=part.passages[passage].text,
        score=round(hit.score, 4),
        confidence=round(confidence, 4),
        url=article.url,
        reason=article.reason,
        stage=article.stage,
        body=article.body,
    )
