from __future__ import annotations

import json

import pytest

from knowledge.readers import read


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def problems(reading):
    return [(problem.line, problem.message) for problem in reading.problems]


def test_jsonl_is_read_line_by_line_and_bad_lines_are_named(tmp_path):
    file = write(
        tmp_path / "faq.jsonl",
        '\ufeff{"id": 1, "question": "Where are you?", "answer": "In the centre of Milan."}\n'
        "\n"
        '{"question": "Where is my order?", "answer": "On its way to you."}\n'
        "not json\n"
        "[1]\n"
        '{"id": "x", "question": "ok", "answer": "no"}\n'
        '{"id": "1", "lang": "en", "answer": "again"}\n',
    )
    reading = read(file)
    assert [(one.id, one.lang) for one in reading.articles] == [("1", "en")]
    assert [line for line, _ in problems(reading)] == [3, 4, 5, 6, 7]
    messages = [message for _, message in problems(reading)]
    for expected, message in zip(["no id", "JSON", "object", "--lang", "second time"], messages, strict=True):
        assert expected in message
    assert str(reading.problems[0]).startswith(f"{file}:3: ")


def test_a_mapping_reads_fields_from_other_keys(tmp_path):
    line = {"id": "a", "q_it": "Dove siete?", "a_it": "A Milano", "q_en": "Where?", "a_en": "Milan", "title": "no"}
    file = write(tmp_path / "faq.jsonl", json.dumps(line))
    italian = read(file, {"question": "q_it", "answer": "a_it"}, "it").articles[0]
    english = read(file, {"question": "q_en", "answer": "a_en"}, "en").articles[0]
    assert (italian.title, italian.body, italian.lang) == ("Dove siete?", "A Milano", "it")
    assert (english.title, english.body, english.id) == ("Where?", "Milan", italian.id)


def test_a_mapped_key_that_is_missing_is_named(tmp_path):
    file = write(tmp_path / "faq.jsonl", '{"id": "a", "q": "Where?"}')
    assert "there is no a_en" in problems(read(file, {"answer": "a_en"}, "en"))[0][1]


def test_the_entrys_own_language_wins(tmp_path):
    file = write(tmp_path / "faq.jsonl", '{"id": "a", "lang": "it", "answer": "Sì"}')
    assert read(file, lang="en").articles[0].lang == "it"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_common_separator(tmp_path, separator):
    text = 'id,question,answer,tags\n1,Where?,"In Milan\nand online",a|b\n'
    file = write(tmp_path / "faq.csv", text.replace(",", separator))
    found = read(file, lang="en").articles[0]
    assert (found.body, found.tags) == ("In Milan\nand online", ("a", "b"))


def test_broken_csv_rows_are_named_by_line_and_the_others_are_read(tmp_path):
    file = write(
        tmp_path / "faq.csv",
        'id,question,answer\n1,a,b\n2,only two\n3,"a\nb",c\n4,"x"y,z\n5,e,f\n6,"never closed\n7,g,h\n',
    )
    reading = read(file, lang="en")
    assert [one.id for one in reading.articles] == ["1", "3", "5"]
    assert [line for line, _ in problems(reading)] == [3, 6, 8]


def test_a_csv_header_must_name_every_column(tmp_path):
    assert problems(read(write(tmp_path / "a.csv", "id,,id\n1,2,3\n")))[0][0] == 1


def test_markdown_with_front_matter(tmp_path):
    write(
        tmp_path / "returns.md",
        "---\nid: returns\nlang: it\ntitle: 'Come restituisco?'\nalternatives:\n  - resi\nupdated: 2026-02-10\n"
        "url: /help/it/returns\n---\n\nEntro trenta giorni.\n\n---\n\nGrazie.\n",
    )
    found = read(tmp_path).articles[0]
    assert (found.id, found.lang, found.alternatives, found.updated) == ("returns", "it", ("resi",), "2026-02-10")
    assert found.body == "Entro trenta giorni.\n\n---\n\nGrazie."


