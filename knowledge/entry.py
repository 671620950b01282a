"""An article with where it came from, as a line of a version's articles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from knowledge.article import Article

ARTICLES: Final = "articles.jsonl"


@dataclass(frozen=True)
class Entry:
    """An article and where it was imported from."""

    article: Article
    source: str

    @property
    def key(self) -> tuple[str, str]:
        return self.article.id, self.article.lang


class _Origin(msgspec.Struct):
    source: str


decode_article = msgspec.json.Decoder(Article).decode
_decode_origin = msgspec.json.Decoder(_Origin).decode


def decode_entry(line: bytes) -> Entry:
    """Raises ValueError when the line isn't an article's."""
    return Entry(decode_article(line), _decode_origin(line).source)


def encode_entry(entry: Entry) -> bytes:
    """One JSON object: the article's fields and its source."""
    article = msgspec.to_builtins(entry.article)
    return msgspec.json.encode({**article, "source": entry.source})


def read_entries(folder: Path) -> list[Entry]:
    """A version's articles alone, by id and language. Raises OSError, ValueError."""
    with (folder / ARTICLES).open("rb") as lines:
        return [decode_entry(line) for line in lines]
