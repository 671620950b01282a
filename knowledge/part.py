"""The part of a version written in one language: its passages and the two indexes that find them."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.article import Article, Passage
from knowledge.bodies import Bodies
from knowledge.encoded import EncodedTexts, Places, Say, TextEncoder, Vectors
from knowledge.files import Lines, mapped, write_array
from knowledge.index import DenseIndex
from knowledge.lexical import LexicalIndex

RANKED: Final = 50  # articles a query is compared with: enough for the answer, and for the language's background
MOST_ROWS: Final = 600
ROWS_AT_ONCE: Final = 32_768
REMEMBERED_IDS: Final = 4096

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
    and answer together (knowledge/bodies.py), so its inner product with a query is the mean of the two similarities. A
    passage has a row for each of its bodies and each question of its article: the best one counts. Articles are in the
    order of their ids.
    """

    lang: str
    articles: Sequence[Article]
    passages: Sequence[Passage]
    dense: DenseIndex
    lexical: LexicalIndex
    passage_of_row: Ints
    article_of_passage: Ints

    @classmethod
    def build(
        cls,
        lang: str,
        articles: Sequence[Article],
        encoder: TextEncoder,
        texts: EncodedTexts,
        workers: int,
        say: Say,
        before: Path | None = None,
    ) -> Part:
        """Encodes what `texts` doesn't know yet and indexes it. `before` is the folder of the same part, older."""
        passages, article_of_passage = _passages(articles)
        questions = [article.questions for article in articles]
        bodies = Bodies.of(passages, texts, encoder, workers, say)
        asked = texts.places((text for some in questions for text in some), encoder, workers, say)
        vectors, passage_of_row = _rows(texts, bodies, asked, questions, article_of_passage)
        words = [
            "\n".join((*questions[number], passage.heading, passage.text))
            for number, passage in zip(article_of_passage.tolist(), passages, strict=True)
        ]
        return cls(
            lang,
            articles,
            passages,
            DenseIndex.build(vectors, lambda count: texts.queries(_some(questions, count), encoder), workers),
            LexicalIndex.build(lang, words, before and before / "lexical"),
            passage_of_row,
            article_of_passage,
        )

    @classmethod
    def load(cls, lang: str, articles: Sequence[Article], folder: Path, counts: Mapping[str, Any]) -> Part:
        """Maps a part's files into memory. `counts` is what the manifest says of it."""
        return cls(
            lang,
            articles,
            Lines.load(folder / "passages.jsonl", msgspec.json.Decoder(Passage).decode),
            DenseIndex.load(folder / "dense.faiss", counts["recall"]),
            LexicalIndex.load(lang, folder / "lexical"),
            mapped(folder / "rows.npy"),
            mapped(folder / "passages.npy"),
        )

    def save(self, folder: Path) -> None:
        folder.mkdir()
        Lines.write(folder / "passages.jsonl", map(msgspec.json.encode, self.passages))
        self.dense.save(folder / "dense.faiss")
        self.lexical.save(folder / "lexical")
        write_array(folder / "rows.npy", self.passage_of_row)
        write_array(folder / "passages.npy", self.article_of_passage)

    @property
    def counts(self) -> dict[str, Any]:
        """What the manifest says of the part."""
        return {
            "articles": len(self.articles),
            "passages": len(self.passages),
            "vectors": len(self.dense),
            "search": self.dense.kind,
            "recall": self.dense.recall,
        }

    @functools.cached_property
    def number(self) -> Mapping[str, int]:
        """Place of each article id in `articles`."""
        return Numbers(self.articles)

    def rank(self, vector: Vectors, without: int | None = None) -> Ranked:
        """The best RANKED articles for a query vector; `without` leaves one article out."""
        rows_each = len(self.dense) / len(self.articles)
        count = min(MOST_ROWS, int(RANKED * rows_each * 1.5) + 10)
        scores, rows = (found[0] for found in self.dense.search(vector[None], count))
        if len(rows) and rows[-1] < 0:
            scores, rows = scores[rows >= 0], rows[rows >= 0]
        passages = self.passage_of_row[rows]
        articles = self.article_of_passage[passages]
        first = np.sort(np.unique(articles, return_index=True)[1])
        if without is not None:
            first = first[articles[first] != without]
        first = first[:RANKED]
        return Ranked(articles[first], passages[first], scores[first])

    def best_passage(self, article: int, vector: Vectors) -> tuple[int, float]:
        """The passage of an article closest to the query vector, and their similarity."""
        passages, scores = self.best_passages(np.array([article]), vector)
        return int(passages[0]), float(scores[0])

    def best_passages(self, articles: Ints, vector: Vectors) -> tuple[Ints, Vectors]:
        """For each article the passage closest to the query vector, and their similarity."""
        first = np.searchsorted(self.article_of_passage, np.concatenate([articles, articles + 1]))
        ends = np.searchsorted(self.passage_of_row, first)
        start, each = ends[: len(articles)], ends[len(articles) :] - ends[: len(articles)]
        begins = np.cumsum(each) - each  # where an article's rows begin among those looked at
        rows = np.arange(each.sum()) + np.repeat(start - begins, each)
        scores = self.dense.rows(rows) @ vector
        highest = np.maximum.reduceat(scores, begins)
        tops = np.flatnonzero(scores == np.repeat(highest, each))
        best = tops[np.searchsorted(tops, begins)]  # the first of equals
        return self.passage_of_row[rows[best]], highest


