"""`python -m bench.knowledge.memory ENCODER PASSAGES`: what a process with encoder and knowledge holds, as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from desk.launch.home import ROOT


def main() -> None:
    size = int(sys.argv[2])
    with tempfile.TemporaryDirectory(dir=ROOT / "var" / "bench") as folder:
        if size:  # built by another process, whose memory doesn't count
            code = "import sys; from pathlib import Path; from bench.knowledge.generated import published; "
            code += "published(Path(sys.argv[1]), int(sys.argv[2]))"
            subprocess.run([sys.executable, "-c", code, folder, str(size)], cwd=ROOT, check=True)
        print(json.dumps({"size": size} | _held(Path(sys.argv[1]), Path(folder), size)))


def _held(encoder_folder: Path, folder: Path, size: int) -> dict[str, int]:
    """Bytes: after the imports, with the encoder, and with the knowledge after some searches.

    `private` leaves out what is mapped from files, which the system shares between processes and takes back at need.
    """
    from bench.knowledge.generated import GeneratedEncoder, articles, asked
    from knowledge.base import KnowledgeBase
    from knowledge.encoder import Encoder
    from knowledge.retriever import Retriever

    held = {"imported": _memory()[0]}
    encoder = Encoder.load(encoder_folder)
    encoder.queries(["Where is my order?", " ".join(["word"] * 400)])
    held["encoder"], held["encoder_private"] = _memory()
    questions, generated = asked([one.title for one in articles(200)], seed=3), GeneratedEncoder()
    vectors = generated.queries(questions)
    base = KnowledgeBase(folder, generated)
    before, before_private = _memory()
    for question, vector in zip(questions, vectors, strict=True):
        Retriever(base).search(question, "en", vector=vector)
    after, after_private = _memory()
    return held | {"knowledge": after - before, "knowledge_private": after_private - before_private}


def _memory() -> tuple[int, int]:
    """Resident bytes of this process, and those of them that are its own."""
    held = {}
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_ = line.split()
        held[name] = int(size) * 1024
    return held["Rss:"], held["Anonymous:"]


if __name__ == "__main__":
    main()
