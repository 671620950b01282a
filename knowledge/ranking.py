"""Puts the articles of all languages in one order for a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from knowledge.encoded import Vectors
from knowledge.lexical import Wording
from knowledge.part import Part, Ranked

# The encoder prefers texts in the query's own language so strongly that the right article in the other one would
# never surface. Most of that preference shows in a language's background, the mean of its best-ranked articles.
BACKGROUND_SHARE: Final = 0.9
LEXICAL_WEIGHT: Final = 1.0
LEXICAL_CANDIDATES: Final = 5
RUNNERS_UP: Final = 3


@dataclass(frozen=True)
class Hit:
    """An article in the common order: `score` orders, the rest says how much its similarity stands out.

    `top` is its similarity to the query; `gap` how far that is above the three best others of its language; `z` how
    far above the language's background, in standard deviations.
    """

    lang: str
    article: int
    passage: int
    score: float
    top: float
    gap: float
    z: float


@dataclass(frozen=True)
class Stored:
    """For calibration, where a query is itself in the index: its own article counts `similarity`, or not at all."""

    article_id: str
    lang: str
    similarity: float | None


def rank(
    parts: Mapping[str, Part],
    vector: Vectors,
    lang: str,
    words: str | None = None,
    stored: Stored | None = None,
    count: int = 10,
) -> list[Hit]:
    """The best articles for a query in the language, best first, one hit for each article id.

    Vectors find articles in every language; words only in the query's own, and only when `words` is given.
    """
    best: dict[str, Hit] = {}
    level = 0.0
    for part in parts.values():
        ranked = part.rank(vector) if stored is None else _rank_stored(part, vector, stored)
        if not len(ranked.scores):
            continue
        background = float(ranked.scores.mean())
        level = background if part.lang == lang else level or background
        for hit in _hits(part, ranked, vector, words if part.lang == lang else None, count):
            article_id = part.articles[hit.article].id
            if article_id not in best or hit.score > best[article_id].score:
                best[article_id] = hit
    ordered = sorted(best.values(), key=lambda hit: -hit.score)[:count]
    # back on the scale of the query's own language, where a score reads as a similarity
    return [replace(hit, score=hit.score + BACKGROUND_SHARE * level) for hit in ordered]


def _hits(part: Part, ranked: Ranked, vector: Vectors, words: str | None, count: int) -> list[Hit]:
    background, spread = float(ranked.scores.mean()), float(ranked.scores.std())
    highest = float(ranked.scores[0])
    runners_up = ranked.scores[: RUNNERS_UP + 1]
    order = ranked.scores - BACKGROUND_SHARE * background
    wording = part.lexical.ask(words) if words else None
    if wording is not None:
        ranked = _joined_by_words(part, ranked, vector, wording)
        order = ranked.scores - BACKGROUND_SHARE * background
        # in units of how far the best article stands above the background, so that words weigh the same everywhere
        bonus = _of_articles(part, wording, ranked.articles)
        order += LEXICAL_WEIGHT * max(highest - background, 0.0) * bonus
        # words order the articles of this language; beside another, which has no such bonus, similarity alone counts
        order -= float(order.max()) - (highest - BACKGROUND_SHARE * background)
    hits = []
    for row in np.argsort(-order, kind="stable")[:count]:
        top = float(ranked.scores[row])
        others = np.delete(runners_up, row) if row < len(runners_up) else runners_up[:RUNNERS_UP]
        gap = top - float(others.mean()) if len(others) else 0.0
        z = (top - background) / spread if spread > 0 else 0.0
        article, passage = int(ranked.articles[row]), int(ranked.passages[row])
        hits.append(Hit(part.lang, article, passage, float(order[row]), top, gap, z))
    return hits


def _joined_by_words(part: Part, ranked: Ranked, vector: Vectors, wording: Wording) -> Ranked:
    """The ranked articles and the few best by words alone, at the end, with their similarities."""
    new = np.setdiff1d(part.article_of_passage[wording.best(LEXICAL_CANDIDATES)], ranked.articles)
    if not len(new):
        return ranked
    passages, scores = part.best_passages(new, vector)
    return Ranked(
        np.concatenate([ranked.articles, new]),
        np.concatenate([ranked.passages, passages]),
        np.concatenate([ranked.scores, scores]),
    )


def _of_articles(part: Part, wording: Wording, articles: np.ndarray) -> Vectors:
    """Each article's best lexical score over its passages."""
    first = np.searchsorted(part.article_of_passage, articles)
    each = np.searchsorted(part.article_of_passage, articles, side="right") - first
    starts = np.cumsum(each) - each
    passages = np.arange(each.sum()) + np.repeat(first - starts, each)
    best: Vectors = np.maximum.reduceat(wording.of(passages), starts)
    return best


def _rank_stored(part: Part, vector: Vectors, stored: Stored) -> Ranked:
    number = part.number.get(stored.article_id)
    ranked = part.rank(vector, without=number)
    if number is None or stored.similarity is None or part.lang != stored.lang:
        return ranked
    place = int(np.searchsorted(-ranked.scores, -stored.similarity))
    return Ranked(
        np.insert(ranked.articles, place, number),
        np.insert(ranked.passages, place, np.searchsorted(part.article_of_passage, number)),
        np.insert(ranked.scores, place, np.float32(stored.similarity)),
    )
