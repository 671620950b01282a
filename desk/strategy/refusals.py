"""Why the record refused something, in the reader's language: it says so in English, the catalogues say it again.

The table `refusals` knows what is said of lines of an import, `questions` what is said of a question.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from desk import catalogue

_RECORDS: Final = "en"
"""What the record speaks."""
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def said(language: str, why: str, table: str = "refusals") -> str:
    """A refusal in a language; as the record put it, when the catalogues' table doesn't know it.

    >>> said("it", "12 is above the denominator, 10")
    '12 supera il denominatore, 10'
    """
    for key, pattern in _patterns(table):
        if found := pattern.fullmatch(why):
            return catalogue.text(language, key, **found.groupdict())
    return why


@cache
def _patterns(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English texts as patterns, the longest first: they say the most."""
    texts = {key: catalogue.text(_RECORDS, key) for key in catalogue.keys(_RECORDS) if key.startswith(f"{table}.")}
    ordered = sorted(texts.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple((key, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(text)), re.DOTALL)) for key, text in ordered)
