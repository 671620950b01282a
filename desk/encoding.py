"""The encoder off the event loop; each text is encoded once per turn, for reading and retrieval alike."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.encoded import TextEncoder
from knowledge.retriever import Retriever, SearchResult

Vectors = NDArray[np.float32]
REMEMBERED: Final = 1024  # queries; 1.5 MB of vectors


class RecentQueries:
    """An encoder that remembers the latest queries: a turn's search finds the vector its reading was made from."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.identity, self.dimension = encoder.identity, encoder.dimension

    def queries(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's own: float32 (n, dimension), rows of length 1."""
        if len(texts) != 1:
            return self._encoder.queries(texts)
        known = self.known(texts[0])
        if known is not None:
            return known
        text = texts[0].strip()
        vectors = self._encoder.queries([text])
        with self._lock:
            self._recent[text] = vectors
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        return vectors

    def known(self, text: str) -> Vectors | None:
        """The vector of a text asked for lately, (1, dimension)."""
        text = text.strip()
        with self._lock:
            found = self._recent.get(text)
            if found is not None:
                self._recent.move_to_end(text)
            return found

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        return self._encoder.passages(texts, workers)


class Encoding:
    """One thread that encodes; onnxruntime leaves Python's lock while it works, so the event loop goes on."""

    def __init__(self, encoder: RecentQueries, retriever: Retriever) -> None:
        self._encoder, self._retriever = encoder, retriever
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encode")

    async def vector(self, text: str) -> Vectors:
        """The query vector of one text, float32 (dimension,)."""
        found = self._encoder.known(text)  # in most turns it was encoded while the message was being stored
        if found is None:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._encoder.queries, [text])
        return found[0]  # type: ignore[no-any-return]

    async def search(self, query: str, language: str | None, k: int = 5) -> SearchResult:
        """The k best articles for a question."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._retriever.search(query, language, k)
        )

    def close(self) -> None:
        self._thread.shutdown()
