"""What a converter makes of a document, and how it refuses one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Document:
    """A document as Markdown. `lang` is what it says of itself; `alternates` maps languages to addresses."""

    title: str
    body: str
    lang: str = ""
    updated: str = ""
    alternates: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """The document can't be read; the message says why and where in it."""
