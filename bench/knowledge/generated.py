"""Articles and vectors by the hundred thousand, shaped like real ones where the shape costs time.

Words are as unevenly frequent as in a real language. Vectors lie around a common direction, in topics, and vary much
along few directions and little along many, as those of a sentence encoder do: on evenly spread noise an approximate
index can't work, and on well separated clusters it can't fail.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.encoded import Vectors

DIMENSION: Final = 384
WORDS: Final = 60_000
TITLE, BODY = 8, 45  # words
TOPICS: Final = 500
POOL: Final = 1 << 14
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


class GeneratedEncoder:
    """Gives texts vectors that depend on their first line: title and article lie close, and share the title's topic."""

    identity = "generated@1"
    dimension = DIMENSION

    def __init__(self) -> None:
        draw = np.random.default_rng(0)
        spectrum = np.arange(1, DIMENSION + 1, dtype=np.float32) ** -0.5
        spectrum /= np.linalg.norm(spectrum)

        def drawn(count: int) -> Vectors:
            return draw.standard_normal((count, DIMENSION), dtype=np.float32) * spectrum

        common = draw.standard_normal(DIMENSION).astype(np.float32)
        self._common = 1.6 * common / np.linalg.norm(common)
        self._topics, self._own, self._wordings = 0.5 * drawn(TOPICS), 0.42 * drawn(POOL), 0.1 * drawn(POOL)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.passages([f"{text}\n?" for text in texts])

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        first = np.array([zlib.crc32(text.split("\n", 1)[0].encode()) for text in texts], np.int64)
        whole = np.array([zlib.crc32(text.encode()) for text in texts], np.int64)
        # two draws added are as good as new ones, and there are 2^28 such pairs
        vectors = self._common + self._topics[first % TOPICS]
        vectors += self._own[(first >> 4) % POOL] + self._own[(first >> 18) % POOL]
        vectors += self._wordings[(whole >> 4) % POOL] + self._wordings[(whole >> 18) % POOL]
        found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return found


def articles(count: int, seed: int = 0) -> Iterator[Article]:
    """Articles of one short passage each."""
    draw = np.random.default_rng(seed)
    words = _words()
    chances = 1 / (np.arange(WORDS) + 5.0)
    chances /= chances.sum()
    for start in range(0, count, 10_000):
        chosen = words[draw.choice(WORDS, (min(10_000, count - start), TITLE + BODY), p=chances)].tolist()
        for number, said in enumerate(chosen, start=start):
            yield Article(f"a{number:07d}", "en", " ".join(said[:TITLE]), " ".join(said[TITLE:]))


def asked(titles: Sequence[str], seed: int) -> list[str]:
    """Each title as a customer might put it: some words missing, some others there."""
    draw = np.random.default_rng(seed)
    words = _words()
    questions = []
    for title in titles:
        kept = [word for word in title.split() if draw.random() < 0.7]
        questions.append(" ".join([*kept, *words[draw.integers(0, 2_000, 2)].tolist()]))
    return questions


def sentences(folder: Path) -> list[str]:
    """The sentences of the demonstration's English articles, for texts that cost what real ones cost to encode."""
    found = []
    for path in sorted(folder.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---", 2)[-1]
        found += [one.strip() for one in SENTENCE.split(body) if len(one.strip()) > 20]
    return found


def written(folder: Path, count: int, seed: int) -> list[Article]:
    """Articles put together from the demonstration's sentences, no two alike."""
    draw = np.random.default_rng(seed)
    pool = sentences(folder)
    made = []
    for number in range(count):
        said = [pool[place] for place in draw.integers(0, len(pool), 7)]
        made.append(Article(f"a{seed}-{number:05d}", "en", f"{said[0]} ({seed}, {number})", " ".join(said[1:])))
    return made


def published(folder: Path, size: int) -> KnowledgeBase:
    """A knowledge base of generated articles, built into the folder unless it is there from an earlier run."""
    base = KnowledgeBase(folder, GeneratedEncoder())
    if base.current_name() is None:
        base.publish(articles(size), source="generated")
    return base


def _words() -> np.ndarray:
    draw = np.random.default_rng(1)
    syllables = np.array([a + b for a in "bcdfglmnprstvz" for b in "aeiou"])
    return np.array(
        ["".join(syllables[draw.integers(0, len(syllables), 2 + n % 3)]) + str(n % 7) for n in range(WORDS)]
    )
