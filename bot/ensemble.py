"""Intent ensemble: logistic regression and nearest neighbours on sentence vectors beside character n-grams.

Features are the vector, freed of its language (bot/alignment.py), minus the training mean, normalised, and 0.7 x
char_wb 2-5 TF-IDF. With P the probability of a class by multinomial logistic regression and K the mean of the three
largest similarities to its examples, a class scores P^0.5 K, and the highest wins. P alone is sure of what it has never
seen; K alone can't tell intents that lie close. Below a score chosen in bot/threshold.py nothing is recognised.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack, load_npz, save_npz
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.alignment import Alignment

TEXT_WEIGHT = 0.7
NEIGHBOURS = 3
STRENGTH = 20.0  # C of the regression: 10 to 30 do the same; 100 refuses less of what is unknown, and trains longer
MANY_EXAMPLES = 2000  # from here on n-grams that only one of them has teach nothing, and are half of all
ITERATIONS = 60  # more of them change no accuracy, and cost minutes


class Ensemble:
    """A trained intent model; `classes` are the intent names in the order of the score columns."""

    def __init__(
        self,
        classes: List[str],
        mean: np.ndarray,
        vectorizer: TfidfVectorizer,
        coefficients: np.ndarray,
        intercept: np.ndarray,
        vectors: np.ndarray,
        grams: csr_matrix,
        ends: np.ndarray,
        threshold: float = 0.0,
        alignment: Optional[Alignment] = None,
    ) -> None:
        self.classes, self.mean, self.vectorizer, self.threshold = classes, mean, vectorizer, threshold
        self.coefficients, self.intercept = coefficients, intercept
        self.vectors, self.grams, self.ends, self.alignment = vectors, grams, ends, alignment
        dim = mean.shape[0]
        self._dense, self._sparse = coefficients[:, :dim].T, np.ascontiguousarray(coefficients[:, dim:].T)
        starts = np.r_[0, ends[:-1]]
        self._by_class = [(vectors[start:end], grams[start:end]) for start, end in zip(starts, ends, strict=True)]
        self._analyse = vectorizer.build_analyzer()
        self._idf = np.asarray(vectorizer.idf_, np.float32)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        vectors: np.ndarray,
        labels: Sequence[str],
        strength: float = STRENGTH,
        iterations: int = ITERATIONS,
        alignment: Optional[Alignment] = None,
    ) -> "Ensemble":
        """Train on texts, their vectors (n, dim) and intent names; the threshold is left at 0."""
        order = np.argsort(np.asarray(labels), kind="stable")
        texts, y = [texts[i] for i in order], np.asarray(labels)[order]
        vectors = _aligned(np.asarray(vectors, np.float32)[order], alignment)
        mean = vectors.mean(0)
        dense = _normalise(vectors - mean)
        vectorizer = _vectorizer(min_df=1 if len(texts) < MANY_EXAMPLES else 2)
        grams = csr_matrix(vectorizer.fit_transform(texts) * TEXT_WEIGHT)
        classes, counts = np.unique(y, return_counts=True)
        coefficients, intercept = _logistic(hstack([csr_matrix(dense), grams]).tocsr(), y, strength, iterations)
        ends = np.cumsum(counts)
        return cls(
            list(map(str, classes)), mean, vectorizer, coefficients, intercept, dense, grams, ends, alignment=alignment
        )

    def scores(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Score of every class for every text, 0 to 1, (n, classes)."""
        dense = _normalise(_aligned(np.asarray(vectors, np.float32), self.alignment) - self.mean)
        grams = csr_matrix(self.vectorizer.transform(texts) * TEXT_WEIGHT)
        probability = softmax(dense @ self._dense + grams @ self._sparse + self.intercept, axis=1)
        similar = dense @ self.vectors.T + (grams @ self.grams.T).toarray()
        nearest = np.clip(self._nearest(similar / (1 + TEXT_WEIGHT**2)), 0.0, 1.0)
        return np.sqrt(probability) * nearest

    def best(self, text: str, vector: np.ndarray) -> List[Tuple[str, float]]:
        """The class that scores highest in `scores` and those that came near it, each with its score, best first.

        A class scores no more than P^0.5: from the likeliest on, examples are looked at until none can win any more,
        most often those of one class or two.
        """
        dense = _normalise(_aligned(np.asarray(vector, np.float32)[None], self.alignment) - self.mean)[0]
        terms, weights = self._grams(text)
        logits = dense @ self._dense + weights @ self._sparse[terms] + self.intercept
        most = np.sqrt(softmax(logits))
        by_term = np.zeros(self.grams.shape[1], np.float32)
        by_term[terms] = weights
        found: List[Tuple[str, float]] = []
        highest = 0.0
        for number in np.argsort(-most):
            if found and most[number] <= highest:
                break
            score = float(most[number] * self._nearest_of(number, dense, by_term))
            found.append((self.classes[number], score))
            highest = max(highest, score)
        return sorted(found, key=lambda one: -one[1])

    def _nearest_of(self, number: int, dense: np.ndarray, by_term: np.ndarray) -> float:
        """K of one class for one text."""
        vectors, grams = self._by_class[number]
        similar = (vectors @ dense + grams @ by_term) / (1 + TEXT_WEIGHT**2)
        if len(similar) > NEIGHBOURS:
            similar = np.partition(similar, -NEIGHBOURS)[-NEIGHBOURS:]
        return float(np.clip(similar.mean(), 0.0, 1.0))

    def _grams(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """The known n-grams of a text and their TF-IDF weights, as the vectorizer gives them."""
        known = self.vectorizer.vocabulary_
        counts: Dict[int, int] = {}
        for gram in self._analyse(text):
            term = known.get(gram)
            if term is not None:
                counts[term] = counts.get(term, 0) + 1
        terms = np.fromiter(counts.keys(), np.int64, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self._idf[terms]
        return terms, weights * (TEXT_WEIGHT / max(float(np.linalg.norm(weights)), 1e-9))

    def _nearest(self, similar: np.ndarray) -> np.ndarray:
        columns, start = [], 0
        for end in self.ends:
            block = similar[:, start:end]
            if end - start > NEIGHBOURS:
                block = np.partition(block, end - start - NEIGHBOURS, axis=1)[:, -NEIGHBOURS:]
            columns.append(block.mean(1))
            start = end
        return np.stack(columns, 1)

    def save(self, folder: Path) -> None:
        """Write arrays and JSON only, so that loading runs nothing."""
        arrays = {
            "mean": self.mean, "coefficients": self.coefficients, "intercept": self.intercept,
            "vectors": self.vectors, "ends": self.ends, "idf": self.vectorizer.idf_,
        }  # fmt: skip
        if self.alignment is not None:
            arrays.update({f"alignment_{name}": value for name, value in self.alignment.arrays().items()})
        np.savez(folder / "ensemble.npz", **{name: np.asarray(value) for name, value in arrays.items()})
        save_npz(folder / "grams.npz", self.grams)
        vocabulary = {term: int(column) for term, column in self.vectorizer.vocabulary_.items()}
        meta = {"classes": self.classes, "threshold": self.threshold, "vocabulary": vocabulary}
        (folder / "ensemble.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Ensemble":
        """Read what save wrote."""
        meta = json.loads((folder / "ensemble.json").read_text(encoding="utf-8"))
        with np.load(folder / "ensemble.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        vectorizer = _vectorizer(vocabulary=meta["vocabulary"])
        vectorizer.idf_ = arrays.pop("idf").astype(np.float32)
        grams = csr_matrix(load_npz(folder / "grams.npz"))
        stored = {name: arrays.pop(name) for name in list(arrays) if name.startswith("alignment_")}
        alignment = (
            Alignment(**{name[len("alignment_") :]: value for name, value in stored.items()}) if stored else None
        )
        return cls(
            meta["classes"],
            vectorizer=vectorizer,
            grams=grams,
            threshold=meta["threshold"],
            alignment=alignment,
            **arrays,
        )


def _vectorizer(**more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32, **more)


def _logistic(features: csr_matrix, y: np.ndarray, strength: float, iterations: int) -> Tuple[np.ndarray, np.ndarray]:
    classes = len(np.unique(y))
    if classes == 1:
        return np.zeros((1, features.shape[1]), np.float32), np.zeros(1, np.float32)
    model = LogisticRegression(C=strength, max_iter=iterations, tol=1e-3, multi_class="multinomial").fit(features, y)
    coefficients, intercept = model.coef_, model.intercept_
    if classes == 2:  # scikit-learn keeps one row for two classes
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.r_[-intercept, intercept]
    return coefficients.astype(np.float32), intercept.astype(np.float32)


def _aligned(vectors: np.ndarray, alignment: Optional[Alignment]) -> np.ndarray:
    return vectors if alignment is None else alignment.apply(vectors)


def _normalise(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
