from __future__ import annotations

import numpy as np
import pytest

from knowledge import index as index_module
from knowledge.encoded import EncodedTexts
from knowledge.part import Numbers, Part
from tests.knowledge.conftest import LetterEncoder, article

LONG = "\n\n".join(f"## Chapter {n}\n\n" + f"About the subject numbered {n}, at length. " * 30 for n in range(4))


def built(articles, encoder=None):
    encoder = encoder or LetterEncoder()
    return Part.build("en", articles, encoder, EncodedTexts(), 1, lambda _: None)


@pytest.fixture
def part():
    return built(
        [
            article("a", "How do I pay?", "By card."),
            article("b", "Guide", LONG, alternatives=["Handbook", "Where is the manual?"]),
            article("c", "", "An article without a question."),
            article("d", "How do I return it?", "By post.", alternatives=["Sending back"]),
        ]
    )


def test_a_row_is_the_mean_of_question_and_passage_and_for_a_long_one_of_each_detail(part):
    encoder = LetterEncoder()
    passages_of_b = len(part.articles[1].passages())
    details_of_b = sum(len(passage.details) for passage in part.articles[1].passages())
    assert details_of_b > passages_of_b > 2
    assert len(part.dense) == 1 + 3 * details_of_b + 1 + 2
    for row, number in enumerate(part.passage_of_row):
        passage, owner = part.passages[number], part.articles[part.article_of_passage[number]]
        whole = encoder.passages([passage.content])[0]
        bodies = [(whole + detail) / 2 for detail in encoder.passages(passage.details)] or [whole]
        asked = encoder.passages(owner.questions)
        expected = [(body + question) / 2 for body in bodies for question in asked] or bodies
        vector = part.dense.rows(np.array([row]))[0]
        assert any(np.allclose(vector, one, atol=1e-6) for one in expected)


def test_the_closest_passage_of_each_article(part):
    for query in ("Where is the manual?", "the subject numbered 3", "card", "post"):
        vector = LetterEncoder().queries([query])[0]
        passages, scores = part.best_passages(np.array([1, 0, 3]), vector)
        rows = part.dense.rows(np.arange(len(part.dense))) @ vector
        for article_number, passage, score in zip((1, 0, 3), passages, scores, strict=True):
            own = part.article_of_passage[part.passage_of_row] == article_number
            assert score == pytest.approx(rows[own].max(), abs=1e-6)  # processors add in an order of their own
            assert rows[part.passage_of_row == passage].max() == pytest.approx(score, abs=1e-6)


def test_ranking_names_each_article_once(part):
    ranked = part.rank(LetterEncoder().queries(["Where is the manual?"])[0])
    assert sorted(ranked.articles.tolist()) == [0, 1, 2, 3]
    assert ranked.articles[0] == 1
    assert (np.diff(ranked.scores) <= 0).all()
    without = part.rank(LetterEncoder().queries(["Where is the manual?"])[0], without=1)
    assert 1 not in without.articles


def test_lists_that_hold_too_little_give_what_they_hold(monkeypatch):
    monkeypatch.setattr(index_module, "EXACT_UP_TO", 1500)
    monkeypatch.setattr(index_module, "LEAST_RECALL", 0.2)
    part = built([article(f"a{n:04d}", f"Subject {n % 40} number {n}", f"Text {n}") for n in range(2000)])
    assert part.dense.kind.startswith("approximate")
    part.dense._index.nprobe = 1
    ranked = part.rank(LetterEncoder().queries(["Subject 7 number 7"])[0])
    assert 0 < len(ranked.articles) <= 50
    assert (ranked.articles >= 0).all()


def test_a_part_survives_being_saved(part, tmp_path):
    part.save(tmp_path / "en")
    read = Part.load("en", part.articles, tmp_path / "en", part.counts)
    assert list(read.passages) == list(part.passages)
    assert read.counts == part.counts
    vector = LetterEncoder().queries(["Sending back"])[0]
    one, other = read.rank(vector), part.rank(vector)
    assert one.articles.tolist() == other.articles.tolist()
    assert np.allclose(one.scores, other.scores)


def test_articles_are_found_by_id():
    numbers = Numbers([article(id, "Title") for id in ("A", "b", "à", "é-9")])
    assert [numbers[id] for id in numbers] == [0, 1, 2, 3]
    assert "c" not in numbers and "" not in numbers and "zz" not in numbers
    assert numbers.get("nobody") is None
