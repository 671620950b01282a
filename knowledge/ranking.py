"""Puts the articles of all languages in one order for a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    ranked = {
        one: part.rank(vector) if stored is None else _rank_stored(part, vector, stored) for one, part in parts.items()
    }
    backgrounds = {one: float(found.scores.mean()) for one, found in ranked.items() if len(found.scores)}
    if not backgrounds:
        return []
    # scores come on the scale of the query's own language, where one reads as a similarity
    level = backgrounds.get(lang, next(iter(backgrounds.values())))
    hits: list[Hit] = []
    for one, background in backgrounds.items():
        lift = BACKGROUND_SHARE * (level - background)
        hits += _hits(parts[one], ranked[one], vector, background, lift, words if one == lang else None, count)
    hits.sort(key=lambda hit: -hit.score)
    return hits[:count] if len(backgrounds) == 1 else _of_each_article(parts, hits)[:count]


def _of_each_article(parts: Mapping[str, Part], hits: Iterable[Hit]) -> list[Hit]:
    """The first hit of each article id: the best, when the hits come best first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(parts[hit.lang].articles[hit.article].id, hit)
    return list(best.values())


def _hits(
    part: Part, ranked: Ranked, vector: Vectors, background: float, lift: float, words: str | None, count: int
) -> list[Hit]:
    """A language's best articles. `lift` brings its similarities to the common scale."""
    spread, highest = float(ranked.scores.std()), float(ranked.scores[0])
    first = ranked.scores[: RUNNERS_UP + 1].tolist()
    order = ranked.scores
    wording = part.lexical.ask(words) if words else None
    if wording is not None:
        ranked = _joined_by_words(part, ranked, vector, wording)
        # in units of how far the best article stands above the background, so that words weigh the same everywhere
        bonus = _of_articles(part, wording, ranked.articles)
        order = ranked.scores + LEXICAL_WEIGHT * max(highest - background, 0.0) * bonus
        # words order the articles of this language; beside another, which has no such bonus, similarity alone counts
        lift += highest - float(order.max())
    rows = np.argsort(-order, kind="stable")[:count]
    chosen = (some[rows].tolist() for some in (ranked.articles, ranked.passages, order, ranked.scores))
    return [
        Hit(
            part.lang,
            article,
            passage,
            score + lift,
            top,
            top - _runners_up(first, row),
            (top - background) / spread if spread > 0 else 0.0,
        )
        for row, article, passage, score, top in zip(rows.tolist(), *chosen, strict=True)
    ]


def _runners_up(first: Sequence[float], row: int) -> float:
    """Mean of the best similarities other than the row's; its own where there is no other."""
    others = [*first[:row], *first[row + 1 :]][:RUNNERS_UP]
    return sum(others) / len(others) if others else first[row]


def _joined_by_words(part: Part, ranked: Ranked, vector: Vectors, wording: Wording) -> Ranked:
    """The ranked articles and the few best by words alone, at the end, with their similarities."""
    named = part.article_of_passage[wording.best(LEXICAL_CANDIDATES)].tolist()
    missing = sorted(set(named).difference(ranked.articles.tolist()))
    if not missing:
        return ranked
    new = np.array(missing, np.int64)
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
