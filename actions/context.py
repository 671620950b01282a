"""Questions that lean on the one before: "e per la Svizzera?", "what if it's a gift?"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from actions.source import Knowledge
from knowledge.retriever import ANSWER_FROM, CLARIFY_FROM, SearchResult

# the previous question's share of the vector: enough to tell which returns are meant, too little to ask it again
SHARE: Final = 0.3
MOST_WORDS: Final = 9
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LEANS: Final = re.compile(
    r"^\W*(?:ed?|ma|o|oppure|invece|anche|se|per|and|but|or|also|what about|how about|what if|if|for)\b", re.IGNORECASE
)


def leans(text: str) -> bool:
    """Whether a message seems to go on from the one before: short, and begun by a word that joins.

    >>> leans("e per la Svizzera?"), leans("how do I return a book?")
    (True, False)
    """
    count = len(_WORD.findall(text))
    return count <= 2 or (count <= MOST_WORDS and _LEANS.match(text) is not None)


def search_in_context(
    knowledge: Knowledge, text: str, lang: str, topic: str | None, answered: str | None
) -> tuple[SearchResult, bool]:
    """The best matches, and whether the previous question `topic` was needed to find them.

    A question that stands alone, or that its own words answer, is never touched. Otherwise it is searched again with
    a share of the previous question in its vector, without the article `answered` just given, and what that finds is
    taken when its calibrated confidence is higher. It is at most asked back unless the message's own words point there.
    """
    alone = knowledge.search(text, lang)
    if alone.decision == "answer" or not topic or not leans(text):
        return alone, False
    own, before = (knowledge.base.encoder.queries([words])[0] for words in (text, topic))
    vector = (1 - SHARE) * own + SHARE * before
    found = knowledge.search(text, lang, vector=(vector / np.linalg.norm(vector)).astype(np.float32))
    matches = tuple(match for match in found.matches if match.article_id != answered)
    best_alone = max((match.confidence for match in alone.matches), default=0.0)
    if not matches or matches[0].confidence <= max(best_alone, CLARIFY_FROM):
        return alone, False
    points_there = alone.confidence >= CLARIFY_FROM and alone.matches[0].article_id == matches[0].article_id
    sure = points_there and matches[0].confidence >= ANSWER_FROM
    together = replace(
        found, decision="answer" if sure else "clarify", confidence=matches[0].confidence, matches=matches
    )
    return together, True
