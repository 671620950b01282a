"""The run as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.processes import Memory
from bench.table import table
from bench.turns.lengths import Length
from bench.turns.load import Sample
from bench.turns.rounds import AT_ONCE, Measured, Plan
from bench.turns.widget_files import Weight

NAMES: Final = {
    "turn": "full turn, every text new",
    "repeated": "full turn, 20 texts repeated",
    "two": "full turn, every text new, two bot processes",
    "stock": "stock Rasa assistant, every text new",
    "floor": "floor: encode + FAISS alone",
}
SEARCHED: Final = ("answer", "clarify", "fallback")


@dataclass(frozen=True)
class Run:
    """Everything one run found out."""

    plan: Plan
    measured: Measured
    lengths: Sequence[Length]
    kinds: Mapping[str, int]
    memory: Mapping[str, Memory]
    weight: Weight


def write(run: Run) -> str:
    """The report; every figure a median over the rounds."""
    measured = run.measured
    parts = (_heading(run), _times(measured), _ratios(measured), _lengths(run.lengths), _cpu(measured))
    return "\n\n".join((*parts, _memory(run.memory), _widget(run.weight), _replies(run))) + "\n"


def _heading(run: Run) -> str:
    return f"{run.plan.rounds} interleaved rounds of {run.plan.window:g} s each; medians over the rounds."


def _times(measured: Measured) -> str:
    columns = [f"{at_once} at once: p50 / p95 ms (per second)" for at_once in AT_ONCE]
    rows = [[name, *(_time(measured.of(system, at_once)) for at_once in AT_ONCE)] for system, name in NAMES.items()]
    return "### Time of a turn\n\n" + table(["", *columns], rows)


def _time(samples: Sequence[Sample]) -> str:
    p50, p95 = (_median(samples, of) * 1000 for of in (lambda one: one.p50, lambda one: one.p95))
    return f"{p50:.1f} / {p95:.1f} ({_median(samples, lambda one: one.rate):.0f})"


def _ratios(measured: Measured) -> str:
    """Ratios within a round, where both sides saw the same weather; then the median of them."""

    def compare(system: str, other: str, of: Callable[[Sample], float]) -> list[str]:
        return [
            f"{statistics.median(_shares(measured.of(system, at_once), measured.of(other, at_once), of)):.1f}×"
            for at_once in AT_ONCE
        ]

    rows = [
        ["p50 of a turn over the floor's", *compare("turn", "floor", lambda one: one.p50), "at most 3× at 1"],
        ["floor's turns a second over the product's", *compare("floor", "turn", lambda one: one.rate), ""],
        [
            "turns a second over stock Rasa's",
            *compare("turn", "stock", lambda one: one.rate),
            "at least 5× at 8 and 32",
        ],
        ["p50 of stock Rasa over the product's", *compare("stock", "turn", lambda one: one.p50), ""],
    ]
    return "### Ratios\n\n" + table(["", *(f"{at_once} at once" for at_once in AT_ONCE), "aim"], rows)


def _shares(ours: Sequence[Sample], others: Sequence[Sample], of: Callable[[Sample], float]) -> list[float]:
    return [of(one) / of(other) if of(other) else float("nan") for one, other in zip(ours, others, strict=True)]


def _lengths(lengths: Sequence[Length]) -> str:
    first = lengths[0].p50
    rows = [[str(one.turn), f"{one.p50 * 1000:.1f}", f"{one.p50 / first:.2f}×", str(one.n)] for one in lengths]
    return "### A long conversation\n\n" + table(["turn", "p50 ms", "of the first (aim: within 20 %)", "turns"], rows)


def _cpu(measured: Measured) -> str:
    rows = []
    for system in ("turn", "repeated", "two", "stock"):
        for process in measured.of(system, AT_ONCE[0])[0].cpu:
            used = [statistics.median(one.cpu[process] for one in measured.of(system, at_once)) for at_once in AT_ONCE]
            rows.append([NAMES[system], process, *(f"{seconds * 1000:.1f}" for seconds in used)])
    columns = ["", "process", *(f"{at_once} at once" for at_once in AT_ONCE)]
    return "### Processor time of a turn, ms\n\n" + table(columns, rows)


def _memory(memory: Mapping[str, Memory]) -> str:
    rows = [[name, f"{one.resident / 2**20:.0f}", f"{one.proportional / 2**20:.0f}"] for name, one in memory.items()]
    return "### Memory after the load, MiB\n\n" + table(["process", "RSS", "PSS"], rows)


def _widget(weight: Weight) -> str:
    rows = [
        ["`widget.js`, what a page of the shop loads", f"{weight.loader:,}"],
        [f"all {weight.files} files of the widget, both languages", f"{weight.everything:,}"],
    ]
    return "### Widget, bytes after gzip\n\n" + table(["", "bytes"], rows)


def _replies(run: Run) -> str:
    measured, kinds = run.measured, run.kinds
    asked = max(1, kinds.get("customer", 0))
    searched = sum(kinds.get(kind, 0) for kind in SEARCHED) / asked
    stock = measured.searched("stock") / max(1, measured.turns("stock"))
    shares = ", ".join(f"{kind} {kinds.get(kind, 0) / asked:.0%}" for kind in (*SEARCHED, "greeting", "failure"))
    failed = ", ".join(f"{measured.failures(system)} of {measured.turns(system):,} {system}" for system in NAMES)
    lines = (
        f"- The product searched for {searched:.0%} of {asked:,} messages ({shares}), stock Rasa for {stock:.0%}.",
        f"- Failed: {failed}.",
    )
    return "### What was replied\n\n" + "\n".join(lines)


def _median(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    return statistics.median(of(sample) for sample in samples)
