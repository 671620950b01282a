"""Runs in the bot's environment: trains the bot's own ensemble on vectors and texts, and writes what it reads.

`python inside.py TASK.npz OUT.npz`, by path, since the rest of this package is the app's. The task holds texts, labels
and vectors to learn from, texts and vectors to ask, the vectors of translations (none: languages stay as they are).
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from bot.alignment import Alignment
from bot.ensemble import Ensemble
from bot.threshold import choose_threshold


def main(task: str, out: str) -> None:
    """Read a task, write the intent and the score of every text asked, the threshold and the seconds of training."""
    with np.load(task, allow_pickle=False) as stored:
        given = {name: stored[name] for name in stored.files}
    texts, labels = given["texts"].tolist(), given["labels"].tolist()
    half = len(given["translations"]) // 2
    alignment = Alignment.fit(given["translations"][:half], given["translations"][half:]) if half else None
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = Ensemble.fit(texts, given["vectors"], labels, alignment=alignment)
        threshold = choose_threshold(texts, given["vectors"], labels, alignment=alignment)
    seconds = time.process_time() - began
    found = model.scores(given["asked"].tolist(), given["asked_vectors"])
    best = found.argmax(1)
    score = found[np.arange(len(best)), best]
    np.savez(out, intent=np.asarray(model.classes)[best], score=score, threshold=threshold, seconds=seconds)


if __name__ == "__main__":
    main(*sys.argv[1:3])
