"""HTML, PDF and Word, read into Markdown; long ones cut into articles."""

from __future__ import annotations

import pytest

from knowledge.readers import read
from knowledge.readers.parts import LONG, parts
from tests.knowledge import documents


def only(path, **more):
    reading = read(path, **more)
    assert reading.problems == ()
    (article,) = reading.articles
    return article


def test_a_page_keeps_its_text_and_loses_its_chrome_and_scripts(tmp_path):
    file = tmp_path / "gift cards.html"
    file.write_text(documents.PAGE)
    found = only(file)
    assert (found.id, found.title, found.lang) == ("gift-cards", "Gift cards", "en")
    assert found.body == (
        "They are **valid** for two years in our shops.\nClick me now\n\n"
        "- paper\n  - by post\n- electronic\n\n"
        "| Worth | Cost |\n| --- | --- |\n| 10 \\| 20 | free |\n\n"
        "**Can I give it away?**\n\nYes, that is what it is for.\n\n```\nCARD-1234\n```"
    )


def test_the_pages_charset_is_what_it_says(tmp_path):
    file = tmp_path / "page.htm"
    text = (
        '<html><head><meta charset="iso-8859-1"></head><body><h1>Novità</h1><p>È arrivato il nuovo catalogo dei libri.'
    )
    file.write_bytes(text.encode("latin-1"))
    assert only(file).title == "Novità"
    assert only(file).body == "È arrivato il nuovo catalogo dei libri."


def test_a_pdf_is_read_with_headings_lists_and_tables_and_without_running_lines(tmp_path):
    file = tmp_path / "manual.pdf"
    file.write_bytes(documents.pdf(chapters=6))
    found = only(file)
    assert (found.id, found.title, found.lang) == ("manual", "Returns manual", "en")
    assert found.body.startswith("## 1. Chapter 1 of it\n\nYou can return a book")
    assert "- the receipt\n- the book" in found.body
    assert "| Weight | Price |\n| --- | --- |\n| 1 kg | 4.90 |" in found.body
    assert found.body.count("## ") == 6
    assert "confidential" not in found.body
    assert "of 9" not in found.body


def test_a_word_document_is_read_with_headings_lists_and_tables(tmp_path):
    file = tmp_path / "guide.docx"
    file.write_bytes(documents.docx())
    found = only(file)
    assert found.title == "Shipping guide"
    assert found.body == (
        "# Costs\n\nWe ship everywhere in Italy, and it costs three euros.\n\n- by courier\n- by post\n\n"
        "| Weight | Price |\n| --- | --- |\n| 1 kg | 4.90 |\n\n## Times\n\nThree working days."
    )


def test_without_a_heading_the_documents_own_title_counts_then_its_name(tmp_path):
    (tmp_path / "a.docx").write_bytes(documents.docx(title=""))
    assert only(tmp_path / "a.docx").title == "Costs"
    (tmp_path / "b.pdf").write_bytes(documents.pdf(title="1. Chapter 1 of it", chapters=1))
    assert only(tmp_path / "b.pdf").title == "1. Chapter 1 of it"
    page = tmp_path / "opening_hours.html"
    page.write_text("<html><head><title>When we are open | Shop</title></head><body><p>From nine to seven, every day.")
    assert only(page).title == "When we are open"
    page.write_text("<html><body><p>From nine to seven, on every day of the week.")
    assert only(page).title == "opening hours"


def test_a_long_document_becomes_an_article_for_each_chapter(tmp_path):
    file = tmp_path / "manual.md"
    chapters = [f"## {number}. Chapter\n\n{documents.PARAGRAPH * 100}" for number in range(1, 5)]
    text = documents.PARAGRAPH * 250
    deep = f"## 5. Long\n\nIntro.\n\n### 5.1 First\n\n{text}\n\n### Second\n\n{text}"
    file.write_text("# The manual\n\nWelcome to all.\n\n" + "\n\n".join([*chapters, deep]))
    found = {one.id: one for one in read(file).articles}
    assert list(found) == [
        "manual", "manual/1", "manual/2", "manual/3", "manual/4", "manual/5", "manual/5/5.1", "manual/5/second"
    ]  # fmt: skip
    assert found["manual"].body == "Welcome to all."
    assert found["manual/5"].body == "Intro."
    assert found["manual/5/second"].title == "The manual › 5. Long › Second"
    assert {one.lang for one in found.values()} == {"en"}


def test_cutting_a_document_loses_nothing_and_ids_are_its_own():
    chapters = "\n\n".join(f"# Same\n\nword{number} {documents.PARAGRAPH * 150}" for number in range(5))
    found = parts("T", chapters)
    assert [one.path for one in found] == ["same", "same-2", "same-3", "same-4", "same-5"]
    assert all(f"word{number}" in one.body for number, one in enumerate(found))


@pytest.mark.parametrize("body", ["short", "no headings" * LONG])
def test_what_is_short_or_has_no_headings_stays_one(body):
    assert [one.body for one in parts("T", body)] == [body]


def test_a_stated_id_keeps_a_long_file_whole(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("---\nid: all\nlang: en\n---\n" + "\n\n".join(f"# Part {n}\n\n{'word ' * 5000}" for n in range(3)))
    assert [one.id for one in read(file).articles] == ["all"]
