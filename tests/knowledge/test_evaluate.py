from __future__ import annotations

import pytest

from knowledge import drawing
from knowledge.errors import KnowledgeError
from knowledge.evaluate import Question, evaluate, read_questions
from knowledge.retriever import Retriever


def test_measures_are_what_counting_gives(base, shop):
    base.publish(shop, source="s")
    questions = [
        Question("How do I return a book?", "en", frozenset({"returns"})),
        Question("How do I return a book?", "en", frozenset({"gone"})),
        Question("I forgot my password", None, frozenset({"password", "gone"})),
        Question("zxq vvk jjw", "en", frozenset()),
    ]
    result = evaluate(Retriever(base), questions)
    assert (result["n"], result["answerable"]) == (4, 3)
    assert result["recall@1"] == result["recall@5"] == result["mrr@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert sum(result["decisions"].values()) == 4
    assert result["decisions"]["none"] == 1
    first = result["risk_coverage"][0]
    assert (first["threshold"], first["coverage"], first["precision"]) == (0.0, 1.0, 0.5)
    assert result["auroc"] is not None
    assert 0 <= result["ece"] <= 1


def test_a_lower_rank_counts_for_mrr(base, shop):
    base.publish(shop, source="s")
    second = Retriever(base).search("How do I return a book?", "en").matches[1].article_id
    result = evaluate(Retriever(base), [Question("How do I return a book?", "en", frozenset({second}))])
    assert (result["recall@1"], result["recall@3"], result["mrr@10"]) == (0.0, 1.0, 0.5)


def test_only_unanswerable_questions_leave_recall_open(base, shop):
    base.publish(shop, source="s")
    result = evaluate(Retriever(base), [Question("zxq", "en", frozenset())])
    assert result["recall@1"] is None
    assert result["mrr@10"] is None


def test_questions_are_read_and_wrong_lines_named(tmp_path):
    file = tmp_path / "q.jsonl"
    file.write_text('{"query": "a", "lang": "it", "relevant": ["x", 2]}\n\n{"query": "b", "relevant": []}\n')
    assert read_questions(file) == [Question("a", "it", frozenset({"x", "2"})), Question("b", None, frozenset())]
    for bad in (
        "x",
        "{}",
        '{"query": "a"}',
        '{"query": "a", "relevant": "x"}',
        '{"query": "a", "relevant": [], "lang": 1}',
    ):
        file.write_text('{"query": "a", "relevant": []}\n' + bad)
        with pytest.raises(KnowledgeError, match="q.jsonl:2: "):
            read_questions(file)
    file.write_text("\n")
    with pytest.raises(KnowledgeError, match="no questions"):
        read_questions(file)


def test_both_diagrams_are_drawn(base, shop, tmp_path):
    base.publish(shop, source="s")
    questions = [Question(one.title, one.lang, frozenset({one.id})) for one in shop]
    result = evaluate(Retriever(base), [*questions, Question("zxq vvk", "en", frozenset())])
    drawing.draw(result, tmp_path / "drawn.svg")
    drawn = (tmp_path / "drawn.svg").read_text()
    assert "Share of questions answered" in drawn
    assert "Confidence and truth" in drawn
    drawing.draw(result, tmp_path / "drawn.PNG")
    assert (tmp_path / "drawn.PNG").read_bytes().startswith(b"\x89PNG")


def test_a_drawing_goes_to_a_picture_file_in_a_folder_that_is_there(tmp_path):
    with pytest.raises(KnowledgeError, match="svg or a .png"):
        drawing.check(tmp_path / "drawn.pdf")
    with pytest.raises(KnowledgeError, match="no folder"):
        drawing.check(tmp_path / "nowhere" / "drawn.svg")
