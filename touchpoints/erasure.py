"""Forgetting a customer: words, keys and references go, the contacts stay without person or text.

Keys and references give way to random tokens, the same within one erasure, so that issues keep their contacts and
counts still add up; nothing leads from a token back to the customer, nor from a later contact to an erased one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from touchpoints import configuration as configurations
from touchpoints import events as e
from touchpoints.append import mark
from touchpoints.columns import segments
from touchpoints.configuration import Configuration
from touchpoints.corrections import corrected_field
from touchpoints.cx import orders
from touchpoints.derivation import refresh
from touchpoints.schema import event

TOKEN: Final = "erased-"
_WORDS: Final = ("text", "comment", "emotion", "contact", "summary", "what", "entry_page")
_TOKENED: Final = ("customer_key", "entity_ref")


def erase(connection: Connection, customer_key: str) -> tuple[str, ...]:
    """Erases every conversation of a customer from the record and returns their ids; none when the key is unknown.

    Run `engine.checkpoint` after the commit, so that nothing stays behind in SQLite's journal.
    """
    orders.erase(connection, customer_key)
    conversations = _conversations(connection, customer_key)
    if not conversations:
        return ()
    erasing = _Erasing(configurations.load(connection))
    for name in conversations:
        rows = connection.execute(select(event).where(event.c.conversation_id == name).order_by(event.c.seq)).all()
        connection.execute(_UPDATE, [erasing.row(found) for found in rows])
    mark(connection, conversations)
    refresh(connection)
    segments.write(
        connection, segments.latest_change(connection), everything=True
    )  # packed columns keep digests of keys
    return conversations


def shown_key(customer_key: str | None) -> str | None:
    """The key as it may be shown: an erased customer has none."""
    return None if customer_key is None or customer_key.startswith(TOKEN) else customer_key


_UPDATE: Final = (
    update(event)
    .where(event.c.conversation_id == bindparam("of_conversation"), event.c.seq == bindparam("of_seq"))
    .values(attributes=bindparam("attributes"), customer_key=bindparam("customer_key"), erased=True)
)


class _Erasing:
    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._tokens: dict[str, str] = {}

    def row(self, found: Any) -> dict[str, Any]:
        body = e.decode_body(found.type, found.attributes)
        self._redact(body)
        return {
            "of_conversation": found.conversation_id,
            "of_seq": found.seq,
            "attributes": e.encode_body(body),
            "customer_key": getattr(body, "customer_key", None),
        }

    def _redact(self, body: e.Body) -> None:
        if isinstance(body, e.CustomerMessage) and body.text is not None:
            body.courtesy = self._configuration.is_courtesy(body.text)
        if isinstance(body, e.Corrected) and corrected_field(body.field) in _TOKENED:
            body.value = self._token(str(body.value)) if body.value is not None else None
        for name in _present(body, _TOKENED):
            setattr(body, name, self._token(getattr(body, name)))
        for name in _present(body, _WORDS):
            setattr(body, name, None)

    def _token(self, value: str) -> str:
        """A token for each distinct value, so that what differed still differs."""
        if value not in self._tokens:
            self._tokens[value] = value if value.startswith(TOKEN) else TOKEN + secrets.token_hex(8)
        return self._tokens[value]


def _present(body: msgspec.Struct, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in body.__struct_fields__ and getattr(body, name) is not None]


def _conversations(connection: Connection, customer_key: str) -> tuple[str, ...]:
    query = select(event.c.conversation_id).where(event.c.customer_key == customer_key).distinct()
    return tuple(sorted(connection.execute(query).scalars()))
