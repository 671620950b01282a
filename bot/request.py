"""The body of a turn request, checked before Rasa sees any of it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

import numpy as np
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain

LONGEST_MESSAGE = 20_000  # characters; the desk's own limit is lower
_PAYLOAD = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)(\{.*\})?", re.DOTALL)


class BadRequest(ValueError):
    """The request can't be read as a turn; the message names the field."""


@dataclass(frozen=True)
class TurnRequest:
    """One customer message with all the bot needs to answer it."""

    sender: str
    message: str
    message_id: Optional[str] = None
    chosen: bool = False
    vector: Optional[np.ndarray] = None
    state: Any = field(default_factory=list)
    slots: Dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, body: Any) -> "TurnRequest":
        """Read and check a request body. Raises BadRequest; the dialogue state is checked where it is loaded."""
        if not isinstance(body, dict):
            raise BadRequest("the body must be a JSON object")
        sender, message = body.get("sender"), body.get("message")
        if not isinstance(sender, str) or not sender:
            raise BadRequest("sender must be a non-empty text")
        if not isinstance(message, str) or not message.strip():
            raise BadRequest("message must be a non-empty text")
        if len(message) > LONGEST_MESSAGE:
            raise BadRequest(f"message is longer than {LONGEST_MESSAGE} characters")
        message_id, slots = body.get("message_id"), body.get("slots", {})
        if message_id is not None and not isinstance(message_id, (str, int)):
            raise BadRequest("message_id must be a text")
        if not isinstance(slots, dict):
            raise BadRequest("slots must be an object")
        chosen = body.get("chosen", False)
        if not isinstance(chosen, bool):
            raise BadRequest("chosen must be true or false")
        return cls(
            sender=sender,
            message=message.strip(),
            message_id=None if message_id is None else str(message_id),
            chosen=chosen,
            vector=_vector(body.get("vector")),
            state=body.get("state", []),
            slots=slots,
        )


def _vector(text: Any) -> Optional[np.ndarray]:
    if text is None:
        return None
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadRequest("vector must be base64 of little-endian float32") from error
    if not vector.size or not np.isfinite(vector).all():
        raise BadRequest("vector must hold finite numbers")
    return vector


def read_choice(payload: str, domain: Domain) -> Dict[str, Any]:
    """The reading of a choice we offered, such as `/affirm` or `/choose_article{"article": "returns"}`.

    Raises BadRequest when the assistant has no such intent or the rest is not a JSON object.
    """
    match = _PAYLOAD.fullmatch(payload)
    if match is None or match.group(1) not in domain.intents or match.group(1) in DEFAULT_INTENTS:
        raise BadRequest("message is not a choice of this assistant")
    try:
        entities = json.loads(match.group(2) or "{}")
    except json.JSONDecodeError as error:
        raise BadRequest("the choice's entities are not a JSON object") from error
    found: List[Dict[str, Any]] = [
        {"entity": name, "value": value} for name, value in entities.items() if name in domain.entities
    ]
    return {"text": payload, "intent": {"name": match.group(1), "confidence": 1.0}, "entities": found}
