"""A full turn from frame to frame, beside its own floor and a stock Rasa assistant."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from bench import processes
from bench.turns import lengths, product, report, said, widget_files, wordings
from bench.turns.floor import Floor
from bench.turns.rounds import Plan, Rounds, Targets
from bench.turns.stock import assistant as stock
from desk.launch.home import ROOT
from knowledge.base import KnowledgeBase

FOLDER: Final = ROOT / "var" / "bench"
FULL: Final = Plan(rounds=5, window=4.0, warm_up=1.0, late_turns=30)
QUICK: Final = Plan(rounds=1, window=2.0, warm_up=0.5, late_turns=10)


def figures(quick: bool, say: Callable[[str], None]) -> str:
    """The suite's figures as Markdown."""
    return report.write(measure(QUICK if quick else FULL, say))


def measure(plan: Plan, say: Callable[[str], None]) -> report.Run:
    """One run. Whatever it starts is stopped when it ends, however it ends."""
    home = FOLDER / "home"
    with contextlib.ExitStack() as stack:
        say("stock assistant: training, unless it is there from an earlier run")
        model = stock.train(FOLDER)
        say("product: starting")
        url, supervisor = stack.enter_context(product.running(home))
        say("product with two bot processes: starting")
        other = product.second(home, FOLDER / "home-2")
        two_url, two_supervisor = stack.enter_context(product.running(other, bots=2))
        say("stock assistant: starting")
        stock_url, rasa, actions = stack.enter_context(stock.running(model, home))
        floor = Floor(home)
        stack.callback(floor.stop)
        ours, two = (
            {name: processes.children(one.pid, module) for name, module in product.CHILDREN.items()}
            for one in (supervisor, two_supervisor)
        )
        theirs = {"stock Rasa": processes.tree(rasa.pid), "stock action server": processes.tree(actions.pid)}
        articles = KnowledgeBase(home / "knowledge", None).articles()
        targets = Targets(url, ours, two_url, two, stock_url, theirs, floor, articles)
        measured = asyncio.run(Rounds(plan, targets, say).run())
        late = asyncio.run(lengths.measure(url, wordings.fresh(articles, seed=11), plan.late_turns, say))
        groups = {"supervisor": [supervisor.pid], **ours, "each of two bots": two["bot"][:1], **theirs}
        memory = {name: processes.memory(pids) for name, pids in groups.items()}
        kinds = said.kinds(home)
    return report.Run(
        plan=plan,
        measured=measured,
        lengths=late,
        kinds=kinds,
        memory=memory,
        weight=widget_files.weigh(),
    )
