"""Which passages hold which words, how often, and what BM25 makes of it: built for a version, partly from the last.

The weights are those of Lucene's BM25 (k1 1.5, b .75), the same as bm25s computes; that package can neither change an
index nor score a few passages alone, so each publication and each query would touch every passage.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.files import mapped, write_array

K1: Final = 1.5
B: Final = 0.75
MOST_COUNTED: Final = 65_535
KEY_BYTES: Final = 16

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Weights = NDArray[np.float32]


def word_key(stem: str) -> int:
    """A stem as 64 bits: a sorted array of numbers is searched where it lies, a dictionary must be loaded."""
    return int.from_bytes(hashlib.blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Postings:
    """For each word, in the order of `words`, the passages that hold it, ascending, with counts and weights.

    Those of word w are at `starts[w]` to `starts[w + 1]`. `greatest` is a word's greatest weight in any passage, and
    `keys` a hash of each passage's text, by which the next version finds what it needn't read again.
    """

    words: Words
    starts: Ints
    passages: NDArray[np.int32]
    counts: NDArray[np.uint16]
    weights: Weights
    greatest: Weights
    keys: NDArray[np.void]

    @classmethod
    def build(cls, texts: Sequence[str], stems: Callable[[str], list[str]], before: Postings | None = None) -> Postings:
        """Counts the words of each text, taking over from `before` the texts it has already."""
        digests = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=KEY_BYTES).digest() for text in texts]
        keys = np.frombuffer(b"".join(digests), f"V{KEY_BYTES}")
        moved = np.full(len(before.keys) if before else 0, -1, np.int64)  # old passage → new
        fresh = []
        known = {key: old for old, key in enumerate(_digests(before))}
        for place, digest in enumerate(digests):
            old = known.pop(digest, None)
            if old is None:
                fresh.append(place)
            else:
                moved[old] = place
        return _ordered(keys, _kept(before, moved), _counted(texts, fresh, stems))

    @classmethod
    def load(cls, folder: Path) -> Postings:
        return cls(**{name: mapped(folder / f"{name}.npy") for name in cls.__dataclass_fields__})

    def save(self, folder: Path) -> None:
        folder.mkdir()
        for name in self.__dataclass_fields__:
            write_array(folder / f"{name}.npy", getattr(self, name))

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class _Counts:
    """Words and, in any order, (word, passage, count): `word` numbers into `words`."""

    words: Words
    word: Ints
    passage: Ints
    count: NDArray[np.uint16]


def _digests(before: Postings | None) -> list[bytes]:
    return [key.tobytes() for key in before.keys] if before else []


def _kept(before: Postings | None, moved: Ints) -> _Counts:
    if before is None or not len(before):
        return _Counts(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint16))
    passage = moved[before.passages]
    kept = passage >= 0
    word = np.repeat(np.arange(len(before.words)), np.diff(before.starts))
    return _Counts(before.words, word[kept], passage[kept], before.counts[kept])


def _counted(texts: Sequence[str], places: Sequence[int], stems: Callable[[str], list[str]]) -> _Counts:
    number: dict[str, int] = {}
    word: list[int] = []
    passage: list[int] = []
    count: list[int] = []
    for place in places:
        found = Counter(stems(texts[place]))
        word += [number.setdefault(stem, len(number)) for stem in found]
        count += found.values()
        passage += [place] * len(found)
    # two stems of one key, were there ever any, would count as one word
    words, same = np.unique(np.array([word_key(stem) for stem in number], np.uint64), return_inverse=True)
    counts = np.minimum(np.array(count, np.int64), MOST_COUNTED).astype(np.uint16)
    return _Counts(words, same[np.array(word, np.int64)], np.array(passage, np.int64), counts)


def _ordered(keys: NDArray[np.void], kept: _Counts, fresh: _Counts) -> Postings:
    words = np.union1d(kept.words, fresh.words)
    word = np.concatenate(
        [np.searchsorted(words, one.words)[one.word] for one in (kept, fresh) if len(one.word)] or [np.empty(0, int)]
    )
    passage = np.concatenate([kept.passage, fresh.passage])
    count = np.concatenate([kept.count, fresh.count])
    order = np.argsort(word * len(keys) + passage)
    word, passage, count = word[order], passage[order], count[order]
    frequency = np.bincount(word, minlength=len(words))
    used = frequency > 0
    starts = np.concatenate([[0], np.cumsum(frequency[used])])
    weights = _weights(np.repeat(frequency, frequency), passage, count, len(keys))
    greatest = np.maximum.reduceat(weights, starts[:-1]) if len(weights) else weights
    return Postings(words[used], starts, passage.astype(np.int32), count, weights, greatest, keys)


def _weights(frequency: Ints, passage: Ints, count: NDArray[np.uint16], passages: int) -> Weights:
    """BM25 of each posting. `frequency` is, for each, how many passages hold its word."""
    if not len(count):
        return np.empty(0, np.float32)
    length = np.bincount(passage, weights=count, minlength=passages)
    brake = K1 * (1 - B + B * length / length.mean())
    rarity = np.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
    weights: Weights = (rarity * (count / (count + brake[passage]))).astype(np.float32)
    return weights
