"""The knowledge base: how fast it finds, builds and changes, and what it weighs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

from bench.knowledge import report
from desk.launch.home import ROOT
from knowledge import encoder_build

FOLDER: Final = ROOT / "var" / "bench"
SIZES: Final = (100, 10_000, 100_000, 1_000_000)
MEMORY_FOR: Final = {1_000_000: 14 * 2**30}  # bytes: vectors twice, rows, and every row once more to compare with
QUICK_SIZES: Final = (100, 10_000)


def figures(quick: bool, say: Callable[[str], None]) -> str:
    """The suite's figures as Markdown. Each measurement runs in a process of its own."""
    encoder = FOLDER / "home" / "encoder"
    if not (encoder / encoder_build.MANIFEST).exists():
        encoder_build.build(encoder, say)

    def measured(part: str, *arguments: object) -> Any:
        say(f"{part} {' '.join(map(str, arguments))}".strip())
        done = subprocess.run(
            [sys.executable, "-m", f"bench.knowledge.{part}", str(encoder), *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return json.loads(done.stdout)

    rounds = 3 if quick else 7
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    sizes = [size for size in (QUICK_SIZES if quick else SIZES) if MEMORY_FOR.get(size, 0) <= free]
    return report.write(
        rounds=rounds,
        searches=[measured("search", size, rounds) for size in sizes],
        build=measured("build", 120 if quick else 600, 1 if quick else 3),
        change=measured("change", 2_000 if quick else 10_000, 3 if quick else 5),
        memory=[measured("memory", size) for size in (0, *(() if quick else (100_000,)))],
    )