class Numbers(Mapping[str, int]):
    """Places of articles by id, found by halving: a dictionary would hold every id in memory."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._remembered = functools.lru_cache(REMEMBERED_IDS)(functools.partial(_place_of, articles))

    def __getitem__(self, id: str) -> int:
        place = self._remembered(id)
        if place is None:
            raise KeyError(id)
        return place

    def __iter__(self) -> Iterator[str]:
        return (article.id for article in self._articles)

    def __len__(self) -> int:
        return len(self._articles)


def _place_of(articles: Sequence[Article], id: str) -> int | None:
    place = bisect.bisect_left(articles, id, key=lambda article: article.id)
    return place if place < len(articles) and articles[place].id == id else None


def _passages(articles: Sequence[Article]) -> tuple[list[Passage], Ints]:
    passages: list[Passage] = []
    numbers: list[int] = []
    for number, article in enumerate(articles):
        own = article.passages()
        passages += own
        numbers += [number] * len(own)
    return passages, np.array(numbers, np.int64)


def _rows(
    texts: EncodedTexts, bodies: Bodies, asked: Places, questions: Sequence[Sequence[str]], article_of_passage: Ints
) -> tuple[Vectors, Ints]:
    """The rows of the dense index, and the passage of each: every body with every question of its article."""
    questions_of_article = np.array([len(some) for some in questions], np.int64)
    first_of_article = np.cumsum(questions_of_article) - questions_of_article
    article = article_of_passage[bodies.passage]
    each = np.maximum(questions_of_article[article], 1)
    body_of_row = np.repeat(np.arange(len(bodies)), each)
    within = np.arange(len(body_of_row)) - np.repeat(np.cumsum(each) - each, each)
    question_of_row = first_of_article[article][body_of_row] + within
    asks = (questions_of_article > 0)[article][body_of_row]
    vectors = np.empty((len(body_of_row), texts.dimension), np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        vectors[rows] = bodies.vectors(texts, body_of_row[rows])
        some = np.flatnonzero(asks[rows]) + start
        if len(some):
            vectors[some] = (vectors[some] + texts.at(asked[question_of_row[some]])) / 2
    return vectors, bodies.passage[body_of_row]


def _some(questions: Sequence[Sequence[str]], count: int) -> list[str]:
    """About so many first questions, evenly spread."""
    first = [some[0] for some in questions if some]
    return first[:: max(1, len(first) // count)][:count]
