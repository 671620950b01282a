"""From raw entries to articles: fields renamed, language told, ids kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from knowledge.article import LONGEST_TITLE, Article
from knowledge.errors import ArticleError
from knowledge.language import tell
from knowledge.readers.parts import parts
from knowledge.readers.record import Problem, Record

MOST_PROBLEMS: Final = 1000  # of one file, named one by one


@dataclass(frozen=True)
class Reading:
    """What was read: the good articles, and a problem for each of the others."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]


def gather(records: Iterable[Record | Problem], mapping: Mapping[str, str], lang: str | None) -> Reading:
    """The articles of all records. One bad entry never hides the others."""
    articles: dict[tuple[str, str], tuple[Article, str]] = {}
    problems: list[Problem] = []
    amount: Counter[object] = Counter()
    for record in records:
        found: list[Problem] = []
        if isinstance(record, Problem):
            found.append(record)
        else:
            found += _add(record, mapping, lang, articles)
        for problem in found:
            amount[problem.file] += 1
            if amount[problem.file] <= MOST_PROBLEMS:
                problems.append(problem)
    for file, number in amount.items():
        if number > MOST_PROBLEMS:
            problems.append(Problem(str(file), 0, f"{number - MOST_PROBLEMS:,} more entries are wrong"))
    return Reading(tuple(article for article, _ in articles.values()), tuple(problems))


def _add(
    record: Record, mapping: Mapping[str, str], lang: str | None, articles: dict[tuple[str, str], tuple[Article, str]]
) -> Iterator[Problem]:
    try:
        for article in _articles(record, mapping, lang):
            first = articles.get((article.id, article.lang))
            if first:
                where = "" if first[1] == record.place else f"; the first is {first[1]}"
                raise ArticleError(f"the id {article.id!r} appears a second time in {article.lang}{where}")
            articles[article.id, article.lang] = article, record.place
    except ArticleError as error:
        yield Problem(record.file, record.line, str(error))


def _articles(record: Record, mapping: Mapping[str, str], lang: str | None) -> list[Article]:
    """The record's article, or, of a long document, its articles."""
    fields = _mapped(record.fields, mapping)
    try:
        language = str(fields.get("lang") or _language(record, fields, lang))
        stated = fields.get("id") not in (None, "")
        translation = record.translation
        if not stated:
            named = translation is not None and translation.lang == language
            fields["id"] = translation.id if translation and named else record.path_id
        if not language and fields["id"]:
            raise ArticleError("its language can't be told: state it in the entry or with --lang")
        fields["lang"] = language
        if not record.whole or not isinstance(fields.get("body"), str):
            return [Article.from_fields(fields)]
        title = str(fields.get("title") or "")[:LONGEST_TITLE]
        return [
            Article.from_fields(
                fields
                | {
                    "id": f"{fields['id']}/{part.path}".rstrip("/"),
                    "title": part.title[:LONGEST_TITLE],
                    "body": part.body,
                }
            )
            for part in parts(title, fields["body"])
        ]
    except ArticleError as error:
        missing = [key for key in mapping.values() if key not in record.fields]
        hint = f" (there is no {', '.join(missing)} in this entry)" if missing else ""
        raise ArticleError(f"{error}{hint}") from error


def _mapped(found: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    fields = dict(found)
    for field, key in mapping.items():
        fields[field] = found.get(key)
    # the two names of the same field: the one that was asked for wins
    for field, synonym in (("question", "title"), ("answer", "body")):
        for wanted, other in ((field, synonym), (synonym, field)):
            if wanted in mapping and other not in mapping:
                fields.pop(other, None)
    return fields


def _language(record: Record, fields: Mapping[str, Any], lang: str | None) -> str:
    """What a pair of paths states, else what was asked for, else what the text tells; "" when nothing does."""
    translation = record.translation
    if translation and translation.paired:
        return translation.lang
    if lang:
        return lang
    told = _told(fields)
    for claimed in (translation.lang if translation else "", record.spoken.replace("_", "-").split("-")[0]):
        if claimed and told in (None, claimed):
            return claimed
    return told or ""


def _told(fields: Mapping[str, Any]) -> str | None:
    values = [fields.get(name) for name in ("question", "title", "answer", "body")]
    texts = [text for value in values for text in (value if isinstance(value, list) else [value])]
    return tell("\n".join(text for text in texts if isinstance(text, str)))
