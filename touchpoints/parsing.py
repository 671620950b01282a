"""Reading an event from outside: what is wrong with it is said by field, and nothing else gets in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from touchpoints.errors import EventError
from touchpoints.events import KINDS, Event, Moment, Name

_FIELDS: Final = {name: frozenset(kind.__struct_fields__) for name, kind in KINDS.items()}
_ENVELOPE: Final = ("conversation_id", "seq", "at")
_ATTRIBUTES_AT_MOST: Final = 100
_PATH: Final = re.compile(r"^(?P<why>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING: Final = re.compile(r"^Object missing required field `(?P<field>\w+)`$")


class _Envelope(msgspec.Struct):
    conversation_id: Name
    seq: Annotated[int, Meta(ge=0, le=2**53)]
    at: Moment


def parse(raw: Mapping[str, Any], *, strict: bool = True) -> Event:
    """The event a mapping describes; an attribute that is None counts as absent.

    A strict reading refuses attributes the type doesn't have; otherwise they are left out, and `unknown_attributes`
    names them. Raises EventError naming the field.
    """
    if not isinstance(raw, Mapping):
        raise EventError("", "an event is a JSON object")
    if len(raw) > _ATTRIBUTES_AT_MOST:
        raise EventError("", f"an event has at most {_ATTRIBUTES_AT_MOST} attributes, this one {len(raw)}")
    kind = KINDS.get(str(raw.get("type", "")))
    if kind is None:
        raise EventError("type", f"unknown event type {raw['type']!r}" if raw.get("type") else "missing")
    if strict and (unknown := unknown_attributes(raw)):
        raise EventError(unknown[0], f"{kind.TYPE} has no such attribute")
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        envelope = msgspec.convert({name: given[name] for name in _ENVELOPE if name in given}, _Envelope)
        body = msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from error
    return Event(conversation_id=envelope.conversation_id, seq=envelope.seq, at=envelope.at, body=body)


def unknown_attributes(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The attributes of a mapping that its event type does not have, in its own order."""
    known = _FIELDS.get(str(raw.get("type", "")), frozenset())
    known |= {*_ENVELOPE, "type"}
    return tuple(name for name, value in raw.items() if value is not None and name not in known)


def _named(message: str) -> EventError:
    found = _PATH.match(message)
    why, path = (found["why"], found["path"] or "") if found else (message, "")
    if missing := _MISSING.match(why):
        return EventError(".".join(part for part in (path, missing["field"]) if part), "missing")
    return EventError(path, why[:1].lower() + why[1:])
