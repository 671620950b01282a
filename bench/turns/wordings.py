"""What customers say: the wordings of the articles as they stand, then with small variations, each text once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from typing import Final

from knowledge.article import Article

AROUND: Final = {
    "it": (
        ("", "Buongiorno, ", "Salve, ", "Scusi, ", "Una domanda: ", "Senta, ", "Buonasera! ", "Mi scusi, "),
        ("", " grazie", " per favore", ", è urgente", " - ordine {number}", " (lo chiedo per un regalo)"),
    ),
    "en": (
        ("", "Good morning, ", "Hi, ", "Excuse me, ", "One question: ", "Hello there, ", "Sorry, ", "Dear all, "),
        ("", " thanks", " please", ", it's urgent", " - order {number}", " (asking for a present)"),
    ),
}


def fresh(articles: Sequence[Article], seed: int = 7) -> Iterator[str]:
    """About 50,000 texts in a fixed order, no two alike; articles and languages mixed."""
    chance = random.Random(seed)
    wordings = [(article.lang, question) for article in articles for question in article.questions]
    said: set[str] = set()
    plain, *varied = product(range(8), range(6))
    chance.shuffle(varied)
    for opening, closing in (plain, *varied):
        chance.shuffle(wordings)
        for lang, wording in wordings:
            before, after = AROUND[lang]
            text = before[opening] + wording + after[closing].format(number=chance.randrange(10_000, 99_999))
            if text not in said:
                said.add(text)
                yield text


def repeated(articles: Sequence[Article], count: int = 20) -> Iterator[str]:
    """The same few questions again and again."""
    return cycle(islice(fresh(articles), count))
