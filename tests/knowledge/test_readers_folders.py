"""Folders: ids from paths, languages from names, links, what is left out."""

from __future__ import annotations

import json

import pytest

from knowledge.readers import read
from tests.knowledge import documents

ITALIAN = "Può restituire un libro entro trenta giorni dalla consegna, se non è danneggiato."
ENGLISH = "You can return a book within thirty days of delivery, provided it is undamaged."


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def keys(reading):
    assert reading.problems == ()
    return sorted((one.id, one.lang) for one in reading.articles)


def test_every_format_below_a_folder_is_read(tmp_path):
    write(tmp_path / "a" / "returns.md", f"# Returns\n\n{ENGLISH}")
    write(tmp_path / "a" / "manual.pdf", documents.pdf())
    write(tmp_path / "b" / "guide.docx", documents.docx())
    write(tmp_path / "b" / "cards.html", documents.PAGE)
    write(
        tmp_path / "faq.jsonl",
        json.dumps({"id": "hours", "question": "When are you open?", "answer": "From nine to seven."}),
    )
    write(tmp_path / "faq.csv", f"id,question,answer\nreturn,How do I return a book?,{ENGLISH!r}\n".replace("'", '"'))
    write(tmp_path / "picture.png", b"\x89PNG")
    write(tmp_path / ".git" / "notes.md", "# hidden")
    write(tmp_path / "b" / "~$guide.docx", b"lock")
    assert keys(read(tmp_path)) == [
        ("a/manual", "en"), ("a/returns", "en"), ("b/cards", "en"), ("b/guide", "en"), ("hours", "en"), ("return", "en")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("italian", "english", "id"),
    [
        ("it/orders/return.md", "en/orders/return.md", "orders/return"),
        ("help/it-IT/return.md", "help/en_GB/return.md", "help/return"),
        ("return.it.md", "return.en.md", "return"),
        ("return_it.html", "return-en.html", "return"),
    ],
)
def test_the_same_document_in_two_languages_is_one_article(tmp_path, italian, english, id):
    write(tmp_path / italian, ITALIAN)
    write(tmp_path / english, ENGLISH)
    assert keys(read(tmp_path)) == [(id, "en"), (id, "it")]


def test_a_pair_of_folders_states_the_language_even_where_the_text_is_too_short_to_tell(tmp_path):
    write(tmp_path / "it" / "email.md", "# Email\n\ninfo@shop.example")
    write(tmp_path / "en" / "phone.md", "# Tel\n\n02 1234567")
    assert keys(read(tmp_path)) == [("email", "it"), ("phone", "en")]


def test_a_name_that_only_looks_like_a_language_is_none(tmp_path):
    write(tmp_path / "it" / "password.md", f"# Passwords of the IT department\n\n{ENGLISH}")
    write(tmp_path / "opt-it.md", ENGLISH)
    assert keys(read(tmp_path)) == [("it/password", "en"), ("opt-it", "en")]


def test_a_lone_folder_counts_when_the_text_agrees(tmp_path):
    write(tmp_path / "it" / "resi.md", ITALIAN)
    assert keys(read(tmp_path)) == [("resi", "it")]


def test_front_matter_without_an_id_takes_the_path_and_drafts_are_left_out(tmp_path):
    write(tmp_path / "docs" / "a.md", f"---\ntitle: Returning\n---\n{ENGLISH}")
    write(tmp_path / "docs" / "b.md", f"---\ntitle: Not yet\ndraft: true\n---\n{ENGLISH}")
    assert keys(read(tmp_path)) == [("docs/a", "en")]


def test_an_id_that_comes_twice_names_both_places(tmp_path):
    write(tmp_path / "a.md", f"---\nid: same\n---\n{ENGLISH}")
    write(tmp_path / "b.md", f"---\nid: same\n---\n{ENGLISH}")
    reading = read(tmp_path)
    assert len(reading.articles) == 1
    assert str(reading.problems[0]) == (
        f"{tmp_path}/b.md:1: the id 'same' appears a second time in en; the first is {tmp_path}/a.md:1"
    )


def test_links_are_followed_but_never_round_in_circles(tmp_path):
    write(tmp_path / "real" / "a.md", ENGLISH)
    (tmp_path / "real" / "loop").symlink_to(tmp_path)
    write(tmp_path / "elsewhere" / "c.md", ENGLISH)
    (tmp_path / "real" / "self.md").symlink_to("self.md")
    (tmp_path / "real" / "gone.md").symlink_to("nowhere.md")
    reading = read(tmp_path / "real")
    messages = {problem.file.relative_to(tmp_path).as_posix(): problem.message for problem in reading.problems}
    assert "leads back" in messages["real/loop/real"]
    assert "too many levels" in messages["real/self.md"].lower()
    assert "no such file" in messages["real/gone.md"].lower()
    assert {one.id for one in reading.articles} == {"a", "loop/elsewhere/c"}


def test_odd_names_make_usable_ids_and_harmless_messages(tmp_path):
    write(tmp_path / "perché 100% #1?.md", ITALIAN)
    write(tmp_path / "new\nline\x1b[31m.md", ENGLISH)
    (tmp_path / b"caf\xe9.md".decode("utf-8", "surrogateescape")).write_bytes(b"")
    reading = read(tmp_path)
    assert {one.id for one in reading.articles} == {"perché-100-1", "new-line-[31m"}
    assert str(reading.problems[0]).endswith("caf\\udce9.md: the file is empty")
    assert str(reading.problems[0]).isprintable()
