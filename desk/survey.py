"""The questions after a contact: at most three, once per contact, each of them optional."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from desk import catalogue
from desk.errors import BadRequest

RESOLUTION: Final = ("yes", "partly", "no")
SCALES: Final[dict[str, tuple[int | str, ...]]] = {
    "resolution": RESOLUTION,
    "ces": tuple(range(1, 8)),
    "csat": tuple(range(1, 6)),
    "expectation_match": ("better", "as", "worse"),
    "felt_understood": tuple(range(1, 6)),
}
AFTER_THE_ASSISTANT: Final = ("ces", "csat")  # "did this solve it?" has been asked in the conversation
AFTER_AN_AGENT: Final = ("resolution", "ces", "csat")


@dataclass(frozen=True)
class Shares:
    """In which share of contacts a question is put in place of another, so that there are never more than three."""

    expectation: float = 0.0
    """Expectation instead of effort."""
    empathy: float = 0.0
    """"I felt understood" instead of satisfaction."""

    @classmethod
    def of(cls, table: dict[str, Any]) -> Shares:
        """As the brand's file says under `[survey]`: shares between 0 and 1; anything else counts as 0."""
        said = table.get("survey", {})
        given = {name: said.get(name) for name in ("expectation", "empathy")}
        return cls(
            **{name: float(one) for name, one in given.items() if isinstance(one, int | float) and 0 <= one <= 1}
        )

    def choose(self, items: tuple[str, ...], contact: str) -> tuple[str, ...]:
        """The questions for one contact, told from its name: asked again, it is the same ones."""
        drawn = hashlib.sha256(contact.encode()).digest()
        replaced = {}
        if drawn[0] / 256 < self.expectation:
            replaced["ces"] = "expectation_match"
        if drawn[1] / 256 < self.empathy:
            replaced["csat"] = "felt_understood"
        return tuple(replaced.get(item, item) for item in items)


NO_SHARES: Final = Shares()


def frame(language: str, items: list[str], brand: str) -> dict[str, Any]:
    """The survey as the widget draws it: a question and a labelled scale per item."""
    return {"type": "survey", "items": [_item(language, item, brand) for item in items]}


def _item(language: str, item: str, brand: str) -> dict[str, Any]:
    labelled = [{"value": value, "label": catalogue.text(language, f"survey.{item}.{value}")} for value in SCALES[item]]
    return {
        "item": item,
        "question": catalogue.text(language, f"survey.{item}.question", brand=brand),
        "scale": labelled,
    }


def event(item: str, value: Any) -> dict[str, Any]:
    """The event an answer is recorded as. Raises BadRequest for an item or a value that was not offered."""
    if item not in SCALES:
        raise BadRequest("unknown survey item", code="unknown_item", field="item")
    if isinstance(value, bool) or value not in SCALES[item]:
        raise BadRequest(f"not a value of {item}", code="invalid_value", field="value")
    if item == "resolution":
        return {"type": "resolution.answered", "answer": value}
    return {"type": "survey.answered", item: value}
