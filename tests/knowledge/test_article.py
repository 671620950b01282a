from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import Article
from knowledge.errors import ArticleError
from knowledge.split import PASSAGE_CHARACTERS

RECORD = {"id": "a", "lang": "it", "question": "Dove siete?", "answer": "A Milano."}


def test_question_and_answer_are_the_title_and_the_body():
    found = Article.from_fields(RECORD)
    assert (found.title, found.body) == ("Dove siete?", "A Milano.")


def test_a_list_of_answers_becomes_one_body_with_paragraphs():
    assert Article.from_fields(RECORD | {"answer": ["Uno.", "Due."]}).body == "Uno.\n\nDue."


def test_lists_may_be_written_in_one_text_with_bars():
    assert Article.from_fields(RECORD | {"tags": "a| b |"}).tags == ("a", "b")


def test_numbers_are_taken_as_ids():
    assert Article.from_fields(RECORD | {"id": 7}).id == "7"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "no id"),
        ({"id": "a b"}, "spaces"),
        ({"id": "x" * 201}, "201 characters"),
        ({"answer": "  "}, "no answer"),
        ({"answer": {"it": "x"}}, "body must be a text"),
        ({"lang": "Italian"}, "isn't a code"),
        ({"url": "javascript:alert(1)"}, "must begin with"),
        ({"url": "//elsewhere.example"}, "must begin with"),
        ({"alternatives": 3}, "alternatives must be a list"),
        ({"tags": [True]}, "tags must be a text"),
    ],
)
def test_a_wrong_field_is_named(change, reason):
    with pytest.raises(ArticleError, match=reason):
        Article.from_fields(RECORD | change)


def test_an_article_without_title_is_labelled_by_its_beginning():
    found = Article.from_fields({"id": "a", "lang": "en", "body": "## *We* are open\nfrom nine."})
    assert found.label == "We are open"
    assert found.questions == ()


def test_a_short_body_stays_whole():
    body = "# One\ntext\n\n# Two\ntext"
    assert [p.text for p in Article.from_fields(RECORD | {"answer": body}).passages()] == [body]


def test_a_long_body_is_split_along_its_headings_which_travel_with_the_text():
    paragraph = "Una frase di prova abbastanza lunga. " * 25
    body = f"Inizio.\n\n# Resi\n{paragraph}\n## Rimborso\n{paragraph}\n# Altro\n```\n# not a heading\n```\n{paragraph}"
    passages = Article.from_fields(RECORD | {"answer": body}).passages()
    # the one line before the first heading goes with the section after it
    assert [passage.heading for passage in passages] == ["", "Resi › Rimborso", "Altro"]
    assert passages[0].text.startswith("Inizio.\n\nResi\n")
    assert "# not a heading" in passages[-1].text
    assert all(passage.content.startswith("Dove siete?\n") for passage in passages)


@given(st.text(alphabet="ab .\n#", min_size=1, max_size=6000).filter(str.strip))
def test_splitting_loses_no_word_and_keeps_within_the_limit(body):
    passages = Article.from_fields(RECORD | {"answer": body}).passages()
    assert all(0 < len(passage.text) <= PASSAGE_CHARACTERS for passage in passages)
    kept = "".join(character for passage in passages for character in passage.heading + passage.text)
    for letter in "ab":
        assert kept.count(letter) >= body.strip().count(letter)
