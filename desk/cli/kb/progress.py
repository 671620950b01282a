"""How far a long command is: a bar on a terminal, plain lines elsewhere, nothing where JSON was asked for."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from desk.cli.kb import terminal

if TYPE_CHECKING:
    from knowledge.encoded import Say
    from knowledge.readers import Seen


@dataclass(frozen=True)
class Progress:
    """`say` takes a line, `seen` how many files of how many are read; `refuse` a line that is always shown."""

    say: Say
    seen: Seen
    refuse: Say


@contextlib.contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """What a command tells of its progress while it runs."""
    if quiet:
        yield Progress(terminal.silent, _unseen, _refuse)
        return
    if not sys.stderr.isatty():
        yield Progress(terminal.say, _unseen, _refuse)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True, highlight=False, markup=False)
    columns = (TextColumn("Reading", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, TextColumn("{task.description}", markup=False), console=console, transient=True) as bars:
        task = bars.add_task("", total=None, visible=False)

        def seen(done: int, total: int, name: str) -> None:
            bars.update(task, completed=done, total=total, description=name[-60:], visible=total > 1)

        def say(line: str) -> None:
            bars.update(task, visible=False)
            console.print(line)

        yield Progress(say, seen, say)


def _unseen(done: int, total: int, name: str) -> None:
    return None


def _refuse(line: str) -> None:
    typer.echo(line, err=True)
