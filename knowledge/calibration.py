"""How likely the top article is right: learnt for each version from what that knowledge base holds.

A similarity means nothing by itself: what is high in one knowledge base is background in another. So each version
asks itself questions it knows the answer to, and everyday talk that it can't have an answer to (`knowledge.evidence`).
A logistic curve is fitted to how far the top article stands out in each case.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np

from knowledge.curve import Numbers, fit, sigmoid
from knowledge.encoded import EncodedTexts, TextEncoder
from knowledge.evidence import Evidence, gather
from knowledge.part import Part
from knowledge.ranking import Hit

SURE: Final = 0.8  # from here on an answer is meant to be right 19 times in 20
# Own questions are easier than customers': where fewer of them than this are sure, real ones hardly ever are. Bases of
# untitled answers reach .3 to .4, titled ones .65 to .85 (`python -m bench retrieval`).
RARELY: Final = 0.5
FEWEST_ARTICLES: Final = 5  # below it there is no background to stand out from

# Shares of questions the curve is fitted to that have no answer: near (its article taken out) and far (everyday talk).
# Stored questions with words dropped are harder than what customers write, so the shares are less than those the curve
# is right for: with 30 % of articles missing. These and GENERAL are what `python -m bench.retrieval.fit` prints.
NEAR: Final = 0.1
FAR: Final = 0.2
PRIOR_WEIGHT: Final = 10.0  # examples the general curve counts for beside those of the knowledge base
GENERAL: Final = (-1.37, 0.49, 1.85, -0.09, -0.18)  # fitted to real questions to several help centres
GENERAL_TINY: Final = (0.0, 2.0, 0.0, 0.0, 0.0)
USUAL_LEVEL: Final = 0.87  # where there are too few articles to tell; of the default encoder
USUAL_UNIT: Final = 0.02
USUAL_Z: Final = 2.5
LEAST_UNIT: Final = 1e-3


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over (1, similarity, gap, z, magnetism), and what it was fitted to.

    Similarity and gap are in units of the knowledge base itself: `level` and `unit` are mean and standard deviation of
    the best similarity that questions have whose article was taken out. `magnets` counts, for each article by language
    and id, the subjects of everyday talk that find it: an article that attracts everything is seldom the right one.
    `sure` is the share of the knowledge base's own questions that reach a probability of SURE.
    """

    weights: tuple[float, ...]
    examples: int
    level: float = USUAL_LEVEL
    unit: float = USUAL_UNIT
    sure: float = 0.0
    magnets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def probabilities(self, hits: Sequence[Hit], article_ids: Sequence[str]) -> list[float]:
        """For each hit the probability, 0 to 1, that it is the right article."""
        none: Mapping[str, int] = {}
        magnetism = [self.magnets.get(hit.lang, none).get(id, 0) for hit, id in zip(hits, article_ids, strict=True)]
        found: list[float] = sigmoid(self.features(hits, magnetism) @ np.array(self.weights)).tolist()
        return found

    def features(self, hits: Sequence[Hit], magnetism: Sequence[int]) -> Numbers:
        """(hits, 5): what the curve weighs. `magnetism` is the number of subjects that find each hit's article."""
        raw: Numbers = np.array([[1.0, hit.top, hit.gap, hit.z] for hit in hits], np.float64).reshape(-1, 4)
        scaled = (raw - [0.0, self.level, 0.0, USUAL_Z]) / [1.0, self.unit, self.unit, 1.0]
        return np.column_stack([scaled, [math.log1p(count) for count in magnetism]])

    @property
    def warning(self) -> str | None:
        """What whoever keeps the knowledge base should know: that it seldom supports a sure answer."""
        if not self.examples or self.sure >= RARELY:
            return None
        return (
            f"This knowledge base rarely supports a sure answer: only {self.sure:.0%} of its own questions reach a "
            f"confidence of {SURE}. Titles as customers would ask, and alternative wordings, help most"
        )

    def to_manifest(self) -> dict[str, Any]:
        return asdict(self) | {"warning": self.warning}

    @classmethod
    def from_manifest(cls, stored: Mapping[str, Any]) -> Calibration:
        fields = {name: value for name, value in stored.items() if name != "warning"}
        return cls(**fields | {"weights": tuple(stored["weights"])})


def calibrate(parts: Mapping[str, Part], encoder: TextEncoder, texts: EncodedTexts) -> Calibration:
    """Fits the curve to questions of the knowledge base itself; their vectors are kept in `texts`."""
    if max((len(part.articles) for part in parts.values()), default=0) < FEWEST_ARTICLES:
        return Calibration(GENERAL_TINY, 0)
    found = gather(parts, encoder, texts)
    scale = scaled_to(found)
    features, right, weight = examples(scale, found)
    curve = fit(features, right, weight, np.array(GENERAL), PRIOR_WEIGHT)
    mine = features[: len(found.hits)][found.answerable]
    sure = float((sigmoid(mine @ curve) >= SURE).mean()) if len(mine) else 0.0
    return replace(scale, weights=tuple(round(float(one), 4) for one in curve), sure=round(sure, 4))


def scaled_to(found: Evidence) -> Calibration:
    """The general curve in the units of a knowledge base."""
    tops = np.array([hit.top for hit in found.hits])[~found.answerable]
    return Calibration(
        GENERAL,
        len(found.hits),
        level=round(float(tops.mean()), 4) if len(tops) else USUAL_LEVEL,
        unit=round(max(float(tops.std()), LEAST_UNIT), 4) if len(tops) else USUAL_UNIT,
        magnets=found.magnets,
    )


def examples(
    scale: Calibration, found: Evidence, near: float = NEAR, far: float = FAR
) -> tuple[Numbers, Numbers, Numbers]:
    """Features, labels and weights of the knowledge base's own questions, then of everyday talk."""
    features = np.concatenate(
        [scale.features(found.hits, found.magnetism), scale.features(found.talk_hits, found.talk_magnetism)]
    )
    possible = int(found.answerable.sum())
    near_each = near / (1 - near - far) * possible / max(len(found.hits) - possible, 1)
    far_each = far / (1 - near - far) * possible / max(len(found.talk_hits), 1)
    weight = np.concatenate([np.where(found.answerable, 1.0, near_each), np.full(len(found.talk_hits), far_each)])
    return features, np.concatenate([found.right, np.zeros(len(found.talk_hits))]), weight
