"""`sportello kb`: the articles and how they are found. Progress and refusals go to standard error."""

from __future__ import annotations

import typer

from desk.cli import gaps
from desk.cli.kb.articles import list_articles, remove, show
from desk.cli.kb.importing import import_articles
from desk.cli.kb.measuring import evaluate, search
from desk.cli.kb.versions import build, rollback, versions

app = typer.Typer(no_args_is_help=True)
app.command("import")(import_articles)
app.command("list")(list_articles)
app.command("show")(show)
app.command("remove")(remove)
app.command("build")(build)
app.command("versions")(versions)
app.command("rollback")(rollback)
app.command("search")(search)
app.command("evaluate")(evaluate)
gaps.register(app)
