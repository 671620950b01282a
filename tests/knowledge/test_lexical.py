from __future__ import annotations

import random

import bm25s
import numpy as np
import pytest

from knowledge import lexical
from knowledge.lexical import LexicalIndex, Stems
from knowledge.postings import Postings


def texts(count: int, seed: int = 1) -> list[str]:
    """Texts of words as frequent as in a real language: few in many, many in few."""
    draw = random.Random(seed)
    words = [f"word{number}" for number in range(300)]
    rank = [1 / (number + 1) for number in range(300)]
    return [" ".join(draw.choices(words, rank, k=draw.randint(3, 40))) for _ in range(count)]


def scores(index: LexicalIndex, query: str) -> np.ndarray:
    """The score of every passage."""
    wording = index.ask(query)
    assert wording is not None
    return wording.of(np.arange(len(index)))


def expected(corpus: list[str], query: str) -> np.ndarray:
    """What bm25s, another program, gives each text, on the scale of what the query could attain."""
    stems = Stems("en")
    scorer = bm25s.BM25()
    scorer.index([stems(text) for text in corpus], show_progress=False)
    asked = stems(query)
    known = scorer.get_tokens_ids(asked)
    weights, starts = scorer.scores["data"], scorer.scores["indptr"]
    greatest = np.array([weights[a:b].max() if b > a else 0 for a, b in zip(starts, starts[1:], strict=False)])
    attainable = greatest[known].sum() + (len(asked) - len(known)) * greatest.max()
    return scorer.get_scores_from_ids(known) / attainable


@pytest.mark.parametrize(
    "query", ["word0 word17", "word299", "word3 word3 word40 neverseen", " ".join(f"word{n}" for n in range(60))]
)
def test_scores_are_those_of_bm25s(query):
    corpus = texts(200)
    index = LexicalIndex.build("en", corpus)
    assert np.allclose(scores(index, query), expected(corpus, query), atol=1e-6)


def test_a_query_of_unknown_words_finds_nothing():
    index = LexicalIndex.build("en", texts(20))
    assert index.ask("neverseen") is None
    assert index.ask("the of and") is None  # stop words


def test_texts_without_words_can_be_indexed():
    index = LexicalIndex.build("en", ["…", "— !"])
    assert index.ask("anything") is None


@pytest.mark.parametrize("many", [0, 100, 10_000])
def test_the_best_are_those_with_the_highest_scores(monkeypatch, many):
    monkeypatch.setattr(lexical, "MANY", many)
    index = LexicalIndex.build("en", texts(3000))
    for query in texts(60, seed=2):
        every = scores(index, query)
        wording = index.ask(query)
        best = wording.best(5)
        assert np.allclose(wording.of(np.arange(3000)), every, atol=1e-6)
        assert np.allclose(np.sort(every[best]), np.sort(every)[-5:])
        assert (np.diff(every[best]) <= 0).all()


def test_the_best_hold_a_word_of_the_query():
    index = LexicalIndex.build("en", ["red apple", "green pear", "yellow plum"])
    assert index.ask("green").best(5).tolist() == [1]


def test_common_words_are_not_gone_through(monkeypatch):
    corpus = ["rare common " * 3 if number < 8 else "common filler" for number in range(500)]
    monkeypatch.setattr(lexical, "MANY", 100)
    index = LexicalIndex.build("en", corpus)
    wording = index.ask("rare common")
    looked_up: list[int] = []
    of = wording.of
    monkeypatch.setattr(wording, "of", lambda passages: looked_up.append(len(passages)) or of(passages))
    assert wording.best(5).tolist() == [0, 1, 2, 3, 4]
    assert looked_up == [8]


def test_what_changed_gives_the_index_that_everything_gives(tmp_path):
    before, after = texts(100), [*texts(100)[10:90], *texts(15, seed=3), texts(100)[20]]
    LexicalIndex.build("en", before).save(tmp_path / "before")
    counted: list[str] = []
    stems = Stems("en")

    def counting(text: str) -> list[str]:
        counted.append(text)
        return stems(text)

    partly = Postings.build(after, counting, Postings.load(tmp_path / "before"))
    whole = Postings.build(after, stems)
    assert len(counted) == 16  # fifteen new ones, and one that is there twice now
    for name in Postings.__dataclass_fields__:
        assert np.array_equal(getattr(partly, name), getattr(whole, name)), name


def test_an_index_survives_being_read_back(tmp_path):
    index = LexicalIndex.build("it", ["Il libro è arrivato", "La consegna dei libri"])
    index.save(tmp_path / "lexical")
    read = LexicalIndex.load("it", tmp_path / "lexical")
    assert np.array_equal(scores(read, "libri consegnati"), scores(index, "libri consegnati"))
    assert scores(index, "libri")[0] > 0
