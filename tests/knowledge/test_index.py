from __future__ import annotations

import numpy as np
import pytest

from knowledge import index as module
from knowledge.index import DenseIndex


def clustered(count: int, seed: int = 0, dimension: int = 32, topics: int = 60) -> np.ndarray:
    """Vectors that lie together by topic, around a common direction, as those of sentences do."""
    centres = np.random.default_rng(7).standard_normal((topics, dimension)).astype(np.float32)
    draw = np.random.default_rng(seed)
    vectors = 1 + centres[draw.integers(0, topics, count)] + 0.4 * draw.standard_normal((count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(module, "EXACT_UP_TO", 3000)


def test_a_small_index_compares_every_row(small):
    vectors = clustered(3000)
    index = DenseIndex.build(vectors, lambda count: clustered(count, 1))
    assert (index.kind, index.recall) == ("exact", None)
    scores, rows = index.search(vectors[5:6], 3)
    assert rows[0][0] == 5
    assert np.allclose(scores[0], vectors[rows[0]] @ vectors[5], atol=1e-6)


def test_a_large_index_looks_into_some_lists_and_finds_nearly_all(small):
    vectors, queries = clustered(8000), clustered(200, 2)
    index = DenseIndex.build(vectors, lambda count: clustered(count, 1))
    assert index.kind.startswith("approximate")
    assert index.recall >= module.LEAST_RECALL
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    found = index.search(queries, 10)[1]
    shared = np.mean([len(np.intersect1d(one, other)) / 10 for one, other in zip(best, found, strict=True)])
    assert shared >= 0.98  # on other queries than it was measured with


def test_where_too_little_is_found_every_row_is_compared(small):
    noise = np.random.default_rng(0).standard_normal((6000, 64)).astype(np.float32)
    asked = np.random.default_rng(1).standard_normal((300, 64)).astype(np.float32)
    index = DenseIndex.build(noise, lambda count: asked[:count])
    assert (index.kind, index.recall) == ("exact", None)


@pytest.mark.parametrize("count", [500, 8000])
def test_an_index_survives_being_read_back(small, tmp_path, count):
    vectors = clustered(count)
    index = DenseIndex.build(vectors, lambda count: clustered(count, 1))
    index.save(tmp_path / "dense.faiss")
    read = DenseIndex.load(tmp_path / "dense.faiss", index.recall)
    assert (len(read), read.kind, read.recall) == (count, index.kind, index.recall)
    assert np.array_equal(read.search(vectors[:9], 5)[1], index.search(vectors[:9], 5)[1])
    assert np.allclose(read.rows(np.arange(7, 12)), vectors[7:12], atol=1e-3)


def test_an_index_is_the_same_whenever_it_is_built(small):
    vectors = clustered(8000)
    one, other = (DenseIndex.build(vectors, lambda count: clustered(count, 1)) for _ in range(2))
    assert np.array_equal(one.search(vectors[:20], 10)[1], other.search(vectors[:20], 10)[1])
