"""Vectors of questions for grouping them, remembered in memory only: they are derived from customers' words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import numpy as np

from knowledge.encoded import TextEncoder, Vectors
from knowledge.version import Version

REMEMBERED: Final = 6000
"""Texts; about 9 MB."""
ORDINARY: Final = 100
"""Titles of a language that stand for its ordinary questions."""
_LONGEST: Final = 2000
_AT_ONCE: Final = 16  # between two batches a customer's turn gets its text encoded


class QuestionVectors:
    """An encoder for many questions, each encoded once. Call it from a thread; calls wait for one another."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dimension), rows of length 1."""
        cut = [text.strip()[:_LONGEST] for text in texts]
        with self._lock:
            missing = [text for text in dict.fromkeys(cut) if text not in self._known]
            for start in range(0, len(missing), _AT_ONCE):
                part = missing[start : start + _AT_ONCE]
                self._known.update(zip(part, self._encoder.queries(part), strict=True))
            found = [self._known[text] for text in cut]
            for text in cut:
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return np.stack(found) if found else np.empty((0, self._encoder.dimension), np.float32)

    def ordinary(self, version: Version | None, language: str) -> Vectors:
        """Vectors of what is ordinarily asked in a language: titles of its articles, evenly over all of them."""
        part = version.parts.get(language) if version else None
        titles = [article.label for article in part.articles] if part else []
        step = max(1, len(titles) // ORDINARY)
        return self.of(titles[::step][:ORDINARY])
