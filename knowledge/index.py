"""The vectors of one language and their search: the only file that imports FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encoded import Vectors

# queries arrive from several threads already; FAISS opening its own for each makes all of them slower
faiss.omp_set_num_threads(1)


class DenseIndex:
    """Exact inner-product search over rows of vectors. Immutable once built, so safe from any thread."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Vectors, count: int) -> tuple[Vectors, NDArray[np.int64]]:
        """The best rows for each query, best first: scores and row numbers, both (queries, min(count, rows))."""
        return self._index.search(queries, min(count, len(self)))

    def rows(self, start: int, stop: int) -> Vectors:
        """The vectors of a range of rows."""
        return self._index.reconstruct_n(start, stop - start)  # type: ignore[no-any-return]
