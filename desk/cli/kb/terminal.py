"""What the `kb` commands share: their options, their words and how they refuse."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from knowledge.article import LANGUAGE_CODE
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.base import Changes

COUNTS: Final = ("added", "changed", "unchanged", "removed")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def _language(value: str | None) -> str | None:
    if value is not None and not LANGUAGE_CODE.fullmatch(value):
        raise typer.BadParameter("write a code such as it or en")
    return value


Lang = Annotated[str | None, typer.Option(help="Language code, such as it or en.", callback=_language)]


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """A refusal is a sentence on standard error and exit code 1."""
    try:
        yield
    except (KnowledgeError, OSError) as error:
        typer.echo(f"sportello: {error}", err=True)
        raise typer.Exit(1) from error


def say(line: str) -> None:
    """A line of progress."""
    typer.echo(line, err=True)


def silent(line: str) -> None:
    """No line: whoever asked for JSON gets JSON."""


def print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def report(changes: Changes, as_json: bool) -> None:
    """What a command changed."""
    if as_json:
        print_json(asdict(changes))
    else:
        typer.echo(in_words(changes))


def in_words(changes: Changes) -> str:
    counts = ", ".join(f"{getattr(changes, name):,} {name}" for name in COUNTS)
    return f"{counts}; version {changes.version or 'none yet'}"


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
