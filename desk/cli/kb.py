"""`sportello kb`: the articles and how they are found. Progress and refusals go to standard error."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from desk.settings import load
from knowledge.article import FIELDS, LANGUAGE_CODE, SYNONYMS
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.base import Changes, KnowledgeBase

app = typer.Typer(no_args_is_help=True)

MAPPABLE: Final = sorted(FIELDS | SYNONYMS.keys())

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def _language(value: str | None) -> str | None:
    if value is not None and not LANGUAGE_CODE.fullmatch(value):
        raise typer.BadParameter("write a code such as it or en")
    return value


Lang = Annotated[str | None, typer.Option(help="Language code, such as it or en.", callback=_language)]


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, equals, key = pair.partition("=")
        if not equals or not key or field not in MAPPABLE:
            raise typer.BadParameter(f"{pair!r} isn't FIELD=KEY with one of the fields {', '.join(MAPPABLE)}")
        mapping[field] = key
    return mapping


@app.command("import")
def import_articles(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders: Markdown, JSONL, CSV.")],
    lang: Lang = None,
    map: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=KEY", help="Read a field of the article from another key.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing when anything is wrong.")] = False,
    as_json: Json = False,
) -> None:
    """Read articles in, build and publish.

    A file is a source: importing it again replaces the articles that came from it before, in the language of --lang
    when that is given. An entry that is refused is named by file and line and the others are imported; the source's
    old articles then stay too, since one of them may be the refused one. Exit code 1 when anything was refused.
    """
    from knowledge.readers import read

    mapping = _mapping(map or [])
    readings = [(path, read(path, mapping, lang)) for path in paths]
    problems = [problem for _, reading in readings for problem in reading.problems]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if strict and problems:
        typer.echo(f"Nothing was imported: {_count(len(problems), 'entry is', 'entries are')} wrong", err=True)
    totals = dict.fromkeys(("added", "changed", "unchanged", "removed"), 0)
    with _refusals():
        good = [] if strict and problems else [(path, found) for path, found in readings if found.articles]
        base = _base(writing=bool(good))
        for path, found in good:
            changes = base.publish(
                found.articles,
                source=str(path.resolve()),
                replace=not found.problems,
                languages={lang, *(article.lang for article in found.articles)} if lang else None,
                say=_say,
            )
            for name in totals:
                totals[name] += getattr(changes, name)
            if not as_json:
                typer.echo(f"{path}: {_changes(changes)}")
        version = base.current_name()
    if as_json:
        errors = [{"file": str(one.file), "line": one.line, "message": one.message} for one in problems]
        _print(totals | {"version": version, "errors": errors})
    if problems:
        raise typer.Exit(1)


@app.command("list")
def list_articles(lang: Lang = None, as_json: Json = False) -> None:
    """The articles that are served: id, language, title."""
    with _refusals():
        articles = [article for article in _base().articles() if lang in (None, article.lang)]
    if as_json:
        _print([asdict(article) for article in articles])
        return
    for article in articles:
        typer.echo(f"{article.id}\t{article.lang}\t{article.label}")


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="The article's id.")], lang: Lang = None, as_json: Json = False
) -> None:
    """An article in all its languages."""
    with _refusals():
        found = [one for one in _base().articles() if one.id == id and lang in (None, one.lang)]
        if not found:
            raise KnowledgeError(f"There is no article {id}{f' in {lang}' if lang else ''}")
    if as_json:
        _print([asdict(article) for article in found])
        return
    for article in found:
        for name, value in asdict(article).items():
            if value and name != "body":
                typer.echo(f"{name}: {' | '.join(value) if isinstance(value, tuple) else value}")
        typer.echo(f"\n{article.body}\n")


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the articles.")], as_json: Json = False
) -> None:
    """Take articles out, in all their languages."""
    with _refusals():
        missing = set(ids) - {article.id for article in _base().articles()}
        if missing:
            raise KnowledgeError(f"There is no article {', '.join(sorted(missing))}; nothing was removed")
        _report(_base(writing=True).remove(ids, _say), as_json)


@app.command()
def build(as_json: Json = False) -> None:
    """Make the encoder if it is missing and build the served articles' index again."""
    with _refusals():
        _report(_base(writing=True).rebuild(_say), as_json)


@app.command()
def versions(as_json: Json = False) -> None:
    """The versions that can be served, newest first; the star marks the one that is."""
    with _refusals():
        known = _base().versions()
    if as_json:
        _print([asdict(version) for version in known])
        return
    for version in known:
        star = "*" if version.current else " "
        typer.echo(f"{star} {version.name}  {version.created_at}  {version.articles} articles  {version.encoder}")


@app.command()
def rollback(
    version: Annotated[str, typer.Argument(help="A name that `versions` lists.")], as_json: Json = False
) -> None:
    """Serve an older version again; running processes follow by themselves."""
    with _refusals():
        _base().rollback(version)
    if as_json:
        _print({"version": version})
    else:
        typer.echo(f"Version {version} is served")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="The question, as a customer would put it.")],
    lang: Lang = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many articles at most.")] = 5,
    as_json: Json = False,
) -> None:
    """Find the articles for a question, with the decision the assistant would take."""
    from knowledge.retriever import Retriever

    with _refusals():
        base = _base()
        found = Retriever(_base(writing=True) if base.current_name() else base).search(query, lang, k)
    if as_json:
        _print(asdict(found))
        return
    typer.echo(f"{found.decision} ({found.confidence:.2f}, {found.lang}, version {found.version or 'none yet'})")
    for match in found.matches:
        typer.echo(f"{match.confidence:.2f}  {match.article_id}  {match.lang}  {match.title}")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help='JSON Lines of {"query", "lang", "relevant": [id…]}.')],
    as_json: Json = False,
) -> None:
    """Measure what is served on questions whose right articles are known."""
    from knowledge import evaluate as evaluation
    from knowledge.retriever import Retriever

    with _refusals():
        questions = evaluation.read_questions(file)
        base = _base()
        result = evaluation.evaluate(Retriever(_base(writing=True) if base.current_name() else base), questions)
    if as_json:
        _print(result)
        return
    for name, value in result.items():
        if name != "risk_coverage":
            typer.echo(f"{name}: {json.dumps(value)}")
    typer.echo("confidence from  answered  of these right")
    for row in result["risk_coverage"]:
        right = "–" if row["precision"] is None else f"{row['precision']:.3f}"
        typer.echo(f"{row['threshold']:15.2f}  {row['coverage']:8.3f}  {right:>14}")


def _base(writing: bool = False) -> KnowledgeBase:
    """The home's knowledge base; with the encoder, built when missing, where texts must be encoded."""
    from knowledge.base import KnowledgeBase

    settings = load()
    if not writing:
        return KnowledgeBase(settings.knowledge_folder, None)
    from knowledge import encoder_build

    if not (settings.encoder_folder / encoder_build.MANIFEST).exists():
        encoder_build.build(settings.encoder_folder, _say)
    from knowledge.encoder import Encoder

    return KnowledgeBase(settings.knowledge_folder, Encoder.load(settings.encoder_folder, settings.encoder_threads))


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence on standard error and exit code 1."""
    try:
        yield
    except (KnowledgeError, OSError) as error:
        typer.echo(f"sportello: {error}", err=True)
        raise typer.Exit(1) from error


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _print(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _report(changes: Changes, as_json: bool) -> None:
    if as_json:
        _print(asdict(changes))
    else:
        typer.echo(_changes(changes))


def _changes(changes: Changes) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in asdict(changes).items() if isinstance(number, int))
    return f"{counts}; version {changes.version or 'none yet'}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
