"""A field of a form: how it is asked for, read from what was sent, and refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Final, Literal

Control = Literal["text", "line", "choice", "several", "number", "day", "flag"]
"""`text` is asked for in both languages, a `choice` is one of the options, `several` any of them."""
LANGUAGES: Final = ("it", "en")
LONGEST: Final = 500
Sent = Mapping[str, Sequence[str]]
"""A form as it was sent: every value under its name."""


class Refused(ValueError):
    """What was typed can't be; the message is a key under `strategy.wrong`."""


@dataclass(frozen=True)
class Field:
    """`name` is the entry's own; `options` names the list a choice is made from (options.py)."""

    name: str
    control: Control
    options: str = ""
    required: bool = True

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return tuple(f"{self.name}.{one}" for one in LANGUAGES) if self.control == "text" else (self.name,)

    def read(self, sent: Sent, allowed: Collection[str]) -> Any:
        """The value as the entry takes it, None when left empty. Raises Refused."""
        if self.control == "text":
            return self._text(sent)
        if self.control == "flag":
            return bool(_first(sent, self.name))
        if self.control == "several":
            return self._several(sent, allowed)
        given = clean(_first(sent, self.name))
        if not given:
            if self.required:
                raise Refused("missing")
            return None
        return self._single(given, allowed)

    def _single(self, given: str, allowed: Collection[str]) -> Any:
        if len(given) > LONGEST:
            raise Refused("too_long")
        if self.control == "choice" and given not in allowed:
            raise Refused("not_an_option")
        if self.control == "number":
            return _number(given)
        if self.control == "day":
            return _day(given)
        return given

    def _text(self, sent: Sent) -> dict[str, str]:
        said = {one: clean(_first(sent, f"{self.name}.{one}")) for one in LANGUAGES}
        if any(len(text) > LONGEST for text in said.values()):
            raise Refused("too_long")
        if not any(said.values()):
            raise Refused("missing_text")
        return {one: text for one, text in said.items() if text}

    def _several(self, sent: Sent, allowed: Collection[str]) -> list[str]:
        chosen = list(dict.fromkeys(sent.get(self.name, ())))
        if any(one not in allowed for one in chosen):
            raise Refused("not_an_option")
        if self.required and not chosen:
            raise Refused("missing_several")
        return chosen

    def typed(self, value: Any) -> dict[str, list[str]]:
        """A stored value as the form's inputs hold it."""
        if self.control == "text":
            return {f"{self.name}.{one}": [(value or {}).get(one) or ""] for one in LANGUAGES}
        if self.control == "several":
            return {self.name: [str(one) for one in value or ()]}
        if self.control == "flag":
            return {self.name: ["yes"] if value else []}
        shown = f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
        return {self.name: [shown]}


def clean(text: str) -> str:
    """One line without control characters and needless blanks."""
    kept = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join("".join(one if one.isprintable() else " " for one in kept).split())


def _first(sent: Sent, name: str) -> str:
    values = sent.get(name)
    return values[0] if values else ""


def _number(given: str) -> float:
    """A number with a decimal point or comma."""
    try:
        found = float(given.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise Refused("not_a_number") from None
    if not isfinite(found):
        raise Refused("not_a_number")
    return found


def _day(given: str) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise Refused("not_a_day") from None
