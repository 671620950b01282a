"""The first words of a draft: from a gap, from what a person answered, from an article that wants improving."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from desk.library.gaps import Gap
from desk.redaction import redact
from desk.store.drafts import Content
from knowledge.article import Article
from touchpoints.solved import Solved

MOST_ALTERNATIVES: Final = 30
LONGEST_TITLE: Final = 300
_LONGEST_ID: Final = 60


def from_gap(gap: Gap, languages: Sequence[str]) -> Content:
    """A new article in the gap's first language that the brand has, its wordings as the ways customers put it."""
    language = next((one for one, _ in gap.languages if one in languages), languages[0])
    said = [one.text for one in gap.wordings if one.language == language] or [one.text for one in gap.wordings]
    title = _title(said[0])
    return Content(slug(title), language, title, "", _distinct(said, title))


def from_article(article: Article, gap: Gap) -> Content:
    """The article as it is, with the gap's wordings in its language added to its own."""
    said = [one.text for one in gap.wordings if one.language == article.lang]
    return Content(
        article.id, article.lang, article.title, article.body,
        _distinct([*article.alternatives, *said], article.title),
        article.reason, article.stage, digest(article),
    )  # fmt: skip


def from_conversation(found: Solved, languages: Sequence[str], names: Sequence[str]) -> Content:
    """What was asked as the title, what the person answered as the text; `names` are taken out of both."""
    language = next((one for one in languages if one == found.language), languages[0])

    def clean(text: str) -> str:
        return redact(text, language, tuple(names))

    asked = [" ".join(clean(text).split()) for _, text in found.asked]
    title = _title(asked[0])
    body = "\n\n".join(clean(text).strip() for text in found.answered)
    return Content(
        slug(title), language, title, body, _distinct(asked[1:6], title), found.reason or "", found.stage or ""
    )


def blank(language: str) -> Content:
    return Content("", language, "", "")


def digest(article: Article) -> str:
    """Tells two states of an article apart."""
    return hashlib.sha256(repr(sorted(asdict(article).items())).encode()).hexdigest()


def slug(title: str) -> str:
    """An id made of the title's words: lower case, no accents."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    return words if len(words) <= _LONGEST_ID else words[:_LONGEST_ID].rsplit("-", 1)[0]


def findings(content: Content) -> list[str]:
    """Lines that look as if they named or reached a person; the house's own address or number may be meant."""
    lines = [content.title, *content.alternatives, *content.body.splitlines()]
    return [line.strip() for line in lines if redact(line) != line]


def _title(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _distinct(texts: Sequence[str], title: str) -> tuple[str, ...]:
    kept = {text.casefold(): text[:LONGEST_TITLE] for text in reversed(texts) if text.casefold() != title.casefold()}
    return tuple(reversed(kept.values()))[:MOST_ALTERNATIVES]
