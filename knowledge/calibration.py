"""How likely the top article is right: learnt for each version from what that knowledge base holds.

A similarity means nothing by itself: what is high in one knowledge base is background in another. So each version
asks itself questions it knows the answer to. Where the answer should be found: alternatives, each seen through the
other questions of its article; a title without alternatives seen through the answer alone, and with words dropped.
Where it shouldn't: every stored question with its own article taken out. A logistic curve is fitted to how far the
similarity of the top article stands out in each case.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article
from knowledge.encoded import EncodedTexts, TextEncoder, Vectors
from knowledge.part import Part
from knowledge.ranking import Hit, Stored, rank

Numbers = NDArray[np.float64]

MOST_QUESTIONS: Final = 400
DROPPED: Final = (0.3, 0.5)  # shares of words taken out of a stored question
# Share of unanswerable questions the curve is fitted to. Stored questions with words dropped are harder than what
# customers write, so this is less than the share it is right for: with 30 % of articles missing, .15 gives the
# smallest calibration error.
UNANSWERABLE: Final = 0.15
FEWEST_ARTICLES: Final = 5  # below it there is no background to stand out from
MOST_STEPS: Final = 100
TOLERANCE: Final = 1e-6
PRIOR_WEIGHT: Final = 3.0  # examples the general curve counts for beside those of the knowledge base

FIRST_SENTENCE: Final = re.compile(r".{1,200}?(?:[.!?…](?=\s)|\n|$)|.{1,200}", re.DOTALL)

SCALE: Final = np.array([1.0, 0.03, 0.03, 1.0])  # of the features, so that the prior holds all alike
CENTRE: Final = np.array([0.0, 0.87, 0.03, 2.5])
GENERAL: Final = np.array([0.5, 0.6, 2.5, 0.3])  # fitted to real questions to several help centres
GENERAL_TINY: Final = np.array([0.0, 2.0, 0.0, 0.0])


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over (1, similarity, gap, z), and how many examples stand behind it."""

    weights: tuple[float, ...]
    examples: int

    def probability(self, hit: Hit) -> float:
        """Probability, 0 to 1, that the hit is the right article."""
        return float(_sigmoid(_features([hit]) @ np.array(self.weights))[0])

    def to_manifest(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_manifest(cls, stored: Mapping[str, Any]) -> Calibration:
        return cls(tuple(stored["weights"]), stored["examples"])


@dataclass(frozen=True)
class Trial:
    """A question the knowledge base asks itself, and how it looks at it. None: at the index as it is."""

    vector: Vectors
    article: Article
    stored: Stored | None
    answerable: bool = True


def calibrate(parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts) -> Calibration:
    """Fits the curve to questions of the knowledge base itself; their vectors are kept in `texts`."""
    if max((len(part.articles) for part in parts.values()), default=0) < FEWEST_ARTICLES:
        return Calibration(tuple(GENERAL_TINY), 0)
    hits: list[Hit] = []
    right: list[bool] = []
    answerable: list[bool] = []
    for trial in _trials(parts, encoder, texts):
        for hit in rank(parts, trial.vector, trial.article.lang, stored=trial.stored, count=1):
            hits.append(hit)
            right.append(parts[hit.lang].articles[hit.article].id == trial.article.id)
            answerable.append(trial.answerable)
    weights = _fit(_features(hits), np.array(right, float), np.array(answerable))
    return Calibration(tuple(float(weight) for weight in weights), len(hits))


def _trials(parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts) -> Iterator[Trial]:
    asked = sorted(
        (
            (article, number)
            for part in parts.values()
            for article in part.articles
            for number in range(max(len(article.questions), 1))
        ),
        key=lambda pair: _draw(pair[0].id, pair[0].lang, str(pair[1])),
    )[:MOST_QUESTIONS]
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


def _wording(article: Article, number: int) -> str:
    """A stored question, or the first sentence of an article that has none."""
    if article.questions:
        return article.questions[number]
    return FIRST_SENTENCE.match(article.body)[0]  # type: ignore[index]  # matches every body


def _seen_without(article: Article, question: int, vector: Vectors, encoder: TextEncoder, texts: EncodedTexts) -> float:
    """Similarity of an article to one of its own questions as if that question weren't stored."""

    def similarities(contents: Sequence[str]) -> Vectors:
        return texts.passages(contents, encoder, 1, lambda _: None) @ vector

    if not article.questions:
        rest = article.body.replace(_wording(article, 0), "", 1).strip() or article.body
        return float(similarities([passage.content for passage in replace(article, body=rest).passages()]).max())
    contents = [passage.content for passage in article.passages()]
    others = [text for number, text in enumerate(article.questions) if number != question]
    if not others:
        return float(similarities(contents).max())
    return float(similarities(contents).max() + similarities(others).max()) / 2


def _drop_words(text: str, share: float) -> str:
    kept = [word for place, word in enumerate(text.split()) if _draw(text, str(place), str(share)) >= share]
    return " ".join(kept) or text


def _draw(*what: str) -> float:
    """A number from 0 to 1 that is always the same for the same thing: a rebuild mustn't change the calibration."""
    digest = hashlib.blake2b("\0".join(what).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _features(hits: Sequence[Hit]) -> Numbers:
    raw: Numbers = np.array([[1.0, hit.top, hit.gap, hit.z] for hit in hits]).reshape(-1, 4)
    scaled: Numbers = (raw - CENTRE) / SCALE
    return scaled


def _sigmoid(value: Numbers) -> Numbers:
    share: Numbers = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return share


def _fit(features: Numbers, right: Numbers, answerable: NDArray[np.bool_]) -> Numbers:
    """Logistic regression by Newton's method, drawn towards the general curve as by PRIOR_WEIGHT examples."""
    if not len(right):
        return GENERAL
    possible, impossible = int(answerable.sum()), int((~answerable).sum())
    share = UNANSWERABLE / (1 - UNANSWERABLE)
    weight = np.where(answerable, 1.0, share * possible / max(impossible, 1))

    def loss(curve: Numbers) -> float:
        value = features @ curve
        misfit = weight * (np.logaddexp(0, value) - right * value)
        return float(misfit.sum() + PRIOR_WEIGHT / 2 * ((curve - GENERAL) ** 2).sum())

    curve = GENERAL
    for _ in range(MOST_STEPS):
        probability = _sigmoid(features @ curve)
        gradient = features.T @ (weight * (probability - right)) + PRIOR_WEIGHT * (curve - GENERAL)
        curvature = (features.T * (weight * probability * (1 - probability))) @ features
        step = np.linalg.solve(curvature + PRIOR_WEIGHT * np.eye(len(curve)), gradient)
        # a full step can overshoot where the curve is flat
        while loss(curve - step) > loss(curve) + TOLERANCE and np.abs(step).max() > TOLERANCE:
            step = step / 2
        curve = curve - step
        if np.abs(step).max() <= TOLERANCE:
            break
    return curve
