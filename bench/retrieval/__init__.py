"""The right answer, or an honest "I don't know": measured on real questions, beside BM25 and the usual encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from bench.retrieval import ours, rivals, samples
from bench.retrieval.remembered import Remembered
from bench.retrieval.samples import NAMES, Sample
from bench.table import table
from knowledge.calibration import SURE
from knowledge.evaluate import auroc, calibration_error

Say = Callable[[str], None]

REMOVED: Final = 0.3
SEEDS: Final = 5


def figures(quick: bool, say: Say) -> str:
    """The suite's figures as Markdown."""
    encoder, rival = ours.encoder(), rivals.minilm()
    try:
        parts = (
            "### The right article",
            _right_article(encoder, rival, quick, say),
            "### When articles are missing",
            _missing(encoder, 1 if quick else SEEDS, say),
            "### Everyday talk",
            _everyday(encoder, say),
        )
    finally:
        encoder.keep()
        rival.keep()
    return "\n\n".join(parts)


def _right_article(encoder: Remembered, rival: Remembered, quick: bool, say: Say) -> str:
    rows = []
    for group in _groups(1 if quick else SEEDS):
        found = [_row(sample, encoder, rival) for sample in group]
        weights = [len(sample.questions) for sample in group]
        row = np.average(np.array(found), axis=0, weights=weights)
        asked = f"{round(sum(weights) / len(group)):,} of {len(group[0].articles):,}"
        say(f"{group[0].name}: R@1 {row[0, 0]:.3f}, BM25 {row[1, 0]:.3f}, {rivals.MINILM} {row[2, 0]:.3f}")
        rows.append([group[0].name, asked, *("/".join(f"{one:.3f}" for one in three) for three in row)])
    columns = ("R@1/R@3/MRR@10", "questions of articles", "Sportello", "BM25", rivals.MINILM)
    return table(columns, rows)


def _row(sample: Sample, encoder: Remembered, rival: Remembered) -> list[tuple[float, float, float]]:
    result = ours.measured(sample, encoder)
    return [
        (result["recall@1"], result["recall@3"], result["mrr@10"]),
        rivals.figures(rivals.bm25_ranks(sample)),
        rivals.figures(rivals.dense_ranks(sample, rival)),
    ]


def _groups(seeds: int) -> Iterable[Sequence[Sample]]:
    """Samples by row of the table; those of a mixed index are drawn several times."""
    yield [samples.rewordings()]
    for lang in NAMES:
        yield [samples.help_centre(lang)]
    for lang in NAMES:
        yield [samples.answers_only(lang)]
    yield [samples.padigitale()]
    for titled in (False, True):
        for lang in NAMES:
            yield [samples.across(lang, titled)]
    for own in (True, False):
        for lang in NAMES:
            yield [samples.mixed(lang, own, seed) for seed in range(seeds)]


def _missing(encoder: Remembered, seeds: int, say: Say) -> str:
    rows = []
    for sample in samples.trusted():
        confidences, rights, sure = [], [], []
        for seed in range(seeds):
            reduced = ours.without(sample, REMOVED, seed)
            with ours.published(reduced.articles, encoder) as retriever:
                confidence, right = ours.trust(retriever, reduced.questions)
                version = retriever.base.current()
            sure.append(version.calibration.sure if version else 0.0)
            confidences.append(confidence)
            rights.append(right)
        errors = [calibration_error(one, other) for one, other in zip(confidences, rights, strict=True)]
        precisions = [_precision(one, other) for one, other in zip(confidences, rights, strict=True)]
        confidence, right = np.concatenate(confidences), np.concatenate(rights)
        row = [
            sample.name,
            f"{right.mean():.3f}",
            f"{auroc(confidence, right) or 0:.3f}",
            f"{calibration_error(confidence, right):.3f} ({max(errors):.3f})",
            f"{_precision(confidence, right):.3f} ({min(precisions):.3f})",
            f"{(confidence >= SURE).mean():.3f}",
            f"{np.mean(sure):.3f}",
        ]
        say(" · ".join(row))
        rows.append(row)
    columns = (
        "30 % of the articles removed",
        "could be right",
        "AUROC",
        "ECE (worst draw)",
        f"precision at ≥ {SURE} (worst draw)",
        "coverage there",
        "foretold by the base itself",
    )
    return table(columns, rows)


def _precision(confidence: np.ndarray, right: np.ndarray) -> float:
    sure = confidence >= SURE
    return float(right[sure].mean()) if sure.any() else 1.0


def _everyday(encoder: Remembered, say: Say) -> str:
    talk = {lang: samples.everyday(lang) for lang in NAMES}
    rows = []
    for sample in samples.trusted()[:6]:
        with ours.published(sample.articles, encoder) as retriever:
            shares = {lang: ours.unanswered(retriever, questions) for lang, questions in talk.items()}
        rows.append([sample.name, *(f"{100 * shares[lang]:.1f} %" for lang in talk)])
        say(" · ".join(rows[-1]))
    return table(("share not answered", *(f"{NAMES[lang]} ({len(lines)})" for lang, lines in talk.items())), rows)
