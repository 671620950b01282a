"""`sportello kb import`: articles from files, folders and sites."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from desk.cli.kb import opening
from desk.cli.kb.progress import Progress, progress
from desk.cli.kb.terminal import COUNTS, Json, Lang, counted, in_words, print_json, refusals
from knowledge.article import FIELDS, SYNONYMS

if TYPE_CHECKING:
    from knowledge.base import Changes
    from knowledge.readers import Problem, Reading

MAPPABLE: Final = sorted(FIELDS | SYNONYMS.keys())


def _encoding(value: str | None) -> str | None:
    if value is not None:
        try:
            codecs.lookup(value)
            "".encode(value)
        except LookupError as error:
            raise typer.BadParameter("write a name such as latin-1 or cp1252") from error
    return value


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, equals, key = pair.partition("=")
        if not equals or not key or field not in MAPPABLE:
            raise typer.BadParameter(f"{pair!r} isn't FIELD=KEY with one of the fields {', '.join(MAPPABLE)}")
        mapping[field] = key
    return mapping


def import_articles(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files or folders (Markdown, HTML, PDF, Word, CSV, JSONL), addresses of pages or sitemaps.",
        ),
    ],
    lang: Lang = None,
    map: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=KEY", help="Read a field of the article from another key.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing when anything is wrong.")] = False,
    encoding: Annotated[
        str | None, typer.Option(help="Of text files that aren't UTF-8, such as cp1252.", callback=_encoding)
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Read a site whose public name leads into a private network.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read articles in, build and publish.

    Each file, folder or site is a source: importing it again replaces the articles that came from it before, in the
    language of --lang when that is given. What is refused is named by file and line and the rest is imported; the
    source's old articles then stay too, since one of them may be the refused one. Exit code 1 when anything was
    refused. A .txt file of addresses, one a line, is a site.
    """
    mapping = _mapping(map or [])
    with progress(quiet=as_json) as shown:
        sources = [_read(path, mapping, lang, encoding, private, shown) for path in paths]
        problems = [problem for source in sources for problem in source.reading.problems]
        for problem in problems:
            shown.refuse(str(problem))
        if strict and problems:
            shown.refuse(f"Nothing was imported: {counted(len(problems), 'entry is', 'entries are')} wrong")
        good = [] if strict and problems else [source for source in sources if source.reading.articles]
        with refusals():
            base = opening.base(writing=bool(good), say=shown.say)
            done = [(source, source.publish(base.publish, lang, shown)) for source in good]
            version = base.current_name()
    if as_json:
        print_json(_totals([changes for _, changes in done]) | {"version": version, "errors": _errors(problems)})
    else:
        for source, changes in done:
            typer.echo(f"{source.name}: {in_words(changes)}")
    if problems:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Source:
    """What one argument named, and what was read from it."""

    name: str
    key: str
    reading: Reading

    def publish(self, publish: Callable[..., Changes], lang: str | None, shown: Progress) -> Changes:
        articles = self.reading.articles
        return publish(
            articles,
            source=self.key,
            replace=not self.reading.problems,
            languages={lang, *(article.lang for article in articles)} if lang else None,
            say=shown.say,
        )


def _read(
    name: str, mapping: dict[str, str], lang: str | None, encoding: str | None, private: bool, shown: Progress
) -> _Source:
    from knowledge.readers import read
    from knowledge.readers.site import addresses_in, is_address, read_site

    path = Path(name)
    addresses = [name] if is_address(name) else addresses_in(path)
    if addresses:
        key = name.rstrip("/") if is_address(name) else str(path.resolve())
        return _Source(name, key, read_site(addresses, mapping, lang, private=private, seen=shown.seen))
    return _Source(name, str(path.resolve()), read(path, mapping, lang, encoding, shown.seen))


def _totals(done: list[Changes]) -> dict[str, Any]:
    return {name: sum(getattr(changes, name) for changes in done) for name in (*COUNTS, "taken")}


def _errors(problems: list[Problem]) -> list[dict[str, Any]]:
    from knowledge.readers.record import place

    return [{"file": place(one.file, 0), "line": one.line, "message": one.message} for one in problems]
