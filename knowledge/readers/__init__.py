"""Reads articles from files: Markdown with front matter, JSON Lines, CSV, and folders of these.

A reader yields a `Record` for each entry it finds and a `Problem` for each it can't read; `read` turns the records
into articles. One bad entry never hides the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.article import Article
from knowledge.errors import ArticleError
from knowledge.language import tell
from knowledge.readers import csv_file, jsonl_file, markdown_file
from knowledge.readers.record import Problem, Record

READERS: Final = {
    ".csv": csv_file.read,
    ".jsonl": jsonl_file.read,
    ".ndjson": jsonl_file.read,
    ".md": markdown_file.read,
    ".markdown": markdown_file.read,
}
LARGEST_FILE: Final = 200 * 2**20


@dataclass(frozen=True)
class Reading:
    """What was read: the good articles, and a problem for each of the others."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]


def read(path: Path, mapping: Mapping[str, str] | None = None, lang: str | None = None) -> Reading:
    """Reads a file or, with everything below it, a folder.

    `mapping` names, for a field of an article, the key it is found under instead. `lang` is the language of entries
    that don't state theirs; without it, it is detected.
    """
    articles: dict[tuple[str, str], Article] = {}
    problems: list[Problem] = []
    for record in _records(path):
        try:
            if isinstance(record, Problem):
                problems.append(record)
                continue
            article = _article(record, mapping or {}, lang)
            if (article.id, article.lang) in articles:
                raise ArticleError(f"the id {article.id!r} appears a second time in {article.lang}")
            articles[article.id, article.lang] = article
        except ArticleError as error:
            problems.append(Problem(record.file, record.line, str(error)))
    return Reading(tuple(articles.values()), tuple(problems))


def _records(path: Path) -> Iterator[Record | Problem]:
    if not path.exists():
        yield Problem(path, 0, "there is no such file or folder")
    elif path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and file.is_file())
        if not files:
            yield Problem(path, 0, f"the folder holds no {', '.join(READERS)} file")
        for file in files:
            yield from _file_records(file, path)
    elif path.suffix.lower() not in READERS:
        yield Problem(path, 0, f"files of this kind can't be read; these can: {', '.join(READERS)}")
    else:
        yield from _file_records(path, path.parent)


def _file_records(file: Path, root: Path) -> Iterator[Record | Problem]:
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            yield Problem(file, 0, f"the file has {size >> 20} MB, at most {LARGEST_FILE >> 20} are read")
        elif size == 0:
            yield Problem(file, 0, "the file is empty")
        else:
            yield from READERS[file.suffix.lower()](file, root)
    except OSError as error:
        yield Problem(file, 0, f"the file can't be read: {error.strerror}")


def _article(record: Record, mapping: Mapping[str, str], lang: str | None) -> Article:
    fields = dict(record.fields)
    for field, key in mapping.items():
        fields[field] = record.fields.get(key)
    # the two names of the same field: the one that was asked for wins
    for field, synonym in (("question", "title"), ("answer", "body")):
        for wanted, other in ((field, synonym), (synonym, field)):
            if wanted in mapping and other not in mapping:
                fields.pop(other, None)
    try:
        return Article.from_fields(fields | {"lang": fields.get("lang") or lang or _detected(fields)})
    except ArticleError as error:
        missing = [key for key in mapping.values() if key not in record.fields]
        hint = f" (there is no {', '.join(missing)} in this entry)" if missing else ""
        raise ArticleError(f"{error}{hint}") from error


def _detected(fields: Mapping[str, object]) -> str:
    values = [fields.get(name) for name in ("question", "title", "answer", "body")]
    texts = [text for value in values for text in (value if isinstance(value, list) else [value])]
    found = tell("\n".join(text for text in texts if isinstance(text, str)))
    if found is None and fields.get("id"):
        raise ArticleError("its language can't be told: state it in the entry or with --lang")
    return found or ""
