"""`sportello kb build | versions | rollback`: the states of the knowledge base that can be served."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli.kb import opening
from desk.cli.kb.terminal import Json, print_json, refusals, report, say, silent


def build(as_json: Json = False) -> None:
    """Make the encoder if it is missing and build the served articles' index again."""
    with refusals():
        report(opening.base(writing=True, say=silent if as_json else say).rebuild(silent if as_json else say), as_json)


def versions(as_json: Json = False) -> None:
    """The versions that can be served, newest first; the star marks the one that is."""
    with refusals():
        known = opening.base().versions()
    if as_json:
        print_json([asdict(version) for version in known])
        return
    for version in known:
        star = "*" if version.current else " "
        if version.problem:
            typer.echo(f"{star} {version.name}  {version.problem}")
        else:
            typer.echo(f"{star} {version.name}  {version.created_at}  {version.articles:,} articles  {version.encoder}")
    if not known:
        say("The knowledge base is empty: `sportello kb import` fills it")


def rollback(
    version: Annotated[str, typer.Argument(help="A name that `versions` lists.")], as_json: Json = False
) -> None:
    """Serve an older version again; running processes follow by themselves."""
    with refusals():
        opening.base().rollback(version, silent if as_json else say)
    if as_json:
        print_json({"version": version})
    else:
        typer.echo(f"Version {version} is served")
