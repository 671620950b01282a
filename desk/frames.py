"""What goes over the widget's wire: plain objects, one builder per frame."""

from __future__ import annotations

from typing import Any

from desk import clock
from desk.store.threads import Message

Frame = dict[str, Any]


def message(one: Message) -> Frame:
    """One utterance as its reader may see it; the customer's own carry the client id they were sent with."""
    frame: Frame = {
        "type": "message",
        "seq": one.seq,
        "at": clock.iso(one.at),
        "from": one.sender,
        "text": one.text,
        "citations": one.extras.get("citations", []),
        "choices": one.extras.get("choices", []),
    }
    if one.name:
        frame["name"] = one.name
    if one.client_id:
        frame["client_id"] = one.client_id
    return frame


def holder(who: str, name: str | None = None, position: int | None = None) -> Frame:
    """Who answers now; the position only while waiting."""
    frame: Frame = {"type": "holder", "holder": who}
    if name:
        frame["name"] = name
    if position is not None:
        frame["position"] = position
    return frame


def typing(who: str) -> Frame:
    return {"type": "typing", "from": who}


def ack(client_id: str, seq: int) -> Frame:
    return {"type": "ack", "client_id": client_id, "seq": seq}


def error(body: dict[str, Any]) -> Frame:
    return {"type": "error", **body}
