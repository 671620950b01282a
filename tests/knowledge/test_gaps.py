from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import knowledge
from knowledge.encoded import Vectors
from knowledge.encoder import Encoder
from knowledge.gaps import SAME_MEANING, centred, group
from knowledge.readers import read

ARTICLES = Path(knowledge.__file__).with_name("articles")


def rows(seed: int, count: int, dimension: int = 4) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def plainly(vectors: Vectors, threshold: float) -> list[list[int]]:
    """Average linkage as it is defined: the most similar pair of groups joins, again and again."""
    groups = [[row] for row in range(len(vectors))]
    similar = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    while len(groups) > 1:
        pairs = [(similar[np.ix_(groups[a], groups[b])].mean(), a, b) for a, b in combinations(range(len(groups)), 2)]
        best, one, other = max(pairs)
        if best < threshold:
            break
        groups[one] += groups.pop(other)
    return groups


def as_sets(groups: Sequence[Sequence[int]]) -> set[frozenset[int]]:
    return {frozenset(one) for one in groups}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 25), st.sampled_from((-0.2, 0.1, 0.3, SAME_MEANING, 0.8)))
def test_chains_find_what_looking_at_all_pairs_finds(seed: int, count: int, threshold: float) -> None:
    vectors = rows(seed, count)
    assert as_sets(group(vectors, threshold)) == as_sets(plainly(vectors, threshold))


def test_nothing_asked_is_no_group() -> None:
    assert group(np.empty((0, 4), np.float32)) == []


def test_groups_come_largest_first_and_each_with_its_most_typical_row_first() -> None:
    east, north = np.eye(4, dtype=np.float32)[:2]
    between = np.array([0.9, 0.1, 0, 0], np.float32)
    vectors = np.stack([north, between, east, east])
    found = group(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 0.6)
    assert found == [[2, 3, 1], [0]]


def test_what_all_questions_of_a_language_share_is_taken_away() -> None:
    vectors = rows(1, 6)
    shifted = vectors + np.array([5, 0, 0, 0], np.float32)  # as if another language, far away
    both = np.concatenate([vectors, shifted])
    found = centred(both, ["it"] * 6 + ["en"] * 6, {"it": vectors, "en": shifted})
    assert np.allclose(found[:6], found[6:], atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_language_without_ordinary_questions_is_centred_by_itself_and_a_lone_question_survives() -> None:
    vectors = rows(2, 3)
    assert np.isfinite(centred(vectors, ["it", "it", "fr"], {})).all()


@pytest.mark.encoder
def test_a_question_and_its_translation_are_one_gap(encoder_folder: Path) -> None:
    """Titles of the help centre in both languages, half of them grouped, half giving the ordinary questions."""
    encoder = Encoder.load(encoder_folder)
    articles = sorted(read(ARTICLES).articles, key=lambda one: (one.id, one.lang))
    ids = sorted({one.id for one in articles})
    asked = [one for one in articles if one.id in ids[::2]]
    ordinary = {
        lang: encoder.queries([one.title for one in articles if one.lang == lang and one.id in ids[1::2]])
        for lang in ("it", "en")
    }
    found = group(centred(encoder.queries([one.title for one in asked]), [one.lang for one in asked], ordinary))
    members = [Counter(asked[row].id for row in rows) for rows in found]
    together = sum(count == 2 for one in members for count in one.values())
    purity = sum(one.most_common(1)[0][1] for one in members) / len(asked)
    assert together / len(ids[::2]) > 0.7
    assert purity > 0.8
