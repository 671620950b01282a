"""`python -m bench.knowledge.search ENCODER SIZE ROUNDS`: a search beside encoding and FAISS alone, as JSON.

Ours is the whole of `Retriever.search`: vectors, words, calibrated confidence. Each is asked the same questions in
turn, every question encoded anew by the real encoder; the vectors searched with are generated, as the articles are.
Times are processor times of the one thread that does it all: the waiting time where nothing else wants the processor.
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np

from bench.knowledge.generated import GeneratedEncoder, articles, asked, published
from desk.launch.home import ROOT
from knowledge.encoded import Vectors
from knowledge.encoder import Encoder
from knowledge.index import DenseIndex
from knowledge.retriever import Retriever

QUESTIONS: Final = 60  # a round
COMPARED: Final = 10


def main() -> None:
    encoder, size, rounds = Encoder.load(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    (ROOT / "var" / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var" / "bench") as folder:
        began = time.perf_counter()
        base = published(Path(folder) / "knowledge", size)
        seconds = time.perf_counter() - began
        print(json.dumps(measure(base, encoder, size, rounds) | {"build": seconds}))


def measure(base: Any, encoder: Encoder, size: int, rounds: int) -> dict[str, Any]:
    version = base.current()
    dense: DenseIndex = version.parts["en"].dense
    every = faiss.IndexFlatIP(GeneratedEncoder.dimension)
    for start in range(0, len(dense), 50_000):
        every.add(dense.rows(np.arange(start, min(start + 50_000, len(dense)))))
    titles = [article.title for article in itertools.islice(articles(min(size, 10_000)), 0, None, 1)]
    questions = asked([titles[n % len(titles)] for n in range(0, 7 * rounds * QUESTIONS, 7)], seed=3)
    generated = GeneratedEncoder()
    vectors = generated.passages([f"{titles[n % len(titles)]}\n{n}" for n in range(0, 7 * rounds * QUESTIONS, 7)])
    retriever = Retriever(base)
    ways: dict[str, Callable[[str, Vectors], object]] = {
        "search": lambda question, vector: retriever.search(question, "en", vector=vector),
        "faiss": lambda question, vector: every.search(vector[None], COMPARED),
        "same_index": lambda question, vector: dense.search(vector[None], COMPARED),
    }
    taken: list[dict[str, float]] = []
    for start in range(0, len(questions), QUESTIONS):
        times: dict[str, list[float]] = {name: [] for name in [*ways, "encode"]}
        for question, vector in zip(questions[start:][:QUESTIONS], vectors[start:], strict=False):
            for name, way in ways.items():
                began = time.thread_time()
                encoder.queries([question])
                encoded = time.thread_time()
                way(question, vector)
                times[name].append(time.thread_time() - began)
                times["encode"].append(encoded - began)
        taken.append({name: statistics.median(some) for name, some in times.items()})
    best = every.search(vectors[:300], COMPARED)[1]
    found = dense.search(vectors[:300], COMPARED)[1]
    shares = [len(np.intersect1d(one, other)) / COMPARED for one, other in zip(best, found, strict=True)]
    return {
        "size": size,
        "rows": len(dense),
        "kind": dense.kind,
        "recall": statistics.mean(shares),
        "seconds": {name: statistics.median(one[name] for one in taken) for name in taken[0]},
        "ratio": statistics.median(one["search"] / one["faiss"] for one in taken),
        "ratio_same_index": statistics.median(one["search"] / one["same_index"] for one in taken),
    }


if __name__ == "__main__":
    main()
