"""The product measured as `sportello kb import` and `sportello kb evaluate` would: published, searched, counted."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.retrieval.remembered import Remembered
from bench.retrieval.samples import Sample
from desk.launch.home import ROOT
from knowledge.article import Article
from knowledge.base import KnowledgeBase
from knowledge.encoded import TextEncoder
from knowledge.encoder import MANIFEST, Encoder
from knowledge.evaluate import Question, evaluate
from knowledge.retriever import Retriever

HOMES = ("var/bench/home", "var/home", "var/test-home")


def encoder() -> Remembered:
    """The built-in encoder, from whichever home has it built; built for the bench when none has."""
    import json

    from knowledge import encoder_build
    from knowledge.encoder import _identity

    folders = [ROOT / home / "encoder" for home in HOMES]
    folder = next((one for one in folders if (one / MANIFEST).exists()), folders[0])
    if not (folder / MANIFEST).exists():
        encoder_build.build(folder, lambda _: None)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))

    def load() -> TextEncoder:
        return Encoder.load(folder)

    return Remembered(_identity(manifest), manifest["dimension"], load)


@contextlib.contextmanager
def published(articles: Iterable[Article], encoder: TextEncoder) -> Iterator[Retriever]:
    """A knowledge base of these articles in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        base = KnowledgeBase(Path(folder), encoder)
        base.publish(articles, source="bench")
        yield Retriever(base)


def measured(sample: Sample, encoder: TextEncoder) -> dict[str, Any]:
    """What `kb evaluate` says of the sample."""
    with published(sample.articles, encoder) as retriever:
        return evaluate(retriever, sample.questions)


def without(sample: Sample, share: float, seed: int) -> Sample:
    """The sample with a share of its articles taken out; their questions stay and have no answer any more."""
    order = np.random.RandomState(seed).permutation(len(sample.articles))
    kept = np.sort(order[int(share * len(order)) :])
    articles = tuple(sample.articles[number] for number in kept)
    ids = {article.id for article in articles}
    return Sample(
        sample.name,
        articles,
        tuple(Question(one.query, one.lang, one.relevant & ids) for one in sample.questions),
    )


def trust(retriever: Retriever, questions: Sequence[Question]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Confidence in the top article of each question, and whether it is right."""
    found = [retriever.search(one.query, one.lang, k=1) for one in questions]
    right = [
        bool(result.matches) and result.matches[0].article_id in one.relevant
        for result, one in zip(found, questions, strict=True)
    ]
    return np.array([result.confidence for result in found]), np.array(right)


def unanswered(retriever: Retriever, questions: Sequence[Question]) -> float:
    """The share of questions that aren't answered outright."""
    decisions = [retriever.search(one.query, one.lang, k=1).decision for one in questions]
    return sum(decision != "answer" for decision in decisions) / len(decisions)
