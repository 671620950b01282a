"""Which language a customer is answered in: told from each message, kept for "ok" and "no", changed on request."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final

from desk import catalogue
from knowledge import language

ASKED: Final = "language_asked"
_WORD: Final = re.compile(r"[^\W\d_]+")


def spoken(text: str, current: str, languages: Collection[str], facts: dict[str, Any]) -> str:
    """The language of the reply to this message.

    A language the customer asked for stays while they write in another one, and until they have written in it.
    """
    told = _greeting(text, languages) or language.detect(text, current, languages)
    asked = facts.get(ASKED)
    if asked is None:
        return told
    if told == asked and language.detect(text, "?", languages) == asked:
        facts.pop(ASKED)
    return str(asked)


def _greeting(text: str, languages: Collection[str]) -> str | None:
    """The language of a message of a word or two that exist in one language only, such as "hello"."""
    words = {word.casefold() for word in _WORD.findall(text[:80])}
    found = [lang for lang in sorted(languages) if words and words <= _unmistakable(lang)]
    return found[0] if len(found) == 1 else None


@cache
def _unmistakable(lang: str) -> frozenset[str]:
    return frozenset(catalogue.text(lang, "language.unmistakable").split())
