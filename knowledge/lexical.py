"""Word search over the passages of one language: BM25 on stems."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_ITALIAN
from numpy.typing import NDArray

from knowledge.encoded import Vectors
from knowledge.postings import Ints, Postings, word_key

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
MANY: Final = 4_000  # passages; below it going through them costs less than finding out whether it is needed
LONGEST_QUERY: Final = 64  # words; a pasted page would otherwise cost more than the vector search


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


@dataclass(frozen=True)
class Wanted:
    """A word of a query: where it is held, ascending, with what weight, times how often the query says it."""

    passages: NDArray[np.int32]
    weights: Vectors
    greatest: float


class LexicalIndex:
    """How much of a query's wording each passage of one language holds, by BM25."""

    def __init__(self, lang: str, postings: Postings) -> None:
        self._stems = Stems(lang)
        self._postings = postings
        self._rarest = float(postings.greatest.max()) if len(postings.greatest) else 0.0

    @classmethod
    def build(cls, lang: str, texts: Sequence[str], before: Path | None = None) -> LexicalIndex:
        """Indexes one text per passage. `before` is the folder of an older index, whose texts aren't read again."""
        known = Postings.load(before) if before and before.exists() else None
        return cls(lang, Postings.build(texts, Stems(lang), known))

    @classmethod
    def load(cls, lang: str, folder: Path) -> LexicalIndex:
        return cls(lang, Postings.load(folder))

    def save(self, folder: Path) -> None:
        self._postings.save(folder)

    def __len__(self) -> int:
        return len(self._postings)

    def ask(self, query: str) -> Wording | None:
        """The query's words looked up; None when no passage holds any of them."""
        said = Counter(word_key(stem) for stem in self._stems(query[: LONGEST_QUERY * 12])[:LONGEST_QUERY])
        index = self._postings
        if not said or not len(index.words):
            return None
        keys = np.array(list(said), np.uint64)
        places = np.minimum(np.searchsorted(index.words, keys), len(index.words) - 1)
        bounds = zip(index.starts[places].tolist(), index.starts[places + 1].tolist(), strict=True)
        held, greatest = (index.words[places] == keys).tolist(), index.greatest[places].tolist()
        attainable, wanted = 0.0, []
        for times, known, (start, stop), most in zip(said.values(), held, bounds, greatest, strict=True):
            attainable += (most if known else self._rarest) * times
            if known:
                weights = index.weights[start:stop]
                wanted.append(
                    Wanted(index.passages[start:stop], weights * times if times > 1 else weights, most * times)
                )
        return Wording(wanted, attainable, len(index)) if wanted else None


class Wording:
    """A query's words in an index, for one thread. Scores go from 0 to 1.

    1 means that the passage scores as high as the query's words could score at best, so a query of mostly unknown
    words can't make much of the few it shares. BM25 itself has no such scale.
    """

    def __init__(self, wanted: Sequence[Wanted], attainable: float, passages: int) -> None:
        self._wanted = sorted(wanted, key=lambda one: -one.greatest)
        self._attainable, self._passages = np.float32(attainable), passages
        self._all: Vectors | None = None  # every passage's score, once it happens to be known

    def of(self, passages: NDArray[np.integer[Any]]) -> Vectors:
        """The scores of some passages."""
        if self._all is not None:
            known: Vectors = self._all[passages] / self._attainable
            return known
        passages = passages.astype(np.int32)  # as the postings: searching would otherwise convert all of them
        scores = np.zeros(len(passages), np.float32)
        for one in self._wanted:
            place = np.minimum(np.searchsorted(one.passages, passages), len(one.passages) - 1)
            scores += np.where(one.passages[place] == passages, one.weights[place], np.float32(0))
        return scores / self._attainable

    def best(self, count: int) -> Ints:
        """The passages that score highest, at most `count`, best first; only those that hold a word.

        Rare words are gone through first. Once what the others could add at most is less than what the best have,
        no passage without a rare word can be among them: common words are then looked up in a few passages instead
        of gone through in thousands.
        """
        scores = np.zeros(self._passages, np.float32)
        rest = sum(one.greatest for one in self._wanted)
        for done, one in enumerate(self._wanted):
            if len(one.passages) > MANY and done:
                candidates = np.concatenate([other.passages for other in self._wanted[:done]])
                reached = np.sort(scores[_likely(scores, candidates, count * done)])
                if len(reached) >= count and reached[-count] > rest:
                    candidates = np.unique(candidates[scores[candidates] >= reached[-count] - rest])
                    return _first(candidates, self.of(candidates), count)
            scores[one.passages] += one.weights
            rest -= one.greatest
        self._all = scores
        if self._passages > MANY:
            candidates = np.concatenate([one.passages for one in self._wanted])
            candidates = _likely(scores, candidates, count * len(self._wanted))
        else:
            candidates = np.flatnonzero(scores)
        return _first(candidates, scores[candidates], count)


def _likely(scores: Vectors, passages: NDArray[np.int32], few: int) -> NDArray[np.int32]:
    """Those of highest score, each once, of passages that are there once for each of their words."""
    if len(passages) > few:
        passages = passages[np.argpartition(scores[passages], -few)[-few:]]
    return np.unique(passages)


def _first(passages: NDArray[np.integer[Any]], scores: Vectors, count: int) -> Ints:
    return passages[np.lexsort((passages, -scores))[:count]].astype(np.int64)
