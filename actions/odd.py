"""Messages that no search can serve: signs without words, a bare link, another language."""

from __future__ import annotations

import re
from typing import Final

from knowledge import language

FEWEST_WORDS: Final = 3
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def odd(text: str, spoken: tuple[str, ...] = ("it", "en")) -> str | None:
    """The response to a message that holds no question, or None.

    >>> odd("🙃🙃"), odd("https://example.com/a"), odd("dov'è il mio ordine?")
    ('utter_no_words', 'utter_only_link', None)
    """
    if not any(character.isalnum() for character in text):
        return "utter_no_words"
    rest, links = _LINK.subn(" ", text)
    if links and len(rest.split()) < FEWEST_WORDS:
        return "utter_only_link"
    return "utter_languages" if foreign(text, spoken) else None


def foreign(text: str, spoken: tuple[str, ...] = ("it", "en")) -> bool:
    """Whether a message is surely in a language the assistant doesn't speak.

    >>> foreign("où est ma commande, s'il vous plaît ?"), foreign("nn mi arriva il pacco")
    (True, False)
    """
    letters = _LETTER.findall(text)
    if len(letters) >= FEWEST_WORDS and sum(1 for one in letters if _LATIN.match(one)) < len(letters) / 2:
        return True
    if len(_WORD.findall(text)) <= FEWEST_WORDS:
        return False
    return language.surely_none_of(text, spoken)
