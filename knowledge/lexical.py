"""Word search over the passages of one language: BM25 on stems."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_ITALIAN

from knowledge.encoded import Vectors

WORDS: Final = re.compile(r"\w+")
ALGORITHMS: Final = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
    "tr": "turkish",
}
STOPWORDS: Final = {"en": frozenset(STOPWORDS_EN), "it": frozenset(STOPWORDS_ITALIAN)}
LONGEST_QUERY: Final = 64  # words; a pasted page would otherwise cost more than the vector search

logging.getLogger("bm25s").setLevel(logging.WARNING)


class Stems:
    """Cuts a text of one language into stems, without stop words."""

    def __init__(self, lang: str) -> None:
        lang = lang.split("-")[0]
        self._stop = STOPWORDS.get(lang, frozenset())
        self._stemmer = Stemmer.Stemmer(ALGORITHMS[lang]) if lang in ALGORITHMS else None
        self._lock = threading.Lock()  # PyStemmer keeps a cache that isn't safe to share

    def __call__(self, text: str) -> list[str]:
        words = [word for word in WORDS.findall(text.lower()) if word not in self._stop]
        if self._stemmer is None:
            return words
        with self._lock:
            return self._stemmer.stemWords(words)  # type: ignore[no-any-return]


class LexicalIndex:
    """How much of a query's wording each passage of one language holds, by BM25."""

    def __init__(self, lang: str, scorer: Any) -> None:
        self._stems = Stems(lang)
        self._scorer = scorer
        self._greatest = _greatest_weights(scorer)

    @classmethod
    def build(cls, lang: str, texts: Sequence[str]) -> LexicalIndex:
        stems = Stems(lang)
        corpus = [stems(text) for text in texts]
        if not any(corpus):
            return cls(lang, None)
        scorer = bm25s.BM25()
        scorer.index(corpus, show_progress=False)
        return cls(lang, scorer)

    @classmethod
    def load(cls, lang: str, folder: Path) -> LexicalIndex:
        return cls(lang, bm25s.BM25.load(folder, show_progress=False) if folder.exists() else None)

    def save(self, folder: Path) -> None:
        if self._scorer is not None:
            self._scorer.save(folder, show_progress=False)

    def scores(self, query: str) -> Vectors | None:
        """A score from 0 to 1 for each passage, or None when no passage holds any word of the query.

        1 means that the passage scores as high as the query's words could score at best, so a query of mostly unknown
        words can't make much of the few it shares. BM25 itself has no such scale.
        """
        if self._scorer is None:
            return None
        stems = self._stems(query[: LONGEST_QUERY * 12])[:LONGEST_QUERY]
        known = self._scorer.get_tokens_ids(stems)
        if not known:
            return None
        unknown = len(stems) - len(known)
        attainable = float(self._greatest[known].sum() + unknown * self._greatest.max())
        scores: Vectors = np.asarray(self._scorer.get_scores_from_ids(known), np.float32) / attainable
        return scores


def _greatest_weights(scorer: Any) -> Vectors:
    """The greatest weight of each word in any passage."""
    if scorer is None:
        return np.zeros(0, np.float32)
    weights, starts = scorer.scores["data"], scorer.scores["indptr"][:-1]
    greatest: Vectors = np.maximum.reduceat(np.append(weights, np.float32(0)), np.minimum(starts, len(weights)))
    return greatest
