"""Takes the language out of sentence vectors, so that examples in one language teach another.

An encoder puts a sentence and its translation near each other, but each language also has a place of its own, and a
text's nearest neighbours are first those of its language. From pairs of translations one learns, by ridge regression,
what translating does to a vector; every text is then moved half the way to its translation, where both meet. Which
language a text is in is told from its vector, so neither the training data nor the customer has to say it.
"""

from __future__ import annotations

from typing import Dict

import numpy as np

RIDGE = 0.1
SHARPNESS = 12.0  # of telling the language: a text a quarter of the way to its side counts as of it at .95


class Alignment:
    """Learnt from vectors (n, dim) of sentences in one language and of their translations."""

    def __init__(self, middle: np.ndarray, direction: np.ndarray, means: np.ndarray, moves: np.ndarray) -> None:
        self.middle, self.direction, self.means, self.moves = middle, direction, means, moves

    @classmethod
    def fit(cls, left: np.ndarray, right: np.ndarray) -> "Alignment":
        """Row i of `left` and of `right` are translations of each other."""
        means = np.stack([left.mean(0), right.mean(0)]).astype(np.float32)
        a, b = left - means[0], right - means[1]
        moves = np.stack([_ridge(a, b - a), _ridge(b, a - b)])
        within = a.T @ a + b.T @ b
        direction = np.linalg.solve(within + RIDGE * np.eye(within.shape[0]), means[0] - means[1])
        # scaled so that the two means lie at +1 and -1
        direction /= max(float((means[0] - means[1]) @ direction) / 2, 1e-9)
        return cls(means.mean(0), direction.astype(np.float32), means, moves.astype(np.float32))

    def apply(self, vectors: np.ndarray) -> np.ndarray:
        """The vectors, (n, dim), moved to where the languages meet."""
        said = (vectors - self.middle) @ self.direction
        left = 1 / (1 + np.exp(-np.clip(SHARPNESS * said, -30, 30)))[:, None] / 2
        right = 0.5 - left
        gap = self.means[1] - self.means[0]
        to_right = gap + (vectors - self.means[0]) @ self.moves[0]
        to_left = (vectors - self.means[1]) @ self.moves[1] - gap
        return np.asarray(vectors + left * to_right + right * to_left, np.float32)

    def arrays(self) -> Dict[str, np.ndarray]:
        """What __init__ takes, by name."""
        return {"middle": self.middle, "direction": self.direction, "means": self.means, "moves": self.moves}


def _ridge(rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
    gram = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
    return np.asarray(np.linalg.solve(gram, rows.T @ targets), np.float32)
