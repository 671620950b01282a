"""`sportello kb list | show | remove`: the articles that are served."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli.kb import opening
from desk.cli.kb.terminal import Json, Lang, print_json, refusals, report, say
from knowledge.errors import KnowledgeError


def list_articles(lang: Lang = None, as_json: Json = False) -> None:
    """The articles that are served: id, language, title."""
    with refusals():
        articles = [article for article in opening.base().articles() if lang in (None, article.lang)]
    if as_json:
        print_json([asdict(article) for article in articles])
        return
    for article in articles:
        typer.echo(f"{article.id}\t{article.lang}\t{article.label}")


def show(
    id: Annotated[str, typer.Argument(help="The article's id.")], lang: Lang = None, as_json: Json = False
) -> None:
    """An article in all its languages."""
    with refusals():
        found = [one for one in opening.base().articles() if one.id == id and lang in (None, one.lang)]
        if not found:
            raise KnowledgeError(f"There is no article {id}{f' in {lang}' if lang else ''}")
    if as_json:
        print_json([asdict(article) for article in found])
        return
    for article in found:
        for name, value in asdict(article).items():
            if value and name != "body":
                typer.echo(f"{name}: {' | '.join(value) if isinstance(value, tuple) else value}")
        typer.echo(f"\n{article.body}\n")


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of the articles.")], as_json: Json = False
) -> None:
    """Take articles out, in all their languages."""
    with refusals():
        missing = set(ids) - {article.id for article in opening.base().articles()}
        if missing:
            raise KnowledgeError(f"There is no article {', '.join(sorted(missing))}; nothing was removed")
        report(opening.base(writing=True).remove(ids, say), as_json)
