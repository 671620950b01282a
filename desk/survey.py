"""The questions after a contact: at most three, once per contact, each of them optional."""

from __future__ import annotations

from typing import Any, Final

from desk import catalogue
from desk.errors import BadRequest

RESOLUTION: Final = ("yes", "partly", "no")
SCALES: Final[dict[str, tuple[int | str, ...]]] = {
    "resolution": RESOLUTION,
    "ces": tuple(range(1, 8)),
    "csat": tuple(range(1, 6)),
}
AFTER_THE_ASSISTANT: Final = ("ces", "csat")  # "did this solve it?" has been asked in the conversation
AFTER_AN_AGENT: Final = ("resolution", "ces", "csat")


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
