from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from desk.cli import kb
from desk.cli.kb import opening
from knowledge.base import KnowledgeBase
from tests.knowledge import documents
from tests.knowledge.conftest import LetterEncoder
from tests.knowledge.site_server import serving

FAQ = [
    {
        "id": "returns",
        "q_it": "Come restituisco un libro?",
        "a_it": "Entro trenta giorni.",
        "q_en": "How do I return a book?",
        "a_en": "Within thirty days.",
    },
    {
        "id": "hours",
        "q_it": "Quando è aperto il negozio?",
        "a_it": "Dalle nove alle sette.",
        "q_en": "When is the shop open?",
        "a_en": "From nine to seven.",
    },
]
ITALIAN = ["--map", "question=q_it", "--map", "answer=a_it", "--lang", "it"]
ENGLISH = ["--map", "question=q_en", "--map", "answer=a_en", "--lang", "en"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a `kb` command in a home of its own: (exit code, standard output, standard error)."""
    monkeypatch.setenv("SPORTELLO_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "knowledge"
    monkeypatch.setattr(
        opening, "base", lambda writing=False, say=None: KnowledgeBase(folder, LetterEncoder() if writing else None)
    )

    def run(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(kb.app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def faq(tmp_path):
    file = tmp_path / "faq.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in FAQ))
    return file


def test_one_file_in_two_languages_makes_translations(run, faq):
    assert run("import", faq, *ITALIAN)[0] == 0
    code, out, _ = run("import", faq, *ENGLISH, "--json")
    assert code == 0
    assert json.loads(out) == {
        "added": 2, "changed": 0, "unchanged": 0, "removed": 0, "taken": 0,
        "version": json.loads(out)["version"], "errors": [],
    }  # fmt: skip
    listed = json.loads(run("list", "--json")[1])
    assert [(one["id"], one["lang"]) for one in listed] == [
        ("hours", "en"), ("hours", "it"), ("returns", "en"), ("returns", "it")
    ]  # fmt: skip


def test_importing_again_replaces_that_file_in_that_language_only(run, faq):
    run("import", faq, *ITALIAN)
    run("import", faq, *ENGLISH)
    faq.write_text(json.dumps(FAQ[0] | {"a_it": "Entro un mese."}) + "\n")
    counts = json.loads(run("import", faq, *ITALIAN, "--json")[1])
    assert [counts[name] for name in ("added", "changed", "unchanged", "removed")] == [0, 1, 0, 1]
    assert len(json.loads(run("list", "--lang", "en", "--json")[1])) == 2


def test_a_refused_entry_is_named_and_removes_nothing(run, faq):
    run("import", faq, *ITALIAN)
    faq.write_text('{"id": "returns", "q_it": "Come restituisco?", "a_it": "Così."}\n{broken\n')
    code, out, err = run("import", faq, *ITALIAN, "--json")
    assert code == 1
    assert f"{faq}:2: " in err
    assert json.loads(out)["errors"][0]["line"] == 2
    assert [json.loads(out)[name] for name in ("changed", "removed")] == [1, 0]


def test_strict_imports_nothing_when_anything_is_wrong(run, faq):
    faq.write_text(faq.read_text() + "{broken\n")
    code, out, err = run("import", faq, *ITALIAN, "--strict")
    assert code == 1
    assert "Nothing was imported" in err
    assert json.loads(run("list", "--json")[1]) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "x", "--map", "colour=c"],
        ["import", "x", "--map", "question"],
        ["import", "x", "--lang", "Italian"],
        ["import", "x", "--encoding", "klingon"],
        ["import"],
        ["search", "x", "-k", "0"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(run, arguments):
    assert run(*arguments)[0] == 2


def test_searching_prints_one_document(run, faq):
    run("import", faq, *ITALIAN)
    code, out, _ = run("search", "Come restituisco un libro?", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"query", "lang", "decision", "confidence", "version", "matches"}
    assert {"article_id", "title", "lang", "passage", "score", "confidence", "url"} <= set(found["matches"][0])
    assert (found["lang"], found["matches"][0]["article_id"]) == ("it", "returns")
    assert "returns" in run("search", "Come restituisco un libro?")[1]


def test_an_empty_base_says_none(run):
    code, out, _ = run("search", "Anything there?", "--json")
    assert code == 0
    assert json.loads(out) == {
        "query": "Anything there?", "lang": "en", "decision": "none", "confidence": 0.0, "version": None, "matches": []
    }  # fmt: skip
    assert json.loads(run("versions", "--json")[1]) == []


def test_show_remove_versions_rollback_build(run, faq):
    run("import", faq, *ITALIAN)
    first = json.loads(run("versions", "--json")[1])[0]["name"]
    assert "Entro trenta giorni." in run("show", "returns")[1]
    assert json.loads(run("show", "returns", "--json")[1])[0]["id"] == "returns"
    assert run("show", "nothing")[0] == run("remove", "nothing")[0] == run("rollback", "nothing")[0] == 1
    assert json.loads(run("remove", "returns", "--json")[1])["removed"] == 1
    assert run("show", "returns")[0] == 1
    assert run("rollback", first)[0] == 0
    assert run("show", "returns")[0] == 0
    assert run("build")[0] == 0
    assert "* 0003-" in run("versions")[1]


def test_evaluate_prints_the_contract(run, faq, tmp_path):
    run("import", faq, *ITALIAN)
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"query": "Come restituisco un libro?", "lang": "it", "relevant": ["returns"]}\n')
    code, out, _ = run("evaluate", questions, "--json")
    measured = json.loads(out)
    assert code == 0
    assert {"n", "recall@1", "recall@3", "recall@5", "mrr@10", "decisions", "risk_coverage", "auroc", "ece"} <= set(
        measured
    )
    assert measured["recall@1"] == 1.0
    assert run("evaluate", questions)[0] == 0
    assert run("evaluate", tmp_path / "missing.jsonl")[0] == 1


def counts(out):
    found = json.loads(out)
    return [found[name] for name in ("added", "changed", "unchanged", "removed")]


def test_a_folder_of_documents_is_followed_from_import_to_import(run, tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "guide.docx").write_bytes(documents.docx())
    (folder / "manual.pdf").write_bytes(documents.pdf())
    (folder / "cards.html").write_text(documents.PAGE)
    assert counts(run("import", folder, "--json")[1]) == [3, 0, 0, 0]
    assert counts(run("import", folder, "--json")[1]) == [0, 0, 3, 0]
    (folder / "manual.pdf").unlink()
    (folder / "guide.docx").write_bytes(documents.docx(title="Shipping, new"))
    (folder / "more.md").write_text("# Hours\n\nThe shop is open from nine to seven, on every day of the week.")
    assert counts(run("import", folder, "--json")[1]) == [1, 1, 1, 1]
    assert [one["id"] for one in json.loads(run("list", "--json")[1])] == ["cards", "guide", "more"]


def test_a_site_is_followed_from_import_to_import(run):
    with serving() as site:
        for name in ("a", "b"):
            site.page(f"/{name}", f"Page {name}", "You can return a book within thirty days of delivery.")
        site.sitemap("/sitemap.xml", "/a", "/b")
        address = f"{site.url}/sitemap.xml"
        assert counts(run("import", address, "--json")[1]) == [2, 0, 0, 0]
        site.page("/a", "Page a", "You can return a book within sixty days of delivery.")
        site.sitemap("/sitemap.xml", "/a")
        assert counts(run("import", address, "--json")[1]) == [0, 1, 0, 1]
        site.sitemap("/sitemap.xml", "/a", "/gone")
        code, out, err = run("import", address, "--json")
        assert (code, counts(out)) == (1, [0, 0, 1, 0])
        assert f"{site.url}/gone: the site answers 404" in err
        assert json.loads(out)["errors"][0]["file"] == f"{site.url}/gone"


def test_a_file_of_addresses_is_a_site(run, tmp_path):
    with serving() as site:
        site.page("/a", "Page a", "You can return a book within thirty days of delivery.")
        (tmp_path / "pages.txt").write_text(f"{site.url}/a\n")
        assert "1 added" in run("import", tmp_path / "pages.txt")[1]


def test_bad_documents_are_named_and_the_rest_is_imported_or_nothing_when_strict(run, tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "good.html").write_text(documents.PAGE)
    (folder / "locked.pdf").write_bytes(documents.pdf(encrypt="secret"))
    (folder / "fake.docx").write_bytes(b"words")
    code, out, err = run("import", folder, "--strict", "--json")
    assert (code, counts(out)) == (1, [0, 0, 0, 0])
    assert "Nothing was imported: 2 entries are wrong" in err
    code, out, err = run("import", folder, "--json")
    assert (code, counts(out)) == (1, [1, 0, 0, 0])
    assert f"{folder}/locked.pdf: the PDF is protected by a password" in err
    assert {one["file"] for one in json.loads(out)["errors"]} == {f"{folder}/locked.pdf", f"{folder}/fake.docx"}


def test_json_is_one_document_and_progress_stays_away(run, faq, tmp_path):
    odd = tmp_path / b"caf\xe9.jsonl".decode("utf-8", "surrogateescape")
    odd.write_text("{")
    code, out, err = run("import", faq, odd, *ITALIAN, "--json")
    assert code == 1
    assert json.loads(out)["added"] == 2
    assert "Published" not in err
    assert "Published" in run("import", faq, *ENGLISH)[2]
