"""Why a line was refused, in the reader's language: the record says it in English, the catalogues say it again."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from desk import catalogue

_RECORDS: Final = "en"
"""What the record speaks."""
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def said(language: str, why: str) -> str:
    """A refusal in a language; as the record put it, when no catalogue knows it.

    >>> said("it", "12 is above the denominator, 10")
    '12 supera il denominatore, 10'
    """
    for key, pattern in _patterns():
        if found := pattern.fullmatch(why):
            return catalogue.text(language, key, **found.groupdict())
    return why


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English texts as patterns, the longest first: they say the most."""
    texts = {key: catalogue.text(_RECORDS, key) for key in catalogue.keys(_RECORDS) if key.startswith("refusals.")}
    ordered = sorted(texts.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple((key, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(text)), re.DOTALL)) for key, text in ordered)
