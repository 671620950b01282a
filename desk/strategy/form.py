"""A form of one entry: what was typed stays as it was typed, every refused field says why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from desk.strategy.field import Field, Refused, Sent, clean
from desk.strategy.kinds import Kind
from desk.strategy.options import Options

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")


@dataclass
class Form:
    """`typed` holds every input's values, `wrong` a message key by field."""

    kind: Kind
    typed: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return next(iter(self.typed.get(name) or ()), "")


def of_entry(kind: Kind, value: Any) -> Form:
    """The form of what is written down."""
    plain = msgspec.to_builtins(value)
    form = Form(kind, {"id": [plain["id"]]})
    for one in kind.fields:
        form.typed |= one.typed(plain.get(one.name))
    return form


def prefilled(kind: Kind, given: Mapping[str, list[str]]) -> Form:
    """A form to be begun, with what the address says."""
    form = Form(kind)
    for one in kind.fields:
        for name in (*one.inputs, one.name):
            if given.get(name):
                target = name if name in one.inputs else one.inputs[0]
                form.typed[target] = [clean(value)[:500] for value in given[name][:50]]
    return form


def read(kind: Kind, sent: Sent, options: Options, name: str | None) -> Form:
    """What was sent, read; `name` is the id of what is changed, None for something new."""
    form = Form(kind, {key: list(values) for key, values in sent.items()})
    for one in kind.fields:
        try:
            value = one.read(sent, _allowed(one, options))
        except Refused as refusal:
            form.wrong[one.name] = str(refusal)
        else:
            if value is not None:
                form.document[one.name] = value
    form.document["id"] = name or _new_id(form, sent)
    return form


def _allowed(one: Field, options: Options) -> set[str]:
    if one.control not in ("choice", "several"):
        return set()
    return {value for value, _ in options.of(one.options)}


def _new_id(form: Form, sent: Sent) -> str:
    """The id that was typed, else one made of the name."""
    typed = clean((sent.get("id") or [""])[0]).lower()
    if typed:
        if not _ID.fullmatch(typed):
            form.wrong["id"] = "not_an_id"
        return typed
    text = form.document.get(form.kind.naming or "") or {}
    return slug(text.get("en") or text.get("it") or "") or form.kind.name


def slug(text: str) -> str:
    """An id made of a text: letters and digits without accents, words joined by underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "_".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("_")
