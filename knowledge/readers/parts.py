"""Cuts a long document into articles along its headings: a manual answers questions by chapter, not as one block."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from knowledge.blocks import outline

LONG: Final = 30_000  # characters, about ten pages
LONGEST_SLUG: Final = 60
NUMBER: Final = re.compile(r"^(?:\D{0,12}\s)?(\d+(?:\.\d+)*)[.):]?(?=\s|$)")

Section = tuple[tuple[tuple[int, str], ...], str]


@dataclass(frozen=True)
class Part:
    """A chapter of a document: `path` follows the document's id."""

    path: str
    title: str
    body: str


def parts(title: str, body: str) -> list[Part]:
    """The document's chapters, or the whole when it is short or has no headings to cut along."""
    if len(body) <= LONG:
        return [Part("", title, body)]
    taken: dict[str, int] = {}
    found = []
    for titles, text in _cut([(path, text) for path, text in outline(body)], 0):
        path = "/".join(map(_slug, titles))
        taken[path] = taken.get(path, 0) + 1
        if taken[path] > 1:
            path = f"{path}-{taken[path]}"
        found.append(Part(path, " › ".join(filter(None, (title, *titles))), text))
    return found


def _cut(sections: Sequence[Section], depth: int) -> Iterator[tuple[tuple[str, ...], str]]:
    """(titles below the document's, text) of each part; `depth` headings of every path are above these sections."""
    titles = tuple(title for _, title in sections[0][0][:depth])
    whole = _text(sections, depth)
    below = {path[depth] for path, _ in sections if len(path) > depth}
    if len(whole) <= LONG or not below:
        if whole:
            yield titles, whole
        return
    numbered = _numbered(sections, depth)
    for (_, heading), group in groupby(numbered, key=lambda one: one[0]):
        together = [section for _, section in group]
        if heading is None:
            if text := _text(together, depth):
                yield titles, text
        else:
            yield from _cut(together, depth + 1)


def _numbered(sections: Sequence[Section], depth: int) -> Iterator[tuple[tuple[int, tuple[int, str] | None], Section]]:
    """Each section with the heading it belongs to at this depth, told apart from an equal one further on."""
    number = 0
    for section in sections:
        path = section[0]
        if len(path) == depth + 1:
            number += 1
        yield (number, path[depth] if len(path) > depth else None), section


def _text(sections: Sequence[Section], depth: int) -> str:
    written = []
    for path, text in sections:
        if len(path) > depth:
            written.append("#" * path[-1][0] + " " + path[-1][1])
        written.append(text)
    return "\n\n".join(filter(None, written))


def _slug(title: str) -> str:
    """The chapter's number, which is the same in every language, or else its words."""
    if found := NUMBER.match(title):
        return found[1]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "part"
