"""The samples of the retrieval bench: missing ones are named, present ones are what the bench says they are."""

from __future__ import annotations

import json

import pytest

from bench.retrieval import samples
from bench.retrieval.ours import without
from bench.retrieval.rivals import bm25_ranks, figures


@pytest.fixture
def parallel(tmp_path, monkeypatch):
    (tmp_path / "faq").mkdir()
    for number, name in enumerate(samples.PARALLEL):
        lines = [
            {
                "id": f"{number}-{row}",
                "q_it": f"Domanda su cosa{row}?",
                "a_it": f"Risposta su cosa{row}.",
                "q_en": f"Question about thing{row}?",
                "a_en": f"Answer about thing{row}.",
            }
            for row in range(number * 4, number * 4 + 4)
        ]
        (tmp_path / "faq" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setenv(samples.PLACE, str(tmp_path))
    return tmp_path


def test_missing_samples_are_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setenv(samples.PLACE, str(tmp_path))
    with pytest.raises(samples.SamplesError, match="No samples in .*SPORTELLO_SAMPLES"):
        samples.padigitale()


def test_a_missing_file_is_named(parallel):
    with pytest.raises(samples.SamplesError, match="padigitale_it.jsonl can't be read"):
        samples.padigitale()


def test_a_mixed_index_holds_each_article_once_and_splits_the_questions(parallel):
    own, other = (samples.mixed("it", own, seed=0) for own in (True, False))
    assert own.articles == other.articles
    assert sorted(one.lang for one in own.articles) == ["en"] * 6 + ["it"] * 6
    assert len(own.questions) + len(other.questions) == 12
    lang_of = {one.id: one.lang for one in own.articles}
    assert {lang_of[id] for one in own.questions for id in one.relevant} == {"it"}
    assert {lang_of[id] for one in other.questions for id in one.relevant} == {"en"}


def test_questions_of_articles_taken_out_have_no_answer(parallel):
    sample = samples.answers_only("en")
    reduced = without(sample, 0.5, seed=0)
    kept = {one.id for one in reduced.articles}
    assert len(kept) == 6
    assert len(reduced.questions) == len(sample.questions)
    assert sum(not one.relevant for one in reduced.questions) == 6
    assert all(one.relevant <= kept for one in reduced.questions)


def test_bm25_finds_by_words_and_not_across_languages(parallel):
    assert figures(bm25_ranks(samples.answers_only("en"))) == (1.0, 1.0, 1.0)
    assert figures(bm25_ranks(samples.across("it", titled=False)))[0] < 0.5
