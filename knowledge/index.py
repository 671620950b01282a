"""The vectors of one language and their search: the only file that imports FAISS."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encoded import Vectors
from knowledge.files import create

EXACT_UP_TO: Final = 20_000  # rows; comparing with every one takes a third of what encoding the query does
LEAST_RECALL: Final = 0.99
COMPARED: Final = 10  # results of a query that recall is measured on
SAMPLED_QUERIES: Final = 300
SAMPLE_PER_LIST: Final = 64  # rows the centres are learnt from
LEARNING_ROUNDS: Final = 8
MOST_LISTS_LOOKED_INTO: Final = 4  # as a divisor: beyond a quarter of the lists the approximate index gains little

# queries arrive from several threads already; FAISS opening its own for each makes all of them slower
faiss.omp_set_num_threads(1)


class DenseIndex:
    """Inner-product search over rows of vectors. Immutable once built, so safe from any thread.

    Up to EXACT_UP_TO rows every row is compared. Beyond, rows are kept in half precision in lists around learnt
    centres, and the nearest lists are looked into: as many as a sample of queries needs to find LEAST_RECALL of what
    comparing every row finds. Where a quarter of the lists isn't enough, every row is compared all the same.
    """

    def __init__(self, index: faiss.Index, recall: float | None = None) -> None:
        self._index = index
        self.recall = recall

    @classmethod
    def build(cls, vectors: Vectors, sample: Callable[[int], Vectors] | None = None, threads: int = 1) -> DenseIndex:
        """`sample` gives about so many query vectors to measure recall with; without it the search is exact."""
        vectors = np.ascontiguousarray(vectors)
        if len(vectors) > EXACT_UP_TO and sample is not None:
            faiss.omp_set_num_threads(threads)
            try:
                index = _lists(vectors)
                recall = _look_into_enough(index, vectors, np.ascontiguousarray(sample(SAMPLED_QUERIES)))
            finally:
                faiss.omp_set_num_threads(1)
            if recall is not None:
                return cls(index, recall)
        exact = faiss.IndexFlatIP(vectors.shape[1])
        exact.add(vectors)
        return cls(exact)

    @classmethod
    def load(cls, path: Path, recall: float | None = None) -> DenseIndex:
        """Maps the file into memory, where processes share it."""
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if isinstance(index, faiss.IndexIVF):
            index.make_direct_map()  # where each row is, for `rows`
        return cls(index, recall)

    def save(self, path: Path) -> None:
        with create(path) as file:
            writer: Any = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined]  # its stubs lack it
            faiss.write_index(self._index, writer)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """How it searches, for the manifest."""
        if isinstance(self._index, faiss.IndexIVF):
            return f"approximate: {self._index.nprobe} of {self._index.nlist} lists"
        return "exact"

    def search(self, queries: Vectors, count: int) -> tuple[Vectors, NDArray[np.int64]]:
        """The best rows for each query, best first: scores and row numbers, both (queries, min(count, rows)).

        Where the lists looked into hold fewer rows, the row numbers end in -1.
        """
        return self._index.search(queries, min(count, len(self)))

    def rows(self, numbers: NDArray[np.int64]) -> Vectors:
        """The vectors of some rows."""
        return self._index.reconstruct_batch(numbers)  # type: ignore[no-any-return]


def _lists(vectors: Vectors) -> Any:
    count = 2 * math.isqrt(len(vectors))
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{count},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid = LEARNING_ROUNDS, SAMPLE_PER_LIST
    chosen = np.random.default_rng(0).choice(len(vectors), min(len(vectors), SAMPLE_PER_LIST * count), replace=False)
    index.train(vectors[np.sort(chosen)])
    index.add(vectors)
    return index


def _look_into_enough(index: Any, vectors: Vectors, queries: Vectors) -> float | None:
    """Sets how many lists are looked into and returns the recall measured, or None when it stays too low."""
    best = faiss.knn(queries, vectors, COMPARED, metric=faiss.METRIC_INNER_PRODUCT)[1]
    index.nprobe = 8
    while index.nprobe * MOST_LISTS_LOOKED_INTO <= index.nlist:
        found = index.search(queries, COMPARED)[1]
        shares = np.array([len(np.intersect1d(one, other)) / COMPARED for one, other in zip(best, found, strict=True)])
        # a sample this small may flatter: what counts is what it shows at the least
        if shares.mean() - shares.std() / math.sqrt(len(shares)) >= LEAST_RECALL:
            return round(float(shares.mean()), 4)
        index.nprobe = math.ceil(index.nprobe * 1.5)
    return None
