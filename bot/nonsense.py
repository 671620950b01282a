"""Texts that mean nothing, in the letters of the examples: whoever types them wants none of the intents."""

from __future__ import annotations

import random
from typing import List, Sequence

COUNT = 300
MOST_WORDS = 4
SEED = 0


def nonsense(texts: Sequence[str], count: int = COUNT) -> List[str]:
    """`count` texts of one to four words, each as long as some word of the texts, of letters as frequent as theirs."""
    draw = random.Random(SEED)
    words = [word for text in texts for word in text.casefold().split()]
    letters = "".join(words)
    return [
        " ".join("".join(draw.choice(letters) for _ in draw.choice(words)) for _ in range(draw.randint(1, MOST_WORDS)))
        for _ in range(count)
    ]
