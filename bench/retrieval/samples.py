"""Real questions whose right articles are known, read from the shared samples beside the checkout."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from desk.launch.home import ROOT
from knowledge.article import Article
from knowledge.evaluate import Question
from knowledge.readers import read

PLACE: Final = "SPORTELLO_SAMPLES"
PARALLEL: Final = ("swiss_certificate_it_en", "firefox_relay_it_en", "bitcoin_org_it_en")
OTHER: Final = {"it": "en", "en": "it"}
NAMES: Final = {"it": "Italian", "en": "English"}

Record = Mapping[str, Any]


class SamplesError(Exception):
    """The samples aren't there or aren't what they should be."""


@dataclass(frozen=True)
class Sample:
    """Articles to index and the questions asked of them."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]

    @property
    def family(self) -> str:
        """Samples of one family share texts: weights fitted on one mustn't be judged on another."""
        return self.name.split(":")[0]


def folder() -> Path:
    """Where the samples are: SPORTELLO_SAMPLES, else ../shared/data. Raises SamplesError when there is nothing."""
    found = Path(os.environ.get(PLACE) or ROOT.parent / "shared" / "data")
    if not (found / "faq").is_dir():
        raise SamplesError(f"No samples in {found}: set {PLACE} to the folder that holds faq/ and intents/")
    return found


def rewordings() -> Sample:
    """StackFAQ: questions and answers are indexed, users' own rewordings are asked."""
    records = _records("stackfaq_en")
    return Sample(
        "StackFAQ: rewordings by users",
        tuple(_article(one["id"], "en", one["q"], one["answers"]) for one in records),
        tuple(_question(text, "en", one["id"]) for one in records for text in one["user_queries"]),
    )


def answers_only(lang: str) -> Sample:
    """The three parallel help centres pooled; only their answers are indexed and their questions are asked."""
    return _parallel(f"Parallel: {NAMES[lang]}, answers only", lang, lang, titled=False)


def padigitale() -> Sample:
    """Italian public services; only the answers are indexed."""
    records = _records("padigitale_it")
    return Sample(
        "PA digitale: Italian, answers only",
        tuple(_article(one["id"], "it", "", one["a_it"]) for one in records),
        tuple(_question(one["q_it"], "it", one["id"]) for one in records),
    )


def across(lang: str, titled: bool) -> Sample:
    """Asked in one language, indexed in the other only."""
    what = "question and answer" if titled else "answers only"
    return _parallel(f"Parallel: {NAMES[lang]} asked of {NAMES[OTHER[lang]]}, {what}", lang, OTHER[lang], titled)


def mixed(lang: str, own: bool, seed: int) -> Sample:
    """An index in both languages, each article in one of the two by lot; question and answer are indexed.

    `own`: the questions whose article is in the language they are asked in; else those whose article isn't.
    """
    import numpy as np

    records = _parallel_records()
    in_italian = np.random.default_rng(seed).permutation(len(records)) < len(records) / 2
    placed = ["it" if italian else "en" for italian in in_italian]
    return Sample(
        f"Mixed: {NAMES[lang]}, article in the {'same' if own else 'other'} language",
        tuple(
            _article(one["id"], where, one[f"q_{where}"], one[f"a_{where}"])
            for one, where in zip(records, placed, strict=True)
        ),
        tuple(
            _question(one[f"q_{lang}"], lang, one["id"])
            for one, where in zip(records, placed, strict=True)
            if (where == lang) == own
        ),
    )


def help_centre(lang: str) -> Sample:
    """The demonstration's help centre without its alternatives, which are asked."""
    articles = read(ROOT / "knowledge" / "articles" / lang).articles
    return Sample(
        f"Bookshop: {NAMES[lang]}, its alternatives asked",
        tuple(_article(one.id, lang, one.title, one.body) for one in articles),
        tuple(_question(text, lang, one.id) for one in articles for text in one.alternatives),
    )


def trusted() -> list[Sample]:
    """The samples on which confidence is measured; the last two ask across languages."""
    return [
        rewordings(),
        *(help_centre(lang) for lang in NAMES),
        *(answers_only(lang) for lang in NAMES),
        padigitale(),
        *(across(lang, True) for lang in NAMES),
    ]


def everyday(lang: str) -> list[Question]:
    """What no help centre is about: CLINC150's out-of-scope lines (English), xSID's commands (both languages)."""
    texts = []
    if lang == "en":
        lines = json.loads(_text("intents/clinc150/train_val.json"))
        texts = [text for part in ("oos_train", "oos_val") for text, _ in lines[part]]
    else:
        marks = (line.partition("=") for line in _text("intents/xsid_it_valid.conll").splitlines() if line[:1] == "#")
        texts = [text.strip() for mark, _, text in marks if mark.strip() == "# text"]
    return [Question(text, lang, frozenset()) for text in texts]


def _parallel(name: str, asked: str, indexed: str, titled: bool) -> Sample:
    records = _parallel_records()
    return Sample(
        name,
        tuple(
            _article(one["id"], indexed, one[f"q_{indexed}"] if titled else "", one[f"a_{indexed}"]) for one in records
        ),
        tuple(_question(one[f"q_{asked}"], asked, one["id"]) for one in records),
    )


def _parallel_records() -> list[Record]:
    return [record for name in PARALLEL for record in _records(name)]


def _article(id: str, lang: str, title: str, body: str | Iterable[str]) -> Article:
    return Article.from_fields({"id": id, "lang": lang, "title": title, "body": body})


def _question(text: str, lang: str, id: str) -> Question:
    return Question(text, lang, frozenset({id}))


def _records(name: str) -> Sequence[Record]:
    return [json.loads(line) for line in _text(f"faq/{name}.jsonl").splitlines() if line.strip()]


def _text(path: str) -> str:
    file = folder() / path
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SamplesError(f"The sample {file} can't be read: {error}") from error
