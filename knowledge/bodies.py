"""The vectors that stand for what articles say: a passage's own, or for a long one the means with each of its details.

A long text's vector says what it is about, a detail's what it says there; either alone finds less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Passage
from knowledge.encoded import EncodedTexts, Places, Say, TextEncoder, Vectors

Ints = NDArray[np.int64]
NO_DETAIL = -1


@dataclass(frozen=True)
class Bodies:
    """One row for each detail of a passage, or for a passage without any, in the order of the passages.

    `passage` is the passage of each row; `whole` and `detail` say where in the table their vectors are.
    """

    passage: Ints
    whole: Places
    detail: Places

    @classmethod
    def of(
        cls, passages: Sequence[Passage], texts: EncodedTexts, encoder: TextEncoder, workers: int, say: Say
    ) -> Bodies:
        """Encodes what `texts` doesn't know yet."""
        whole = texts.places((passage.content for passage in passages), encoder, workers, say)
        found = [passage.details for passage in passages]
        each = np.array([len(some) for some in found], np.int64)
        passage = np.repeat(np.arange(len(passages)), np.maximum(each, 1))
        detail = np.full(len(passage), NO_DETAIL, np.int64)
        detail[each[passage] > 0] = texts.places((one for some in found for one in some), encoder, workers, say)
        return cls(passage, whole[passage], detail)

    def __len__(self) -> int:
        return len(self.passage)

    def vectors(self, texts: EncodedTexts, rows: Ints | slice) -> Vectors:
        """The vectors of some rows, float32 (rows, dimension)."""
        found, detail = texts.at(self.whole[rows]), self.detail[rows]
        some = np.flatnonzero(detail != NO_DETAIL)
        if len(some):
            found[some] = (found[some] + texts.at(detail[some])) / 2
        return found
