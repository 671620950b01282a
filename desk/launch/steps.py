"""What a person at the terminal sees while things are set up: one line per step, with the time it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

_console: Final = Console(stderr=False, highlight=False, soft_wrap=True)


class Step:
    """A step under way: `say` shows how far it is, `done` what came of it."""

    def __init__(self, name: str) -> None:
        self.name, self.result = name, ""

    def say(self, progress: str) -> None:
        self._progress(progress)

    def done(self, result: str) -> None:
        self.result = result

    def _progress(self, progress: str) -> None:
        if _console.is_terminal:
            _console.print(f"{self.name:<10}[dim]{progress}[/dim]", end="\r")


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Run one step; its line is printed when it has ended."""
    started = time.monotonic()
    one = Step(name)
    yield one
    clear = "\x1b[2K" if _console.is_terminal else ""
    sys.stdout.write(clear)
    _console.print(f"{name:<10}{one.result}  [dim]{time.monotonic() - started:.1f} s[/dim]")


def line(name: str, text: str) -> None:
    """A line that is no step: an address, a warning, a restart."""
    _console.print(f"{name:<10}{text}")
