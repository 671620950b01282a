"""`python -m bench.knowledge.build ENCODER ARTICLES ROUNDS`: building beside the bare encoder, as JSON.

Both encode the same texts with the same threads; a build also splits, indexes, calibrates, writes and checks.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.knowledge.generated import written
from desk.launch.home import ROOT
from knowledge.base import KnowledgeBase
from knowledge.encoded import Vectors
from knowledge.encoder import Encoder


class Counting:
    """The encoder, and every text it is given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.identity, self.dimension = encoder, encoder.identity, encoder.dimension
        self.asked: list[str] = []
        self.stored: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._encoder.queries(texts)

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        self.stored += texts
        return self._encoder.passages(texts, workers)


def main() -> None:
    encoder, count, rounds = Encoder.load(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    taken = [_round(encoder, count, number) for number in range(rounds)]
    print(json.dumps({name: statistics.median(one[name] for one in taken) for name in taken[0]} | {"articles": count}))


def _round(encoder: Encoder, count: int, number: int) -> dict[str, Any]:
    counting = Counting(encoder)
    made = written(ROOT / "knowledge" / "articles" / "en", count, number)
    with tempfile.TemporaryDirectory(dir=ROOT / "var" / "bench") as folder:
        began, used = time.perf_counter(), time.process_time()
        KnowledgeBase(Path(folder) / "knowledge", counting).publish(made, source="written")
        build, build_used = time.perf_counter() - began, time.process_time() - used
    cores = os.cpu_count() or 1
    began, used = time.perf_counter(), time.process_time()
    encoder.passages(counting.stored, cores)
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(lambda text: encoder.queries([text]), counting.asked))
    bare, bare_used = time.perf_counter() - began, time.process_time() - used
    texts = len(counting.stored) + len(counting.asked)
    rates = {"texts": texts, "build_rate": texts / build, "bare_rate": texts / bare, "share": bare / build}
    return rates | {"share_used": bare_used / build_used}


if __name__ == "__main__":
    main()
