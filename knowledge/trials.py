"""The questions a knowledge base asks itself, and how it looks at each."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from knowledge.article import Article
from knowledge.bodies import Bodies
from knowledge.encoded import EncodedTexts, TextEncoder, Vectors
from knowledge.part import Part
from knowledge.ranking import Stored

MOST_QUESTIONS: Final = 400
DROPPED: Final = (0.3, 0.5)  # shares of words taken out of a stored question
FIRST_SENTENCE: Final = re.compile(r".{1,200}?(?:[.!?…](?=\s)|\n|$)|.{1,200}", re.DOTALL)


@dataclass(frozen=True)
class Trial:
    """A question and the article it belongs to. `stored` None: the index is looked at as it is."""

    vector: Vectors
    article: Article
    stored: Stored | None
    answerable: bool = True


def trials(parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts) -> Iterator[Trial]:
    """At most MOST_QUESTIONS stored questions, each asked in up to four ways; always the same for the same articles.

    Where the answer should be found: alternatives, each seen through the other questions of its article; a title
    without alternatives seen through the answer alone, and with words dropped. Where it shouldn't: every question with
    its own article taken out.
    """
    asked = _sample(parts)
    vectors = texts.queries([_wording(article, number) for article, number in asked], encoder)
    for (article, number), vector in zip(asked, vectors, strict=True):
        yield Trial(vector, article, Stored(article.id, article.lang, None), answerable=False)
        similarity = _seen_without(article, number, vector, encoder, texts)
        yield Trial(vector, article, Stored(article.id, article.lang, similarity))
    alone = [article for article, _ in asked if len(article.questions) < 2]
    for share in DROPPED:
        vectors = texts.queries([_drop_words(_wording(article, 0), share) for article in alone], encoder)
        for article, vector in zip(alone, vectors, strict=True):
            yield Trial(vector, article, None)


def _sample(parts: Mapping[str, Part]) -> list[tuple[Article, int]]:
    """Articles and numbers of their questions; one article more or less changes little of what is drawn."""
    stored = (
        (article, number)
        for part in parts.values()
        for article in part.articles
        for number in range(max(len(article.questions), 1))
    )
    return heapq.nsmallest(MOST_QUESTIONS, stored, key=lambda pair: _draw(pair[0].id, pair[0].lang, str(pair[1])))


def _wording(article: Article, number: int) -> str:
    """A stored question, or the first sentence of an article that has none."""
    if article.questions:
        return article.questions[number]
    return FIRST_SENTENCE.match(article.body)[0]  # type: ignore[index]  # matches every body


def _seen_without(article: Article, question: int, vector: Vectors, encoder: TextEncoder, texts: EncodedTexts) -> float:
    """Similarity of an article to one of its own questions as if that question weren't stored."""
    if not article.questions:
        rest = article.body.replace(_wording(article, 0), "", 1).strip() or article.body
        return _said(replace(article, body=rest), vector, encoder, texts)
    said = _said(article, vector, encoder, texts)
    others = [text for number, text in enumerate(article.questions) if number != question]
    if not others:
        return said
    return (said + float((texts.passages(others, encoder, 1, lambda _: None) @ vector).max())) / 2


def _said(article: Article, vector: Vectors, encoder: TextEncoder, texts: EncodedTexts) -> float:
    """Similarity of what an article says, without its questions."""
    bodies = Bodies.of(article.passages(), texts, encoder, 1, lambda _: None)
    return float((bodies.vectors(texts, slice(None)) @ vector).max())


def _drop_words(text: str, share: float) -> str:
    kept = [word for place, word in enumerate(text.split()) if _draw(text, str(place), str(share)) >= share]
    return " ".join(kept) or text


def _draw(*what: str) -> float:
    """A number from 0 to 1 that is always the same for the same thing: a rebuild mustn't change the calibration."""
    digest = hashlib.blake2b("\0".join(what).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
