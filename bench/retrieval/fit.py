"""`python -m bench.retrieval.fit`: chooses the weights that the product holds as constants, and prints why.

Each choice is made on all samples and, to see whether it is the samples' or the matter's, once more without each family
of samples, which is then judged with what the others chose. Nothing is written: the constants stand in
`knowledge/split.py`, `knowledge/ranking.py` and `knowledge/calibration.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np

from bench.retrieval import ours, samples
from bench.retrieval.remembered import Remembered
from bench.retrieval.samples import NAMES, Sample
from bench.table import table
from knowledge import calibration, ranking, split
from knowledge.curve import Numbers, fit, sigmoid
from knowledge.encoded import EncodedTexts
from knowledge.evaluate import calibration_error
from knowledge.evidence import Evidence, gather

DETAILS: Final = (250, 350, 450, 550, 700, 10_000)  # the last: none
WORDS: Final = (0.0, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)
BACKGROUND: Final = (0.5, 0.7, 0.8, 0.9, 1.0)
SHARES: Final = ((0.05, 0.1), (0.1, 0.1), (0.1, 0.2), (0.15, 0.1), (0.15, 0.2), (0.2, 0.2))
DRAWS: Final = 3
EACH_SAMPLE: Final = 100.0  # examples that a sample counts for in the general curve
LOOSE: Final = 0.01

Scores = dict[str, dict[object, float]]


@dataclass(frozen=True)
class Draw:
    """A sample with 30 % of its articles missing: what its base knows of itself, and what real questions look like."""

    family: str
    scale: calibration.Calibration
    evidence: Evidence
    features: Numbers
    right: Numbers


def main() -> None:
    """Prints each choice with the figures behind it."""
    encoder = ours.encoder()
    try:
        _choice("DETAIL_CHARACTERS: mean MRR@10", _details(encoder), DETAILS)
        _choice("LEXICAL_WEIGHT: mean MRR@10", _words(encoder), WORDS)
        _choice("BACKGROUND_SHARE: mean R@1 of same and other language", _background(encoder), BACKGROUND)
        draws = list(_draws(encoder))
        families = sorted({draw.family for draw in draws})
        print("### GENERAL: the curve of real questions\n")
        rows = [[left, *_shown(_general(draws, left))] for left in (None, *families)]
        print(
            table(("without", "1", "similarity", "gap", "z", "magnetism"), [[str(a or "none"), *b] for a, *b in rows])
        )
        print()
        _choice(
            "NEAR, FAR: calibration error, with the general curve of the other families", _shares(draws), SHARES, min
        )
    finally:
        encoder.keep()


def _choice(title: str, scores: Scores, values: Sequence[object], best: Callable[..., object] = max) -> None:
    """What all families together choose, and what each would have been given by the others."""

    def of_all(families: Sequence[str]) -> Mapping[object, float]:
        return {value: float(np.mean([scores[family][value] for family in families])) for value in values}

    families = list(scores)
    together = of_all(families)
    rows = [["all", str(best(values, key=together.__getitem__)), *(f"{together[value]:.4f}" for value in values)]]
    for family in families:
        others = of_all([one for one in families if one != family]) if len(families) > 1 else together
        rows.append([family, str(best(values, key=others.__getitem__)), *(f"{scores[family][v]:.4f}" for v in values)])
    print(f"### {title}\n")
    print(table(("family", "chosen by the others", *map(str, values)), rows))
    print()


@contextlib.contextmanager
def _set(module: ModuleType, name: str, value: object) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def _details(encoder: Remembered) -> Scores:
    """MRR@10 by the length of details, for all samples."""
    across = [samples.across(lang, titled=False) for lang in NAMES]
    return _mrr([*_same_language(), *across], split, "DETAIL_CHARACTERS", DETAILS, encoder)


def _words(encoder: Remembered) -> Scores:
    """MRR@10 by weight, for samples asked in the language of the index."""
    return _mrr(_same_language(), ranking, "LEXICAL_WEIGHT", WORDS, encoder)


def _same_language() -> list[Sample]:
    each = [make(lang) for make in (samples.help_centre, samples.answers_only) for lang in NAMES]
    return [samples.rewordings(), samples.padigitale(), *each]


def _mrr(
    asked: Sequence[Sample], module: ModuleType, name: str, values: Sequence[object], encoder: Remembered
) -> Scores:
    scores: dict[str, dict[object, list[float]]] = {}
    for sample in asked:
        for value in values:
            with _set(module, name, value):
                found = ours.measured(sample, encoder)["mrr@10"]
            scores.setdefault(sample.family, {}).setdefault(value, []).append(found)
    return _means(scores)


def _background(encoder: Remembered) -> Scores:
    """R@1 in a mixed index by share of the background taken off, the mean of same and other language."""
    scores: dict[str, dict[object, list[float]]] = {}
    for own in (True, False):
        for lang in NAMES:
            sample = samples.mixed(lang, own, seed=0)
            for value in BACKGROUND:
                with _set(ranking, "BACKGROUND_SHARE", value):
                    scores.setdefault("Mixed", {}).setdefault(value, []).append(
                        ours.measured(sample, encoder)["recall@1"]
                    )
    return _means(scores)


def _means(scores: Mapping[str, Mapping[object, list[float]]]) -> Scores:
    return {one: {value: float(np.mean(found)) for value, found in by.items()} for one, by in scores.items()}


def _draws(encoder: Remembered) -> Iterator[Draw]:
    for sample in samples.trusted():
        for seed in range(DRAWS):
            yield _draw(ours.without(sample, 0.3, seed), encoder)


def _draw(sample: Sample, encoder: Remembered) -> Draw:
    with ours.published(sample.articles, encoder) as retriever:
        version = retriever.base.current()
        assert version is not None
        evidence = gather(version.parts, encoder, EncodedTexts())
        scale = calibration.scaled_to(evidence)
        vectors = encoder.queries([one.query for one in sample.questions])
        hits, right, magnetism = [], [], []
        for question, vector in zip(sample.questions, vectors, strict=True):
            (hit,) = ranking.rank(version.parts, vector, question.lang or "en", words=question.query, count=1)
            id = version.parts[hit.lang].articles[hit.article].id
            hits.append(hit)
            right.append(id in question.relevant)
            magnetism.append(scale.magnets.get(hit.lang, {}).get(id, 0))
        return Draw(sample.family, scale, evidence, scale.features(hits, magnetism), np.array(right, float))


def _general(draws: Sequence[Draw], left: str | None) -> Numbers:
    """Logistic regression on real questions and everyday talk, each sample of the same weight, one family left out."""
    features, right, weight = [], [], []
    for draw in draws:
        if draw.family == left:
            continue
        talk = draw.scale.features(draw.evidence.talk_hits, draw.evidence.talk_magnetism)
        for some, labels, share in (
            (draw.features, draw.right, 1.0),
            (talk, np.zeros(len(talk)), calibration.FAR / 2),
        ):
            features.append(some)
            right.append(labels)
            weight.append(np.full(len(some), share * EACH_SAMPLE / len(some)))
    start = np.zeros(features[0].shape[1])
    return fit(np.concatenate(features), np.concatenate(right), np.concatenate(weight), start, LOOSE)


def _shares(draws: Sequence[Draw]) -> Scores:
    scores: dict[str, dict[object, list[float]]] = {}
    general = {family: _general(draws, family) for family in {draw.family for draw in draws}}
    for draw in draws:
        for near, far in SHARES:
            features, right, weight = calibration.examples(draw.scale, draw.evidence, near, far)
            curve = fit(features, right, weight, general[draw.family], calibration.PRIOR_WEIGHT)
            error = calibration_error(sigmoid(draw.features @ curve), draw.right.astype(bool))
            scores.setdefault(draw.family, {}).setdefault((near, far), []).append(error)
    return _means(scores)


def _shown(curve: Numbers) -> list[str]:
    return [f"{one:.2f}" for one in curve]


if __name__ == "__main__":
    main()
