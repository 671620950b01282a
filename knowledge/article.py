"""An article of the knowledge base, and its passages: the parts that are found and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from knowledge.cleaning import without_scripts
from knowledge.errors import ArticleError
from knowledge.split import details, split

LONGEST_ID, LONGEST_TITLE, LONGEST_BODY = 200, 1000, 500_000
SYNONYMS: Final = {"question": "title", "answer": "body"}
LANGUAGE_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


@dataclass(frozen=True)
class Article:
    """One entry of a help centre in one language; articles that share an id are translations of each other."""

    id: str
    lang: str
    title: str
    body: str
    alternatives: tuple[str, ...] = ()
    url: str = ""
    reason: str = ""
    stage: str = ""
    tags: tuple[str, ...] = ()
    updated: str = ""

    @classmethod
    def from_fields(cls, record: Mapping[str, Any]) -> Article:
        """Validates a record as a reader hands it over. Raises ArticleError saying which field is wrong and how."""
        values = {SYNONYMS.get(name, name): value for name, value in record.items() if value not in (None, "", [])}
        values = {name: value for name, value in values.items() if name in FIELDS}
        if not str(values.get("id", "")).strip():
            raise ArticleError("the article has no id")
        for name in LISTS & values.keys():
            values[name] = tuple(_texts(name, values[name]))
        for name in values.keys() - LISTS:
            values[name] = _text(name, values[name], joined=name == "body")
        values["body"] = without_scripts(values.get("body", "")).strip()
        values.setdefault("title", "")
        _check(values)
        return cls(**values)

    @property
    def label(self) -> str:
        """The title, or the beginning of the body when there is none."""
        if self.title:
            return self.title
        first = re.sub(r"[#*_`>]+", "", self.body.strip().splitlines()[0]).strip()
        return first if len(first) <= 80 else first[:79].rsplit(" ", 1)[0] + "…"

    @property
    def questions(self) -> tuple[str, ...]:
        """The ways a customer may put it: the title and its alternatives, without repetitions."""
        return tuple(dict.fromkeys(filter(None, (self.title, *self.alternatives))))

    def passages(self) -> tuple[Passage, ...]:
        """The body split along its headings, tables, lists and code whole where they fit. A short body stays whole."""
        return tuple(
            Passage(self.id, self.lang, number, self.title, heading, text)
            for number, (heading, text) in enumerate(split(self.body))
        )


@dataclass(frozen=True)
class Passage:
    """A part of an article that makes sense alone: the title and the heading it stands under travel with it."""

    article_id: str
    lang: str
    number: int
    title: str
    heading: str
    text: str

    @property
    def content(self) -> str:
        """What is encoded: title, heading, text."""
        return self._under_its_title(self.text)

    @property
    def details(self) -> tuple[str, ...]:
        """What is encoded besides: each part of a long text, under its title and heading too."""
        return tuple(map(self._under_its_title, details(self.text)))

    def _under_its_title(self, text: str) -> str:
        return "\n".join(filter(None, (self.title, self.heading, text)))


FIELDS: Final = frozenset(field.name for field in fields(Article))
LISTS: Final = frozenset({"alternatives", "tags"})


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.split("|")
    if not isinstance(value, list | tuple):
        raise ArticleError(f"{name} must be a list of texts")
    return [text for text in (_text(name, item) for item in value) if text]


def _text(name: str, value: Any, joined: bool = False) -> str:
    if joined and isinstance(value, list):
        return "\n\n".join(_text(name, item) for item in value)
    if isinstance(value, date):  # YAML reads dates by itself
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ArticleError(f"{name} must be a text")
    # a lone surrogate is valid JSON but can't be stored or encoded
    return str(value).encode("utf-8", "replace").decode().replace("\x00", "").strip()


def _check(values: dict[str, Any]) -> None:
    if not values.get("body"):
        raise ArticleError("the article has no answer")
    for name, longest in (("id", LONGEST_ID), ("title", LONGEST_TITLE), ("body", LONGEST_BODY)):
        if len(values[name]) > longest:
            raise ArticleError(f"{name} has {len(values[name]):,} characters, at most {longest:,} are allowed")
    if re.search(r"\s", values["id"]):
        raise ArticleError(f"the id {values['id']!r} contains spaces")
    if not LANGUAGE_CODE.fullmatch(values.get("lang", "")):
        raise ArticleError(f"the language {values.get('lang', '')!r} isn't a code such as it or en")
    url = values.get("url", "")
    if url and not re.match(r"https?://|/(?!/)", url):
        raise ArticleError(f"the url {url!r} must begin with https://, http:// or /")
