"""What can be chosen in a form, named in the reader's language."""

from __future__ import annotations

from typing import Any, Final, get_args

from desk import catalogue, labels
from touchpoints import vocabulary as v
from touchpoints.configuration import Configuration
from touchpoints.cx import entry
from touchpoints.cx import vocabulary as c
from touchpoints.cx.ledger import Book
from touchpoints.metrics import METRICS

Option = tuple[str, str]
AREAS: Final = tuple(one for one in v.AREAS if one != "unknown")
CLOSED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "area": ("labels.area", AREAS),
    "any_area": ("labels.area", v.AREAS),
    "stage": ("labels.stage", c.JOURNEY),
    "any_stage": ("labels.stage", v.STAGES),
    "direction": ("strategy.direction", get_args(c.Direction)),
    "unit": ("strategy.unit", get_args(c.Unit)),
    "offering": ("cx.offering", get_args(c.OfferingStage)),
    "concern": ("strategy.concern", get_args(entry.Concern)),
    "level": ("cx.level", get_args(c.Level)),
    "action_type": ("cx.action_type", get_args(c.ActionType)),
    "pillar": ("cx.pillar", c.PILLARS),
    "environment": ("strategy.environment", get_args(v.Environment)),
    "demand": ("strategy.demand", get_args(v.Demand)),
    "promise_effect": ("strategy.promise_effect", get_args(v.PromiseEffect)),
    "quadrant": ("cx.quadrant", get_args(v.Quadrant)),
}
"""Closed vocabularies: the table of the catalogue that names the values, and the values."""


class Options:
    """The lists of a page: closed ones, and those of what is written down today."""

    def __init__(self, language: str, book: Book, configuration: Configuration) -> None:
        self.language, self.book, self.configuration = language, book, configuration

    def of(self, name: str) -> list[Option]:
        """The options of a list, in its order."""
        if name in CLOSED:
            table, values = CLOSED[name]
            return [(value, self.named(table, value)) for value in values]
        listed: list[Option] = getattr(self, f"_{name}")()
        return listed

    def named(self, table: str, value: str) -> str:
        key = f"{table}.{value}"
        known = catalogue.keys(self.language)
        return catalogue.text(self.language, key if key in known else "labels.unknown")

    def said(self, text: Any) -> str:
        """A text in the reader's language, else in the other."""
        return getattr(text, self.language, None) or text.it or text.en or ""

    def _promise(self) -> list[Option]:
        return [(name, self.said(one.text)) for name, one in self.book.promises.items()]

    def _touchpoint(self) -> list[Option]:
        return [(name, self.said(one.name)) for name, one in self.book.touchpoints.items()]

    def _reason(self) -> list[Option]:
        return labels.options(self.language, "reason", self.configuration.reasons)

    def _cause(self) -> list[Option]:
        return [*self.of("area"), *self._reason()]

    def _covered(self) -> list[Option]:
        """Reasons that no default calls a broken promise, then touchpoints."""
        broken = {name for name, one in self.configuration.reasons.items() if one.promise_effect == "broken"}
        return [*(one for one in self._reason() if one[0] not in broken), *self._touchpoint()]

    def _metric(self) -> list[Option]:
        return [(name, name) for name in METRICS]
