"""The floor under a turn: encoding and FAISS alone, in one process, with the encoder threads of the product.

`python -m bench.turns.floor HOME` reads {"at_once", "window", "warm_up"} a line and answers with a sample.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.turns import load, wordings
from bench.turns.product import environment
from desk.launch.home import ROOT
from desk.settings import Settings


class Floor:
    """The measuring process, driven over its pipes."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.turns.floor", str(home)],
            cwd=ROOT,
            env={**environment(), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, at_once: int, window: float, warm_up: float) -> load.Sample:
        """One sample. Raises RuntimeError when the process is gone."""
        assert self.process.stdin is not None and self.process.stdout is not None
        asked = {"at_once": at_once, "window": window, "warm_up": warm_up}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the floor's process ended")
        return load.Sample(**json.loads(line))

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


class Asker:
    """Waits for its text to be encoded and searched; one thread encodes, as in the product."""

    def __init__(self, thread: ThreadPoolExecutor, encoder: Any, indexes: list[Any]) -> None:
        self._thread, self._encoder, self._indexes = thread, encoder, indexes

    async def prepare(self) -> None:
        return None

    async def ask(self, text: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._search, text)

    def _search(self, text: str) -> bool:
        vector = self._encoder.queries([text])
        return all(len(index.search(vector, 10)[1][0]) > 0 for index in self._indexes)

    async def close(self) -> None:
        return None


def main() -> None:
    """Measure what is asked for until the pipe ends."""
    from knowledge.base import KnowledgeBase
    from knowledge.encoder import Encoder

    home = Path(sys.argv[1])
    encoder = Encoder.load(home / "encoder", Settings().encoder_threads)
    base = KnowledgeBase(home / "knowledge", encoder)
    version = base.current()
    if version is None:
        raise SystemExit("the home has no knowledge")
    indexes = [part.dense for part in version.parts.values()]
    texts = wordings.fresh(base.articles())
    with ThreadPoolExecutor(1) as thread:
        for line in sys.stdin:
            asked = json.loads(line)
            askers = [Asker(thread, encoder, indexes) for _ in range(asked["at_once"])]
            sample = asyncio.run(load.run(askers, texts, asked["window"], asked["warm_up"]))
            print(json.dumps(asdict(sample)), flush=True)


if __name__ == "__main__":
    main()
