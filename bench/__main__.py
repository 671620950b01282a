"""`python -m bench [--quick] [--write docs/benchmarks.md]`: start everything, measure in rounds, stop everything."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from bench import document, machine, processes, product, report, said, widget_files
from bench.floor import Floor
from bench.rounds import Plan, Rounds, Targets
from bench.stock import assistant as stock
from desk.home import ROOT
from knowledge.base import KnowledgeBase

FOLDER: Final = ROOT / "var" / "bench"
FULL: Final = Plan(rounds=5, window=4.0, warm_up=1.0)
QUICK: Final = Plan(rounds=1, window=2.0, warm_up=0.5)


def main() -> None:
    """Measure, print the report, and put it into a document when asked to."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: to see that it works, not to quote")
    parser.add_argument("--write", type=Path, metavar="FILE", help="replace the marked section of this file")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    found = report.write(measure(QUICK if chosen.quick else FULL))
    print(found)
    if chosen.write:
        document.write(chosen.write, found)


def measure(plan: Plan) -> report.Run:
    """One run. Whatever it starts is stopped when it ends, however it ends."""
    home, began, busy = FOLDER / "home", time.monotonic(), machine.busy()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {line}", file=sys.stderr, flush=True)

    with contextlib.ExitStack() as stack:
        say("stock assistant: training, unless it is there from an earlier run")
        model = stock.train(FOLDER)
        say("product: starting")
        url, supervisor = stack.enter_context(product.running(home))
        say("stock assistant: starting")
        stock_url, rasa, actions = stack.enter_context(stock.running(model, home))
        floor = Floor(home)
        stack.callback(floor.stop)
        ours = {name: [processes.child(supervisor.pid, module)] for name, module in product.CHILDREN.items()}
        theirs = {"stock Rasa": processes.tree(rasa.pid), "stock action server": processes.tree(actions.pid)}
        articles = KnowledgeBase(home / "knowledge", None).articles()
        targets = Targets(url, ours, stock_url, theirs, floor, articles)
        measured = asyncio.run(Rounds(plan, targets, say).run())
        groups = {"supervisor": [supervisor.pid], **ours, **theirs}
        memory = {name: processes.memory(pids) for name, pids in groups.items()}
        kinds = said.kinds(home)
    return report.Run(
        plan=plan,
        machine=machine.describe(),
        day=machine.today(),
        commit=machine.commit(),
        busy=busy,
        measured=measured,
        kinds=kinds,
        memory=memory,
        weight=widget_files.weigh(),
    )


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
