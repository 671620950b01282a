"""`python -m bench [SUITE…] [--quick] [--write docs/benchmarks.md]`: measure, print, write down."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from bench import document, machine

SUITES: Final = tuple(sorted(one.parent.name for one in Path(__file__).parent.glob("*/method.md")))


def main() -> None:
    """Measure suite by suite, print each one's figures, and put them into a document when asked to."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"{', '.join(SUITES)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="one short round: to see that it works, not to quote")
    parser.add_argument("--write", type=Path, metavar="FILE", help="replace each suite's section of this file")
    chosen = parser.parse_args()
    if unknown := set(chosen.suites) - set(SUITES):
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    signal.signal(signal.SIGTERM, _stop)
    for suite in chosen.suites or SUITES:
        heading = _heading()
        found = f"{heading}\n\n{importlib.import_module(f'bench.{suite}').figures(chosen.quick, _say)}"
        print(found)
        if chosen.write:
            document.write(chosen.write, suite, found)


def _heading() -> str:
    """What figures depend on, taken before they are measured."""
    when = f"{machine.today()}, commit {machine.commit()}; load average before the run {machine.busy():.1f}"
    return f"- Machine: {machine.describe()}\n- {when}"


def _say(line: str) -> None:
    print(f"{time.monotonic() - _BEGAN:6.1f} s  {line}", file=sys.stderr, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


_BEGAN: Final = time.monotonic()

if __name__ == "__main__":
    main()
