"""The health of the articles: their age, the languages they exist in, how often they answered and how that went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from knowledge.article import Article
from touchpoints.display import FEWEST
from touchpoints.instant import Instant
from touchpoints.questions import Given

OLD: Final = 365
"""Days after which an article wants reading again."""
OFTEN_REJECTED: Final = 0.3
"""Share of the judged answers; a prompt to read the article again, not a verdict."""

Sign = Literal["never_used", "often_rejected", "old", "untranslated", "undated"]
SIGNS: Final[tuple[Sign, ...]] = ("often_rejected", "never_used", "old", "untranslated", "undated")
Order = Literal["rejected", "used", "age", "title"]
ORDERS: Final[tuple[Order, ...]] = ("rejected", "used", "age", "title")


@dataclass
class Use:
    """How often an article answered in the period, and what customers said of it."""

    answers: int = 0
    accepted: int = 0
    rejected: int = 0
    resolved: int = 0
    last_at: Instant | None = None
    customers: set[str] = field(default_factory=set)

    @property
    def few(self) -> bool:
        """Used, but by fewer than five customers: no count is shown."""
        return 0 < len(self.customers) < FEWEST

    @property
    def judged(self) -> int:
        return self.accepted + self.rejected


@dataclass(frozen=True)
class Health:
    """One article in all its languages; `titles` by language, `missing` those of the brand it doesn't exist in."""

    article_id: str
    titles: dict[str, str]
    missing: tuple[str, ...]
    updated: date | None
    age_days: int | None
    use: Use
    signs: tuple[Sign, ...]

    def title(self, language: str) -> str:
        """In the language, else in the first it has."""
        return self.titles.get(language) or next(iter(self.titles.values()))


def health(articles: Iterable[Article], given: Sequence[Given], languages: Sequence[str], today: date) -> list[Health]:
    """Every article with its use in the period the answers were given in."""
    uses = _uses(given)
    by_id: dict[str, list[Article]] = {}
    for article in articles:
        by_id.setdefault(article.id, []).append(article)
    return [_health(one, same, uses.get(one, Use()), languages, today) for one, same in by_id.items()]


def ordered(found: Iterable[Health], order: Order, language: str) -> list[Health]:
    """Most rejected, most used or oldest first, or by title. What may not be shown doesn't order either."""

    def shown(count: int, use: Use) -> int:
        return 0 if use.few else count

    def key(one: Health) -> tuple[float, float, str]:
        title = one.title(language).casefold()
        if order == "rejected":
            return -shown(one.use.rejected, one.use), -shown(one.use.answers, one.use), title
        if order == "used":
            return -shown(one.use.answers, one.use), -bool(one.use.answers), title
        if order == "age":
            return -(one.age_days if one.age_days is not None else 10**6), 0, title
        return 0, 0, title

    return sorted(found, key=key)


def _uses(given: Sequence[Given]) -> dict[str, Use]:
    uses: dict[str, Use] = {}
    for answer in given:
        for article in answer.articles:
            use = uses.setdefault(article, Use())
            use.answers += 1
            use.accepted += answer.helped
            use.rejected += answer.rejected
            use.resolved += answer.resolution == "yes"
            use.last_at = max(use.last_at or 0, answer.at)
            use.customers.add(answer.customer_key or answer.conversation_id)
    return uses


def _health(article_id: str, same: Sequence[Article], use: Use, languages: Sequence[str], today: date) -> Health:
    titles = {article.lang: article.label for article in same}
    days = [day for day in (_day(article.updated) for article in same) if day]
    updated = min(days) if days else None
    age = (today - updated).days if updated else None
    missing = tuple(one for one in languages if one not in titles)
    signs: list[Sign] = []
    if not use.few and use.judged >= FEWEST and use.rejected >= OFTEN_REJECTED * use.judged:
        signs.append("often_rejected")
    if not use.answers:
        signs.append("never_used")
    if age is not None and age > OLD:
        signs.append("old")
    if missing:
        signs.append("untranslated")
    if updated is None:
        signs.append("undated")
    return Health(article_id, titles, missing, updated, age, use, tuple(signs))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
