"""Several questions in one message: told apart, so that none is passed over."""

from __future__ import annotations

import re
from typing import Final

MOST: Final = 3
FEWEST_WORDS: Final = 2
_ASKS: Final = (
    r"(?:come|quando|quanto|quanti|quanta|quante|dove|dov['’]è|perché|chi|quale?|quali|cosa|che|posso|potete|può|"
    r"si può|avete|fate|spedite|vendete|accettate|è possibile|"
    r"how|when|where|what|which|why|who|can|could|do|does|is|are|will)"
)
_PARTS: Final = re.compile(
    rf"(?<=[?!.;])\s+|\n+|\s+(?:e poi|e anche|inoltre|and also|and then|plus)\b\s*|,?\s+(?:e|and)\s+(?={_ASKS}\b)",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(rf"^\W*(?:(?:e|ed|ma|and|but|also|poi)\s+)?{_ASKS}\b", re.IGNORECASE)


def questions_in(text: str) -> list[str]:
    """The questions of a message in their order, at most three; fewer than two when it is one, whatever its length.

    >>> questions_in("Quanto costa la spedizione? E fate pacchetti regalo?")
    ['Quanto costa la spedizione?', 'E fate pacchetti regalo?']
    """
    parts = [part.strip() for part in _PARTS.split(text[:2000]) if part and part.strip()]
    asked = [part for part in parts if _is_question(part)]
    return asked if 2 <= len(asked) <= MOST else []


def _is_question(part: str) -> bool:
    return len(part.split()) >= FEWEST_WORDS and (part.endswith("?") or _QUESTION.match(part) is not None)
