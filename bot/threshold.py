"""The score below which nothing is recognised, found on the training data alone.

A quarter of the classes at a time is held out as if it were out of scope; where one intent stands for everything else,
it is what is wrongly taken from it or for it that counts.
"""

from __future__ import annotations

import os
from typing import Iterator, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedKFold

from bot.alignment import Alignment
from bot.ensemble import STRENGTH, Ensemble

OUT_OF_SCOPE_SHARE = 0.35  # weight of refusing what is out of scope, against 0.65 for being right in scope
OPEN_SHARE = 0.45  # where one intent stands for all else: about the part of messages to a help desk that are its
EXAMPLES = 3000  # more of them don't move the threshold and cost minutes
ITERATIONS = 30  # likewise
NOISE_REFUSED = 0.9


def choose_threshold(
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    strength: float = STRENGTH,
    open_intent: Optional[str] = None,
    alignment: Optional[Alignment] = None,
) -> float:
    """The score that best separates known from unknown when a quarter of the classes plays unknown, in eight splits.

    When the examples hold `open_intent`, which stands for everything that is none of the others, its examples are the
    unknown ones. 0.0 when there are too few classes or examples to hold any out.
    """
    y = np.asarray(labels)
    is_open = open_intent is not None and bool((y == open_intent).any())
    splits = list(_folds(y, open_intent) if is_open else _hold_outs(y))
    if not splits:
        return 0.0
    workers = Parallel(n_jobs=min(len(splits), os.cpu_count() or 1))
    read = workers(delayed(_read)(split, texts, vectors, y, strength, alignment) for split in splits)
    named, score = (np.concatenate(part) for part in zip(*read, strict=True))
    wanted, known = (
        np.concatenate(part) for part in zip(*((y[split.test], split.known) for split in splits), strict=True)
    )
    recognised = named != open_intent  # named open, it is taken for open above and below the threshold
    share = OPEN_SHARE if is_open else OUT_OF_SCOPE_SHARE
    order = np.argsort(-score)
    won = ((named == wanted) & known & recognised)[order] * (1 - share) / max(known.sum(), 1)
    lost = (~known & recognised)[order] * share / max((~known).sum(), 1)
    return float(score[order][np.cumsum(won - lost).argmax()])


def noise_floor(model: Ensemble, texts: Sequence[str], vectors: np.ndarray, open_intent: str) -> float:
    """The score that nine in ten of these texts, which mean nothing, don't reach as anything but the open intent."""
    found = model.scores(texts, vectors)
    recognised = np.asarray(model.classes)[found.argmax(1)] != open_intent
    return float(np.quantile(np.where(recognised, found.max(1), 0.0), NOISE_REFUSED))


class Split(NamedTuple):
    """Numbers of the examples to learn from and to be asked, and which of the latter are known to the former."""

    train: np.ndarray
    test: np.ndarray
    known: np.ndarray


def _read(
    split: Split,
    texts: Sequence[str],
    vectors: np.ndarray,
    y: np.ndarray,
    strength: float,
    alignment: Optional[Alignment],
) -> Tuple[np.ndarray, np.ndarray]:
    """The intent and the score of each example asked, by a model of the others. Runs in a process of its own."""
    learnt = [texts[i] for i in split.train]
    model = Ensemble.fit(learnt, vectors[split.train], y[split.train], strength, ITERATIONS, alignment)
    found = model.scores([texts[i] for i in split.test], vectors[split.test])
    return np.asarray(model.classes)[found.argmax(1)], found.max(1)


def _folds(y: np.ndarray, open_intent: Optional[str]) -> Iterator[Split]:
    """Two of four folds of what has examples enough, what is open counting as unknown."""
    classes, counts = np.unique(y, return_counts=True)
    chosen = np.flatnonzero(np.isin(y, classes[counts >= 4]))
    if len(np.unique(y[chosen])) < 2:
        return
    for train, test in list(StratifiedKFold(4, shuffle=True, random_state=0).split(chosen, y[chosen]))[:2]:
        yield Split(chosen[train], chosen[test], y[chosen[test]] != open_intent)


def _hold_outs(y: np.ndarray) -> Iterator[Split]:
    chosen = _some(y)
    classes, counts = np.unique(y[chosen], return_counts=True)
    classes = classes[counts >= 5]
    if len(classes) < 4:
        return
    chosen = chosen[np.isin(y[chosen], classes)]
    for repeat in range(2):
        shuffled = np.random.RandomState(repeat).permutation(classes)
        for fold in range(4):
            inside = ~np.isin(y[chosen], shuffled[fold::4])
            known, unknown = chosen[inside], chosen[~inside]
            splits = list(StratifiedKFold(5, shuffle=True, random_state=repeat).split(known, y[known]))
            train, test = known[splits[fold][0]], known[splits[fold][1]]
            is_known = np.r_[np.ones(len(test), bool), np.zeros(len(unknown), bool)]
            yield Split(train, np.r_[test, unknown], is_known)


def _some(y: np.ndarray) -> np.ndarray:
    """At most as many examples as holding out is done with, drawn at random."""
    return np.sort(np.random.RandomState(0).permutation(len(y))[:EXAMPLES])
