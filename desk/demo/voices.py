"""What the simulated customers and agents say, read from voices.toml and from the articles that answer them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

import knowledge

ARTICLES: Final = Path(knowledge.__file__).with_name("articles")
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@dataclass(frozen=True)
class Question:
    """A customer's words in each language, and the article that answers them."""

    article: str
    words: dict[str, str]


@dataclass(frozen=True)
class Reason:
    """Why customers write, how often, and how it tends to end; shares are 0–1."""

    name: str
    weight: float
    person: float
    again: float
    order: bool
    story: str
    sensitive: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Answer:
    """What the assistant quotes of an article: its title, its opening sentences, the day it was updated."""

    title: str
    opening: str
    updated: str


@cache
def voices() -> dict[str, Any]:
    """The file as it stands: reasons, unanswered questions, words of each language, agents' replies."""
    return tomllib.loads(Path(__file__).with_name("voices.toml").read_text(encoding="utf-8"))


@cache
def reasons() -> tuple[Reason, ...]:
    """Every reason customers write about, in the file's order."""
    return tuple(
        Reason(
            name,
            table["weight"],
            table["person"],
            table["again"],
            table["order"],
            table.get("story", ""),
            table.get("sensitive", False),
            tuple(Question(said["article"], {one: said[one] for one in ("it", "en")}) for said in table["says"]),
        )
        for name, table in voices()["reasons"].items()
    )


@cache
def answer(article: str, language: str) -> Answer:
    """What the help centre says on it in that language, without Markdown."""
    _, head, body = (ARTICLES / language / f"{article}.md").read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(head)
    opening = _LINK.sub(r"\1", body.strip().split("\n\n")[0]).replace("*", "")
    return Answer(front["title"], opening, front["updated"].isoformat())


def words(language: str) -> dict[str, Any]:
    """Greetings, thanks, the assistant's set phrases and comments of a language."""
    found: dict[str, Any] = voices()["words"][language]
    return found


def agent_replies(reason: str, language: str) -> list[str]:
    """What an agent may reply to a reason."""
    return _by_area("agents", reason, language)


def vague(reason: str, language: str) -> list[str]:
    """First messages about a reason that leave too much open."""
    return _by_area("vague", reason, language)


def _by_area(table: str, reason: str, language: str) -> list[str]:
    areas = voices()[table]
    found: list[str] = areas.get(reason.split(".")[0], areas["other"])[language]
    return found


def unanswered(language: str) -> list[str]:
    """Questions the help centre has no article for."""
    found: list[str] = voices()["unanswered"][language]
    return found
