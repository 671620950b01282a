"""Gaps, articles and drafts as a person reads them: in their language, and no more than they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_percent

from desk import catalogue, clock, labels
from desk.guard import may
from desk.library.gaps import UNKNOWN, Gap
from desk.library.health import Health, Use
from desk.store.accounts import Agent
from desk.store.drafts import Draft
from knowledge.retriever import Match

DASH = "–"


def visible(found: Sequence[Gap], agent: Agent) -> list[Gap]:
    """Agents work with the conversations themselves and see every gap; others none of fewer than five customers."""
    return [one for one in found if may(agent, "agent") or not one.few]


@dataclass(frozen=True)
class Writer:
    """Writes what the library holds in one language and time zone."""

    language: str
    zone: ZoneInfo

    def t(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"library.{key}", **values)

    def many(self, key: str, n: int, **values: object) -> str:
        """A phrase with a count, in the singular or the plural."""
        return self.t(f"{key}_{'one' if n == 1 else 'many'}", n=n, **values)

    def day(self, at: int) -> str:
        return format_date(clock.moment(at).astimezone(self.zone).date(), "d MMM", locale=self.language)

    def moment(self, at: datetime) -> str:
        return format_datetime(at.astimezone(self.zone), "d MMM y, HH:mm", locale=self.language)

    def spoken(self, code: str) -> str:
        return self.t("language_unknown") if code == UNKNOWN else labels.label(self.language, "language", code).upper()

    def gap(self, one: Gap) -> dict[str, Any]:
        """One gap as its card shows it."""
        highest = max(one.trend)
        parts = [self.many("contacts", one.contacts), self.many("customers", one.customers)]
        parts += [self.many(kind, n) for kind, n in (("unanswered", one.unanswered), ("rejected", one.rejected)) if n]
        if one.people:
            parts.append(self.many("people", one.people))
        first, last = self.day(one.first_at), self.day(one.last_at)
        return {
            "ref": one.ref,
            "typical": one.wordings[0],
            "wordings": one.wordings[1:],
            "said": parts,
            "languages": [(self.spoken(code), n) for code, n in one.languages],
            "when": self.t("on_day", day=last) if first == last else self.t("from_to", first=first, last=last),
            "bars": [(place, n, round(100 * n / highest)) for place, n in enumerate(one.trend)],
            "trend": self.t("trend", counts=", ".join(str(n) for n in one.trend)),
            "few": one.few,
            "covered": one.covered,
            "draft": one.draft,
            "nearest": self._nearest(one),
        }

    def _nearest(self, one: Gap) -> dict[str, Any] | None:
        near = one.nearest
        if near is None:
            return None
        return {
            "id": near.article_id,
            "lang": near.lang,
            "title": near.title,
            "confidence": self.percent(near.confidence),
            "does": self.t(f"does_{near.decision}"),
            "rejected": near.article_id in one.answered_by,
            "improvable": near.decision != "none" or near.article_id in one.answered_by,
        }

    def percent(self, share: float) -> str:
        return format_percent(share, "#,##0%", locale=self.language)

    def article(self, one: Health, languages: Sequence[str]) -> dict[str, Any]:
        """One article as its row shows it."""
        read = self.language if self.language in one.titles else next(iter(one.titles))
        return {
            "id": one.article_id,
            "lang": read,
            "title": one.titles[read],
            "languages": [code for code in languages if code in one.titles],
            "missing": one.missing,
            "age": DASH if one.age_days is None else self.age(one.age_days),
            "updated": one.updated.isoformat() if one.updated else None,
            "signs": [(sign, self.t(f"sign_{sign}")) for sign in one.signs],
            **{name: self._count(getattr(one.use, name), one.use) for name in ("answers", "accepted", "rejected")},
            "few": one.use.few,
            "last": self.day(one.use.last_at) if one.use.last_at and not one.use.few else DASH,
        }

    def _count(self, n: int, use: Use) -> str:
        return self.t("few") if use.few else str(n)

    def age(self, days: int) -> str:
        """Days as people say an age."""
        if days < 60:
            return self.many("age_days", max(0, days))
        return self.many("age_months", days // 30) if days < 730 else self.many("age_years", days // 365)

    def draft(self, one: Draft) -> dict[str, Any]:
        """A draft as a list shows it."""
        return {
            "id": one.id,
            "title": one.content.title or self.t("untitled"),
            "lang": one.content.lang,
            "state": one.state,
            "state_name": self.t(f"state_{one.state}"),
            "origin": self.t(f"origin_{one.origin}"),
            "author": one.author,
            "touched": self.moment(one.updated_at),
            "replaces": one.content.replaces is not None,
        }

    def history(self, one: Draft) -> list[str]:
        """What people did to it, oldest first; edits in a row by one person count as one."""
        lines: list[str] = []
        for place, step in enumerate(one.steps):
            after = one.steps[place + 1] if place + 1 < len(one.steps) else None
            if step.action == "edited" and after and (after.action, after.actor) == ("edited", step.actor):
                continue
            lines.append(self.t(f"step_{step.action}", who=step.actor, when=self.moment(step.at)))
        return lines

    def match(self, one: Match) -> dict[str, Any]:
        """A similar article beside a draft."""
        return {"id": one.article_id, "lang": one.lang, "title": one.title, "confidence": self.percent(one.confidence)}

    def listing(self, words: Sequence[str]) -> str:
        return format_list(list(words), locale=self.language)
