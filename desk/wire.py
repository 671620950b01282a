"""The widget's wire, read: what a customer's browser may send, and what each frame does.

The WebSocket and its polling twin take the same frames.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec

from desk import body, frames
from desk.announce import Announcer
from desk.conversation import Conversations
from desk.errors import BadRequest, DeskError, TooMany
from desk.frames import Frame
from desk.limits import Limit
from desk.store.threads import Thread

OTHERS_PER_MINUTE: Final = 120
ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Hello(msgspec.Struct, tag="hello", frozen=True):
    """The first frame: which session, and the last number this browser has."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    after: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0


class Message(msgspec.Struct, tag="message", frozen=True):
    client_id: ClientId
    text: str


class Choose(msgspec.Struct, tag="choose", frozen=True):
    client_id: ClientId
    value: Annotated[str, msgspec.Meta(max_length=500)]


class Answer(msgspec.Struct, tag="answer", frozen=True):
    client_id: ClientId
    item: Annotated[str, msgspec.Meta(max_length=40)]
    value: int | str


class Typing(msgspec.Struct, tag="typing", frozen=True):
    pass


class Read(msgspec.Struct, tag="read", frozen=True):
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class LeaveQueue(msgspec.Struct, tag="leave_queue", frozen=True):
    pass


class End(msgspec.Struct, tag="end", frozen=True):
    pass


ClientFrame = Hello | Message | Choose | Answer | Typing | Read | LeaveQueue | End
_decoder: Final[msgspec.json.Decoder[ClientFrame]] = msgspec.json.Decoder(ClientFrame)
_NAMED: Final = re.compile(r'"client_id"\s*:\s*"([A-Za-z0-9_.:-]{1,64})"')


def decode(raw: str | bytes) -> ClientFrame:
    """The frame in these bytes. Raises BadRequest saying what is malformed."""
    return body.decode(raw, _decoder, misfit="invalid_frame")


def clean(text: str, longest: int) -> str:
    """The text as it will be stored: trimmed, without NUL. Raises BadRequest when nothing or too much is left."""
    if len(text) > longest:
        raise BadRequest(f"at most {longest} characters", code="too_long", field="text", status=413)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("not valid Unicode", code="invalid_text", field="text") from error
    kept = text.replace("\x00", "").strip()
    if not kept:
        raise BadRequest("the message is empty", code="empty", field="text")
    return kept


def failed(error: DeskError, raw: str | bytes) -> Frame:
    """The error as a frame, naming the message it is about even when the rest can't be read."""
    sent = frames.error(error.body())
    named = _NAMED.search(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
    if named:
        sent["client_id"] = named.group(1)
    return sent


@dataclass
class Wire:
    """What each frame does, within the limits for one customer."""

    conversations: Conversations
    announce: Announcer
    limit: Limit
    longest: int
    # beside the messages: what costs less, and what a browser sends by itself
    others: Limit = field(default_factory=lambda: Limit(OTHERS_PER_MINUTE))

    async def take(self, thread_id: str, frame: ClientFrame) -> Frame | None:
        """Do what the frame says. The reply is an acknowledgement where the frame asks for one. Raises DeskError."""
        match frame:
            case Message():
                text = clean(frame.text, self.longest)
                self.limit.spend(thread_id)
                stored = await self.conversations.receive(thread_id, frame.client_id, text)
                return frames.ack(frame.client_id, stored.seq)
            case Choose():
                self.limit.spend(thread_id)
                stored = await self.conversations.choose(thread_id, frame.client_id, frame.value)
                return frames.ack(frame.client_id, stored.seq)
            case Answer():
                self.limit.spend(thread_id)
                await self.conversations.answer(thread_id, frame.item, frame.value)
                return {"type": "ack", "client_id": frame.client_id}
            case Typing() | Read():
                self._pass_on(thread_id, frame)
            case LeaveQueue():
                self.others.spend(thread_id)
                await self.conversations.leave_queue(thread_id)
            case End():
                self.others.spend(thread_id)
                await self.conversations.end(thread_id)
            case Hello():
                raise BadRequest("hello comes once, first", code="invalid_frame")
        return None

    def _pass_on(self, thread_id: str, frame: Typing | Read) -> None:
        """News for the agents; nobody misses what comes too often."""
        with contextlib.suppress(TooMany):
            self.others.spend(thread_id)
            if isinstance(frame, Read):
                self.announce.read(thread_id, frame.seq)
            else:
                self.announce.typing(thread_id, "customer")


def greeting(thread: Thread) -> Frame:
    """The first frame a browser gets back."""
    return {
        "type": "welcome",
        "last_seq": thread.message_seq,
        "holder": thread.holder,
        "language": thread.language,
        "locale": thread.locale,
    }