def test_markdown_without_front_matter_is_known_by_its_path_and_heading(tmp_path):
    (tmp_path / "orders").mkdir()
    write(tmp_path / "orders" / "how to pay.md", "# How to pay\n\nWe take credit cards and bank transfers.")
    found = read(tmp_path).articles[0]
    assert (found.id, found.title, found.lang) == ("orders/how-to-pay", "How to pay", "en")
    assert found.body == "We take credit cards and bank transfers."


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("---\nid: a b\nlang: en\n---\nbody", 1, "spaces"),
        ("---\nid: a\nlang: en\nupdated: 2026-13-45\n---\nbody", 1, "YAML"),
        ("---\nid: a\ntitle: [x\n---\nbody", 4, "YAML"),
        ("---\nid: a\nlang: en\ntags: {a: b}\n---\nbody", 1, "tags must be a list"),
        ("---\nid: a\nbody", 1, "isn't closed"),
        ("---\n- a\n---\nbody", 1, "names and values"),
        ("---\nid: a\nlang: en\n---\n", 1, "no answer"),
    ],
)
def test_wrong_front_matter_is_named(tmp_path, text, line, reason):
    found = problems(read(write(tmp_path / "a.md", text)))
    assert len(found) == 1
    assert found[0][0] == line
    assert reason in found[0][1]


@pytest.mark.parametrize("name", ["a.md", "a.jsonl", "a.csv"])
def test_text_that_is_not_utf8_is_named_by_line(tmp_path, name):
    first = {"a.md": "---\n", "a.jsonl": "\n", "a.csv": "id,answer\n"}[name]
    (tmp_path / name).write_bytes(first.encode() + "città".encode("latin-1") + b"\n")
    found = problems(read(tmp_path / name, lang="it"))
    assert found[0][0] == 2
    assert "UTF-8" in found[0][1]


@pytest.mark.parametrize("name", ["empty.md", "empty.jsonl", "empty.csv"])
def test_an_empty_file_is_a_problem(tmp_path, name):
    assert "empty" in problems(read(write(tmp_path / name, "")))[0][1]


def test_what_cannot_be_read_is_said(tmp_path):
    assert "no such file" in problems(read(tmp_path / "missing.csv"))[0][1]
    assert "can't be read" in problems(read(write(tmp_path / "a.exe", "x")))[0][1]
    (tmp_path / "folder").mkdir()
    assert "holds no" in problems(read(tmp_path / "folder"))[0][1]


def test_a_spreadsheets_csv_is_read_in_the_encoding_that_is_named(tmp_path):
    file = tmp_path / "faq.csv"
    file.write_bytes("id;question;answer;\r\n1;Dov'è?;In città;\r\n2;Quando?;Alle 9;\r\n;;;\r\n".encode("cp1252"))
    assert [(line, "--encoding" in message) for line, message in problems(read(file, lang="it"))] == [(2, True)]
    found = read(file, lang="it", encoding="cp1252")
    assert [one.body for one in found.articles] == ["In città", "Alle 9"]
    assert found.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, encoding):
    file = tmp_path / "faq.csv"
    file.write_bytes("id,question,answer\n1,Dov'è?,In città\n".encode(encoding))
    assert read(file, lang="it").articles[0].body == "In città"


def test_a_line_that_is_not_utf8_hides_no_other(tmp_path):
    lines = [json.dumps({"id": number, "lang": "it", "answer": "perché"}, ensure_ascii=False) for number in range(3)]
    file = tmp_path / "faq.jsonl"
    file.write_bytes(lines[0].encode() + b"\n" + lines[1].encode("latin-1") + b"\n" + lines[2].encode())
    reading = read(file)
    assert [one.id for one in reading.articles] == ["0", "2"]
    assert problems(reading)[0][0] == 2


def test_thousands_of_wrong_lines_are_counted_not_listed(tmp_path):
    reading = read(write(tmp_path / "faq.jsonl", "{\n" * 2500))
    assert len(reading.problems) == 1001
    assert reading.problems[-1].message == "1,500 more entries are wrong"
