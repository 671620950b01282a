"""`python -m bench.knowledge.change ENCODER ARTICLES ROUNDS`: one changed article among many published, as JSON."""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.knowledge.generated import GeneratedEncoder, articles, sentences
from desk.launch.home import ROOT
from knowledge.base import KnowledgeBase
from knowledge.encoded import Vectors
from knowledge.encoder import Encoder


class Timed(GeneratedEncoder):
    """Gives generated vectors, and takes the time that the real encoder takes for the same texts."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self._encoder, self.real = encoder, False

    def passages(self, texts: Sequence[str], workers: int = 1) -> Vectors:
        if self.real:
            self._encoder.passages(texts, workers)
        return super().passages(texts, workers)


def main() -> None:
    encoder, count, rounds = Timed(Encoder.load(Path(sys.argv[1]))), int(sys.argv[2]), int(sys.argv[3])
    said = sentences(ROOT / "knowledge" / "articles" / "en")
    made = list(articles(count))
    wall, processor = [], []
    with tempfile.TemporaryDirectory(dir=ROOT / "var" / "bench") as folder:
        KnowledgeBase(Path(folder) / "knowledge", encoder).publish(made, source="generated")
        encoder.real = True
        for number in range(rounds):
            body = " ".join(said[number * 6 :][:6])
            made[number * 17] = dataclasses.replace(made[number * 17], body=body)
            began, used = time.perf_counter(), time.process_time()
            # as an import does it: everything is given again, in a fresh process's eyes
            changes = KnowledgeBase(Path(folder) / "knowledge", encoder).publish(made, source="generated", replace=True)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - used)
            assert (changes.added, changes.changed, changes.removed) == (0, 1, 0)
    print(json.dumps({"articles": count, "wall": statistics.median(wall), "processor": statistics.median(processor)}))


if __name__ == "__main__":
    main()
