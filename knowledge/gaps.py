"""Questions grouped by meaning: many wordings of one thing, in whatever language, are one gap.

Pure arithmetic on vectors. Each language's vectors are first centred by that language's own mean: that takes away what
all texts of a language share, which differs from encoder to encoder and keeps languages apart, so that one threshold
holds for several encoders and a group may speak two languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from knowledge.encoded import Vectors

SAME_MEANING: Final = 0.45
"""Mean similarity of two groups' centred questions from which they count as one.

Chosen among its neighbours on real rewordings, with two encoders, and on parallel questions in Italian and English:
`python -m bench gaps` shows what each would give, docs/benchmarks.md what it gave.
"""


def centred(vectors: Vectors, languages: Sequence[str], ordinary: Mapping[str, Vectors]) -> Vectors:
    """The vectors less the mean of their language, of length 1 again; (n, dimension) as given.

    `ordinary` holds vectors of ordinary questions of a language, so that few questions, or many about one thing, don't
    have their own subject taken away; a language that isn't in it is centred by the questions themselves.
    """
    moved = np.array(vectors, np.float32)
    spoken = np.array(languages)
    for language in dict.fromkeys(languages):
        chosen = spoken == language
        known = ordinary.get(language)
        moved[chosen] -= (known if known is not None and len(known) else vectors[chosen]).mean(axis=0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    moved /= np.maximum(lengths, 1e-6)
    return moved


def group(vectors: Vectors, threshold: float = SAME_MEANING) -> list[list[int]]:
    """Rows that mean the same, largest group first, in each group the most typical row first.

    Average linkage: groups are joined while the mean similarity of their rows is at least the threshold. Chains of
    nearest neighbours find the same groups as looking through all pairs each time, in n² steps instead of n³. Memory
    is n² numbers: a few thousand rows at most.
    """
    pairs = _Pairs(vectors)
    chain: list[int] = []
    while pairs.members:
        if not chain:
            chain.append(next(iter(pairs.members)))
        near, similarity = pairs.nearest(chain[-1])
        if similarity < threshold:
            # nothing can join it later either: the mean similarity of a union lies between those of its parts
            pairs.settle(chain.pop())
        elif len(chain) > 1 and pairs.similar[chain[-1], chain[-2]] >= similarity:
            pairs.join(chain.pop(), chain.pop())
        else:
            chain.append(near)
    found = [_typical_first(rows, vectors) for rows in pairs.settled]
    return sorted(found, key=lambda rows: (-len(rows), rows[0]))


class _Pairs:
    """The groups still open and how similar each two are on the mean."""

    def __init__(self, vectors: Vectors) -> None:
        self.similar = vectors @ vectors.T
        np.fill_diagonal(self.similar, -np.inf)
        self.members = {row: [row] for row in range(len(vectors))}
        self.settled: list[list[int]] = []

    def nearest(self, one: int) -> tuple[int, float]:
        near = int(self.similar[one].argmax())
        return near, float(self.similar[one, near])

    def join(self, one: int, other: int) -> None:
        """Puts the first group into the second."""
        sizes = len(self.members[one]), len(self.members[other])
        mean = (sizes[0] * self.similar[one] + sizes[1] * self.similar[other]) / sum(sizes)
        self.similar[other], self.similar[:, other] = mean, mean
        self.similar[other, other] = -np.inf
        self.members[other] += self.members.pop(one)
        self._forget(one)

    def settle(self, one: int) -> None:
        self.settled.append(sorted(self.members.pop(one)))
        self._forget(one)

    def _forget(self, one: int) -> None:
        self.similar[one], self.similar[:, one] = -np.inf, -np.inf


def _typical_first(rows: list[int], vectors: Vectors) -> list[int]:
    """The rows by similarity to their own mean."""
    closeness = vectors[rows] @ vectors[rows].mean(axis=0)
    return [rows[place] for place in np.argsort(-closeness, kind="stable")]
