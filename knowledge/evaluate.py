"""Measures a knowledge base on questions whose right articles are known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import KnowledgeError
from knowledge.retriever import Retriever

RANKS: Final = 10
THRESHOLDS: Final = tuple(round(0.05 * step, 2) for step in range(20))
BINS: Final = 10


@dataclass(frozen=True)
class Question:
    """A question and the ids of the articles that answer it, in whatever language; none when nothing does."""

    query: str
    lang: str | None
    relevant: frozenset[str]


def read_questions(file: Path) -> list[Question]:
    """Reads JSON Lines of {"query", "lang"?, "relevant": [id…]}. Raises KnowledgeError naming file and line."""
    questions = []
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{file} can't be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            questions.append(_question(line, f"{file}:{number}"))
    if not questions:
        raise KnowledgeError(f"{file} holds no questions")
    return questions


def _question(line: str, place: str) -> Question:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise KnowledgeError(f"{place}: this line isn't valid JSON: {error}") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("query"), str):
        raise KnowledgeError(f'{place}: the line must be an object with a text "query"')
    relevant, lang = fields.get("relevant"), fields.get("lang")
    if not isinstance(relevant, list) or not all(isinstance(id, str | int) for id in relevant):
        raise KnowledgeError(f'{place}: "relevant" must be a list of article ids')
    if lang is not None and not isinstance(lang, str):
        raise KnowledgeError(f'{place}: "lang" must be a text')
    return Question(fields["query"], lang or None, frozenset(map(str, relevant)))


def evaluate(retriever: Retriever, questions: Iterable[Question]) -> dict[str, Any]:
    """Recall, MRR, decisions, and how far the confidence can be trusted.

    Unanswerable questions count in all but recall and MRR, which are None when there are no others. `risk_coverage`:
    for each threshold, the share of questions answered from that confidence on, and the share of those that are right
    (None when nothing is answered). `auroc`: probability that a right top article has more confidence than a wrong
    one. `ece`: mean distance between confidence and share of right ones, over ten bins; `reliability` are the bins.
    """
    ranks: list[int | None] = []
    decisions: Counter[str] = Counter()
    confidences, right = [], []
    for question in questions:
        result = retriever.search(question.query, question.lang, k=RANKS)
        found = [match.article_id for match in result.matches]
        hit = next((rank for rank, id in enumerate(found, start=1) if id in question.relevant), None)
        if question.relevant:
            ranks.append(hit)
        decisions[result.decision] += 1
        confidences.append(result.confidence)
        right.append(hit == 1)
    confidence, correct = np.array(confidences), np.array(right)
    return {
        "n": len(confidences),
        "answerable": len(ranks),
        **{f"recall@{k}": _mean([rank is not None and rank <= k for rank in ranks]) for k in (1, 3, 5)},
        "mrr@10": _mean([1 / rank if rank else 0.0 for rank in ranks]),
        "decisions": {decision: decisions[decision] for decision in ("answer", "clarify", "none")},
        "risk_coverage": [_risk(confidence, correct, threshold) for threshold in THRESHOLDS],
        "auroc": auroc(confidence, correct),
        "ece": calibration_error(confidence, correct),
        "reliability": reliability(confidence, correct),
    }


def _mean(values: Sequence[float | bool]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _risk(confidence: NDArray[np.float64], correct: NDArray[np.bool_], threshold: float) -> dict[str, float | None]:
    answered = confidence >= threshold
    precision = round(float(correct[answered].mean()), 4) if answered.any() else None
    return {"threshold": threshold, "coverage": round(float(answered.mean()), 4), "precision": precision}


def auroc(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float | None:
    """Area under the ROC curve, ties counting half; None unless there are both right and wrong ones."""
    right, wrong = confidence[correct], np.sort(confidence[~correct])
    if not len(right) or not len(wrong):
        return None
    below = np.searchsorted(wrong, right, side="left") + np.searchsorted(wrong, right, side="right")
    return round(float(below.mean() / 2 / len(wrong)), 4)


def reliability(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> list[dict[str, float]]:
    """What was promised and what was kept: for each bin of confidence that isn't empty, its edges, how many questions
    fell into it, their mean confidence and the share that was right."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "from": bin / BINS,
            "to": (bin + 1) / BINS,
            "n": int((place == bin).sum()),
            "confidence": float(confidence[place == bin].mean()),
            "precision": float(correct[place == bin].mean()),
        }
        for bin in np.unique(place).tolist()
    ]


def calibration_error(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal width."""
    distances = [abs(bin["confidence"] - bin["precision"]) * bin["n"] for bin in reliability(confidence, correct)]
    return round(float(sum(distances)) / len(confidence), 4)
