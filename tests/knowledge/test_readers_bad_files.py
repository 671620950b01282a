"""Files that can't be read: each is a sentence naming it, none stops the others, none takes memory or time at will."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from knowledge.readers import LARGEST_DOCUMENT, LARGEST_TABLE, LARGEST_TEXT, read
from knowledge.readers.convert.document import Unreadable
from knowledge.readers.converter import Converter
from tests.knowledge import documents

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOBODY = 65534
GOOD = "---\nid: good\nlang: en\n---\nFine."


@pytest.fixture(scope="module")
def converter():
    with Converter() as running:
        yield running


def refused(converter, kind, content):
    with pytest.raises(Unreadable) as caught:
        converter.convert(kind, content)
    return str(caught.value)


def damaged(content):
    """The PDF with every stream and the list of its parts overwritten."""
    return content.replace(b"/Type /Page\n", b"/Type /Pxxx\n").replace(b"/Kids", b"/Kxxx")


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("pdf", documents.pdf(encrypt="secret"), "protected by a password"),
        ("pdf", documents.pdf()[:-200], "cut off"),
        ("pdf", documents.pdf()[:300] + b"\n%%EOF", "damaged"),
        ("pdf", damaged(documents.pdf()), "no pages"),
        ("pdf", documents.scan(), "page 1: no text on any page"),
        ("pdf", b"<html>not found</html>", "isn't a PDF"),
        ("docx", b"just words", "isn't a Word document"),
        ("docx", OLE, "protected by a password or in Word's old format"),
        ("docx", documents.zip_of(readme="x"), "another kind of zip file"),
        ("docx", documents.docx()[:-100], "isn't a Word document"),
        ("docx", documents.zip_of(**{"word/document.xml": "<w:document"}), "damaged"),
        ("docx", documents.bomb(400), "unpacks to 400 MB"),
        ("html", b"<html><script>alert(1)</script><nav>Home</nav></html>", "no text"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(converter, kind, content, expected):
    assert expected in refused(converter, kind, content)


def test_an_entity_bomb_in_a_word_document_does_no_harm(converter):
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><x>&a11;</x>'
    assert refused(converter, "docx", documents.zip_of(**{"word/document.xml": xml}))


def test_deep_nesting_is_refused_and_the_next_document_is_read(converter):
    deep = b"<div>" * 50_000 + b"text at the bottom of it all" + b"</div>" * 50_000
    assert "nested too deeply" in refused(converter, "html", deep)
    assert converter.convert("html", b"<h1>Next</h1><p>words").title == "Next"


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read():
    with Converter(seconds=0.0) as impatient, pytest.raises(Unreadable, match="longer than 0 seconds"):
        impatient.convert("html", b"<p>words")
    with Converter() as patient:
        patient.convert("html", b"<p>words")
        patient._seconds = 0.0
        with pytest.raises(Unreadable):
            patient.convert("pdf", documents.pdf())
        patient._seconds = 60.0
        assert patient.convert("html", b"<p>words").body == "words"


def test_a_document_that_wants_too_much_memory_is_refused_and_the_next_is_read():
    with Converter(memory=150 * 2**20) as small:
        assert "memory" in refused(small, "html", b"<p>" + b"word " * 12 * 2**20)
        assert small.convert("html", b"<p>words").body == "words"


def test_the_converting_process_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SPORTELLO_SECRET", "x")
    with Converter() as running:
        running.convert("html", b"<p>words")
        surroundings = f"/proc/{running._process.pid}/environ"
        if os.path.exists(surroundings):
            with open(surroundings, "rb") as file:
                assert b"SPORTELLO" not in file.read()


@pytest.mark.parametrize(
    ("name", "largest"),
    [("a.jsonl", LARGEST_TABLE), ("a.csv", LARGEST_TABLE), ("a.md", LARGEST_TEXT), ("a.pdf", LARGEST_DOCUMENT)],
)
def test_a_file_too_large_is_refused_unread(tmp_path, name, largest):
    with (tmp_path / name).open("wb") as file:
        file.truncate(200 * 2**20)
    (problem,) = read(tmp_path).problems
    assert problem.message == f"the file has 200 MB, at most {largest >> 20} are read of this kind"


def test_every_bad_file_is_named_and_the_good_one_read(tmp_path):
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "binary.jsonl").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "latin.md").write_bytes("# Novità\n\nperché".encode("latin-1"))
    (tmp_path / "empty.docx").write_bytes(b"")
    (tmp_path / "wrong.md").write_text("---\nid: wrong\nlang: en\ntitle: {a: b}\n---\nbody")
    os.mkfifo(tmp_path / "pipe.md")
    reading = read(tmp_path)
    assert [one.id for one in reading.articles] == ["good"]
    found = {problem.file.name: (problem.line, problem.message) for problem in reading.problems}
    assert found.keys() == {one.name for one in tmp_path.iterdir()} - {"good.md"}
    assert found["binary.md"] == found["binary.csv"] == found["binary.jsonl"] == (0, "this isn't a text file")
    assert found["latin.md"][0] == 1
    assert found["wrong.md"] == (1, "title must be a text")
    assert found["pipe.md"] == (0, "this isn't a file")


@pytest.fixture
def plain_folder():
    """A folder, and nobody's rights while it is used: nothing is forbidden to root."""
    me = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        if me == 0:
            read(
                Path(__file__).parents[2] / "knowledge" / "articles" / "en"
            )  # nobody may not import the libraries either
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            os.seteuid(me)


def test_what_may_not_be_read_is_named(plain_folder):
    (plain_folder / "good.md").write_text(GOOD)
    (plain_folder / "mine.md").write_text(GOOD)
    (plain_folder / "mine.md").chmod(0)
    (plain_folder / "closed").mkdir(mode=0)
    reading = read(plain_folder)
    (plain_folder / "closed").chmod(0o700)  # so that it can be deleted
    assert len(reading.articles) == 1
    assert {problem.file.name for problem in reading.problems} == {"mine.md", "closed"}
