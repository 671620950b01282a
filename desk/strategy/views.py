"""Entries as a person reads them: named in their language, with what changed, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from desk import catalogue, labels
from desk.strategy.field import Field
from desk.strategy.kinds import KINDS, Kind
from desk.strategy.options import CLOSED, Options
from touchpoints.cx.ledger import BEGINNING, Entry

DASH = "–"
BY_NAME = {one.name: one for one in KINDS.values()}


@dataclass(frozen=True)
class Writer:
    """Writes entries in one language and time zone."""

    options: Options
    zone: ZoneInfo
    today: date

    @property
    def language(self) -> str:
        return self.options.language

    def t(self, key: str, **values: object) -> str:
        return catalogue.text(self.language, f"strategy.{key}", **values)

    def day(self, day: date) -> str:
        return format_date(day, "d MMM y", locale=self.language)

    def moment(self, at: datetime) -> str:
        return format_datetime(at.astimezone(self.zone), "d MMM y, HH:mm", locale=self.language)

    def title(self, kind: Kind, value: Any) -> str:
        """What an entry is called."""
        if kind.naming:
            return self.options.said(getattr(value, kind.naming))
        if kind.name == "reason":
            return labels.label(self.language, "reason", value.id)
        if kind.name == "area":
            return labels.label(self.language, "area", value.id)
        return self.metric(value.id)

    def metric(self, name: str) -> str:
        key = f"dashboard.metric.{name}"
        return catalogue.text(self.language, key) if key in catalogue.keys(self.language) else name

    def shown(self, one: Field, value: Any) -> str:
        """One field's value."""
        if one.control == "text":
            return self.options.said(value) if value else DASH
        if one.control == "flag":
            return self.t("yes" if value else "no")
        if value is None or value == "" or value == ():
            return DASH
        if one.control == "several":
            return format_list([self.named(one.options, each) for each in value], locale=self.language)
        if one.control == "choice":
            return self.named(one.options, value)
        if one.control == "day":
            return self.day(value)
        return format_decimal(value, locale=self.language) if one.control == "number" else str(value)

    def named(self, options: str, value: str) -> str:
        """An option's name, the value itself where the list has lost it."""
        if options in CLOSED:
            return self.options.named(CLOSED[options][0], value)
        return dict(self.options.of(options)).get(value, value)

    def row(self, kind: Kind, entry: Entry) -> dict[str, Any]:
        """An entry as its list shows it."""
        value = entry.value
        facts = [
            (one.name, self.shown(one, getattr(value, one.name))) for one in kind.fields if one.name != kind.naming
        ]
        return {
            "id": entry.id,
            "title": self.title(kind, value),
            "facts": facts,
            "signs": self._signs(kind, entry),
            "since": self.since(entry),
            "default": entry.recorded_at is None,
        }

    def since(self, entry: Entry) -> str:
        if entry.recorded_at is None:
            return self.t("by_default")
        key = "from_later" if entry.valid_from > self.today else "since"
        return self.t(key, day=self.day(entry.valid_from), who=entry.recorded_by)

    def _signs(self, kind: Kind, entry: Entry) -> list[str]:
        """What a lead should notice of an entry without opening it."""
        value, found = entry.value, []
        if entry.valid_from > self.today:
            found.append("later")
        if kind.name == "promise" and value.review_on and value.review_on <= self.today:
            found.append("review_due")
        if kind.name == "friction":
            found += ["expired"] if value.expires_on < self.today else []
            found += [] if value.declared_to_customer else ["undeclared"]
        if kind.name == "action":
            found += [] if value.promise_id or value.cause else ["without_purpose"]
            if value.done_on and value.measure_again_on <= self.today:
                found.append("measure_due")
        return found

    def history(self, kind: Kind, revisions: list[Entry]) -> list[dict[str, Any]]:
        """What each revision changed, the latest first."""
        lines, before = [], None
        for entry in revisions:
            lines.append(
                {
                    "who": entry.recorded_by if entry.recorded_at else self.t("delivered"),
                    "when": self.moment(entry.recorded_at) if entry.recorded_at else DASH,
                    "from": DASH if entry.valid_from == BEGINNING else self.day(entry.valid_from),
                    "withdrawn": entry.withdrawn,
                    "changes": self._changes(kind, before, entry),
                    "first": before is None,
                }
            )
            before = entry
        return lines[::-1]

    def _changes(self, kind: Kind, before: Entry | None, after: Entry) -> list[tuple[str, str, str]]:
        if before is None or after.withdrawn:
            return []
        pairs = [(one, getattr(before.value, one.name), getattr(after.value, one.name)) for one in kind.fields]
        return [(one.name, self._words(one, then), self._words(one, now)) for one, then, now in pairs if then != now]

    def _words(self, one: Field, value: Any) -> str:
        """A value in full: of a text both languages."""
        if one.control != "text":
            return self.shown(one, value)
        return " / ".join(text for text in msgspec.to_builtins(value).values() if text)

    def change(self, entry: Entry) -> dict[str, Any]:
        """A line of the log."""
        kind = BY_NAME[entry.kind]
        act = "withdrawn" if entry.withdrawn else "written" if entry.revision <= 1 else "changed"
        return {
            "plural": kind.plural,
            "id": entry.id,
            "title": self.title(kind, entry.value),
            "act": act,
            "who": entry.recorded_by,
            "when": self.moment(entry.recorded_at) if entry.recorded_at else DASH,
        }
