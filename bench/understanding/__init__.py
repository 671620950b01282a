"""What customers mean: the bot's own ensemble on intent data of others, in scope, out of it and across languages."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from bench.retrieval import ours
from bench.retrieval.remembered import Remembered
from bench.table import table
from bench.understanding import samples
from bench.understanding.samples import UNKNOWN, Split
from bot import parallel
from desk.launch.bot_process import bot_python
from desk.launch.home import ROOT
from desk.settings import Settings

Say = Callable[[str], None]

SEEDS: Final = 5
QUICK: Final = 20  # examples of each intent in a quick run


@dataclass(frozen=True)
class Read:
    """What the ensemble made of a split's test: one entry a message."""

    split: Split
    intent: np.ndarray
    score: np.ndarray
    threshold: float
    seconds: float

    def figures(self, threshold: float | None = None) -> tuple[float, float, float]:
        """Accuracy, accuracy in scope, share of what is unknown that was refused; NaN where nothing was asked."""
        wanted = np.array([intent for _, intent in self.split.test])
        refused = self.score < (self.threshold if threshold is None else threshold)
        unknown = wanted == UNKNOWN
        right = np.where(unknown, refused, (self.intent == wanted) & ~refused)
        return tuple(
            float(one.mean()) if one.size else float("nan") for one in (right, right[~unknown], right[unknown])
        )  # type: ignore[return-value]

    def refusing(self, share: float) -> float:
        """The score below which this share of what is unknown is refused."""
        unknown = np.array([intent == UNKNOWN for _, intent in self.split.test])
        return float(np.quantile(self.score[unknown], share, method="higher"))


def figures(quick: bool, say: Say) -> str:
    """The suite's figures as Markdown."""
    encoder = ours.encoder()
    try:
        parts = (
            "### Three live bots",
            _live_bots(encoder, 1 if quick else SEEDS, say),
            "### Many intents",
            _many(encoder, QUICK if quick else None, say),
            "### Taught in English, asked in Italian",
            _italian(encoder, say),
        )
    finally:
        encoder.keep()
    return "\n\n".join(parts)


def _live_bots(encoder: Remembered, repeats: int, say: Say) -> str:
    rows = []
    for name, splits in groupby(samples.live_bots(repeats), key=lambda split: split.name):
        found = [read(split, encoder) for split in splits]
        accuracy, inside, refused = np.mean([one.figures() for one in found], 0)
        plain = float(np.mean([one.figures(0.0)[1] for one in found]))
        rows.append([name, f"{plain:.3f}", f"{accuracy:.3f}", f"{inside:.3f}", f"{refused:.3f}"])
        say(" · ".join(rows[-1]))
    columns = ("", "in scope, nothing refused", "accuracy", "in scope", "never taught, refused")
    return table(columns, rows)


def _many(encoder: Remembered, most: int | None, say: Say) -> str:
    rows = []
    for split in (samples.clinc(most), samples.banking(most)):
        found = read(split, encoder)
        ways = {"nothing refused": 0.0}
        if any(intent == UNKNOWN for _, intent in split.test):
            ways |= {
                "the threshold of the training data": found.threshold,
                "80 % of out of scope refused": found.refusing(0.8),
            }
        for way, threshold in ways.items():
            _, inside, refused = found.figures(threshold)
            rows.append([split.name, way, f"{inside:.3f}", "" if np.isnan(refused) else f"{refused:.3f}"])
            say(" · ".join(rows[-1]))
        say(f"{split.name}: trained in {found.seconds:.0f} s of CPU")
    return table(("", "", "in scope", "out of scope, refused"), rows)


def _italian(encoder: Remembered, say: Say) -> str:
    split = samples.italian()
    rows = []
    for way, aligned in (("languages as they are", False), ("freed of their language", True)):
        rows.append([way, f"{read(split, encoder, aligned).figures(0.0)[0]:.3f}"])
        say(" · ".join(rows[-1]))
    return table((f"{len(split.test)} messages", "right"), rows)


def read(split: Split, encoder: Remembered, aligned: bool = True) -> Read:
    """Train the ensemble on a split in the bot's environment and let it read the test."""
    with tempfile.TemporaryDirectory() as folder:
        task, out = Path(folder) / "task.npz", Path(folder) / "out.npz"
        texts, labels = zip(*split.train, strict=True)
        asked = [text for text, _ in split.test]
        np.savez(
            task,
            texts=np.array(texts),
            labels=np.array(labels),
            vectors=encoder.queries(texts),
            asked=np.array(asked),
            asked_vectors=encoder.queries(asked),
            translations=encoder.queries(parallel.texts() if aligned else []),
        )
        subprocess.run(
            [str(bot_python(Settings())), str(Path(__file__).with_name("inside.py")), str(task), str(out)],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            check=True,
        )
        with np.load(out) as stored:
            return Read(split, stored["intent"], stored["score"], float(stored["threshold"]), float(stored["seconds"]))
