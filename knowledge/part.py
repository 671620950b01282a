"""The part of a version written in one language: its passages and the two indexes that find them."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article, Passage
from knowledge.encoded import EncodedTexts, Say, TextEncoder, Vectors
from knowledge.index import DenseIndex
from knowledge.lexical import LexicalIndex

RANKED: Final = 50  # articles a query is compared with: enough for the answer, and for the language's background
MOST_ROWS: Final = 600

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """Articles for one query by vector similarity, best first, each with its best passage; numbers local to a part."""

    articles: Ints
    passages: Ints
    scores: Vectors


@dataclass(frozen=True)
class Part:
    """Articles and passages of one language, numbered from 0, and their indexes.

    A row of the dense index is the mean of two vectors, one of a question (title or alternative) and one of question
    and answer together, so its inner product with a query is the mean of the two similarities. A passage has a row
    for each question of its article: the best one counts.
    """

    lang: str
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    dense: DenseIndex
    lexical: LexicalIndex
    passage_of_row: Ints
    article_of_passage: Ints

    @classmethod
    def build(
        cls, lang: str, articles: Sequence[Article], encoder: TextEncoder, texts: EncodedTexts, workers: int, say: Say
    ) -> Part:
        """Encodes what `texts` doesn't know yet and indexes it."""
        passages = tuple(passage for article in articles for passage in article.passages())
        bodies = texts.passages([passage.content for passage in passages], encoder, workers, say)
        asked = {article.id: texts.passages(article.questions, encoder, workers, say) for article in articles}
        rows, passage_of_row = [], []
        for number, passage in enumerate(passages):
            questions = asked[passage.article_id]
            rows.append((bodies[number] + questions) / 2 if len(questions) else bodies[number][None])
            passage_of_row += [number] * len(rows[-1])
        return cls(
            lang,
            tuple(articles),
            passages,
            DenseIndex.build(np.concatenate(rows)),
            LexicalIndex.build(lang, [_words(article, passage) for article, passage in _pairs(articles, passages)]),
            np.array(passage_of_row),
            _article_of_passage(articles, passages),
        )

    @classmethod
    def load(cls, lang: str, articles: Sequence[Article], folder: Path) -> Part:
        with (folder / "passages.jsonl").open(encoding="utf-8") as lines:
            passages = tuple(Passage(**json.loads(line)) for line in lines)
        return cls(
            lang,
            tuple(articles),
            passages,
            DenseIndex.load(folder / "dense.faiss"),
            LexicalIndex.load(lang, folder / "lexical"),
            np.load(folder / "rows.npy"),
            _article_of_passage(articles, passages),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir()
        with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
            for passage in self.passages:
                file.write(json.dumps(vars(passage), ensure_ascii=False) + "\n")
        self.dense.save(folder / "dense.faiss")
        self.lexical.save(folder / "lexical")
        np.save(folder / "rows.npy", self.passage_of_row)

    @functools.cached_property
    def number(self) -> dict[str, int]:
        """Place of each article id in `articles`."""
        return {article.id: place for place, article in enumerate(self.articles)}

    def rank(self, vector: Vectors, without: int | None = None) -> Ranked:
        """The best RANKED articles for a query vector; `without` leaves one article out."""
        rows_each = len(self.dense) / len(self.articles)
        count = min(MOST_ROWS, int(RANKED * rows_each * 1.5) + 10)
        scores, rows = self.dense.search(vector[None], count)
        passages = self.passage_of_row[rows[0]]
        articles = self.article_of_passage[passages]
        first = np.sort(np.unique(articles, return_index=True)[1])
        if without is not None:
            first = first[articles[first] != without]
        first = first[:RANKED]
        return Ranked(articles[first], passages[first], scores[0][first])

    def best_passage(self, article: int, vector: Vectors) -> tuple[int, float]:
        """The passage of an article closest to the query vector, and their similarity."""
        first, last = np.searchsorted(self.article_of_passage, [article, article + 1])
        start, stop = np.searchsorted(self.passage_of_row, [first, last])
        scores = self.dense.rows(int(start), int(stop)) @ vector
        best = int(scores.argmax())
        return int(self.passage_of_row[start + best]), float(scores[best])


def _pairs(articles: Sequence[Article], passages: Sequence[Passage]) -> list[tuple[Article, Passage]]:
    by_id = {article.id: article for article in articles}
    return [(by_id[passage.article_id], passage) for passage in passages]


def _words(article: Article, passage: Passage) -> str:
    return "\n".join((*article.questions, passage.heading, passage.text))


def _article_of_passage(articles: Sequence[Article], passages: Sequence[Passage]) -> Ints:
    number = {article.id: index for index, article in enumerate(articles)}
    return np.array([number[passage.article_id] for passage in passages], np.int64)
