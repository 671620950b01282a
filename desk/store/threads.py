"""Threads and their messages: what the desk must remember to hold a conversation.

A `Thread` is loaded, changed and saved within one transaction; on PostgreSQL loading locks the row. What is said and
recorded meanwhile is written by `save`, all of it at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from desk import clock
from desk.store.schema import message, thread, widget_session
from touchpoints import store as record


@dataclass(frozen=True)
class Message:
    """One utterance the customer may see. `turn` is pending while the assistant owes a reply to it."""

    thread_id: str
    seq: int
    at: datetime
    sender: str
    text: str
    name: str | None = None
    client_id: str | None = None
    choice: str | None = None
    turn: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass
class Thread:
    """One customer's conversation, as long as it lasts; `holder` says whose turn it is to answer."""

    id: str
    created_at: datetime
    customer_key: str
    key_strength: str
    locale: str
    language: str
    page: str
    last_at: datetime
    holder: str = "assistant"
    epoch: int = 0
    agent_id: str | None = None
    queued_at: datetime | None = None
    queued_why: str | None = None
    survey: str = "none"
    event_seq: int = 0
    message_seq: int = 0
    state: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    _said: list[Message] = field(default_factory=list)
    _recorded: list[dict[str, Any]] = field(default_factory=list)
    _stored_state: list[dict[str, Any]] | None = None

    def say(
        self,
        at: datetime,
        sender: str,
        text: str,
        *,
        name: str | None = None,
        client_id: str | None = None,
        choice: str | None = None,
        turn: str | None = None,
        extras: dict[str, Any] | None = None,
    ) -> Message:
        """One more utterance, under the thread's next number."""
        self.message_seq += 1
        self.last_at = at
        said = Message(self.id, self.message_seq, at, sender, text, name, client_id, choice, turn, extras or {})
        self._said.append(said)
        return said

    def record(self, at: datetime, *events: dict[str, Any]) -> None:
        """Events for the record, under the thread's next numbers."""
        for event in events:
            self.event_seq += 1
            self._recorded.append({"conversation_id": self.id, "seq": self.event_seq, "at": clock.iso(at), **event})

    def hand_to(self, holder: str, agent_id: str | None = None) -> None:
        """Give the conversation to somebody else; a reply still being computed for the former holder is void."""
        self.holder, self.agent_id = holder, agent_id
        self.epoch += 1
        if holder != "queue":
            self.queued_at = self.queued_why = None


# a literal, because a bound value would hide the partial index from SQLite
_OWED = message.c.turn == sa.literal_column("'pending'")
_ID = thread.c.id == sa.bindparam("of_thread")
_OF = message.c.thread_id == sa.bindparam("of_thread")
# built once: a turn runs a dozen of them, and building one costs more than running it
_GET = sa.select(thread).where(_ID)
_LOAD = _GET.with_for_update()
_SAVE = thread.update().where(_ID)
_SENT_AS = message.c.client_id == sa.bindparam("sent_as")
_BY_CLIENT_ID = sa.select(message).where(_OF, _SENT_AS)
_SENT_OR_OWED = sa.select(message).where(_OF, sa.or_(_SENT_AS, _OWED))
_NEXT_PENDING = sa.select(message).where(_OF, _OWED).order_by(message.c.seq).limit(1)
_SETTLE = message.update().where(_OF, message.c.seq == sa.bindparam("of_seq"), _OWED)
_ADD_MESSAGES = message.insert()
_QUEUE_LENGTH = sa.select(sa.func.count()).select_from(thread).where(thread.c.holder == "queue")
_TIMES = ("created_at", "last_at", "queued_at")
_MUTABLE = [column.name for column in thread.columns if column.name not in ("id", "created_at")]
_MUTABLE_BUT_STATE = [name for name in _MUTABLE if name != "state"]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _thread(row: sa.Row[Any]) -> Thread:
    values = dict(row._mapping)
    for name in _TIMES:
        values[name] = clock.moment(values[name]) if values[name] is not None else None
    return Thread(**values, _stored_state=values["state"])


def _values(one: Thread, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in names}
    for name in _TIMES:
        if values.get(name) is not None:
            values[name] = clock.micros(values[name])
    return values


def _message(row: sa.Row[Any]) -> Message:
    values = dict(row._mapping)
    return Message(**{**values, "at": clock.moment(values["at"])})


def create(conn: Connection, *, customer_key: str, key_strength: str, locale: str, page: str, at: datetime) -> Thread:
    """A thread with nothing said yet; nothing is recorded before the customer speaks."""
    one = Thread(
        id=f"c-{secrets.token_hex(12)}",
        created_at=at,
        customer_key=customer_key,
        key_strength=key_strength,
        locale=locale,
        language=locale,
        page=page[:500],
        last_at=at,
    )
    conn.execute(thread.insert().values(_values(one, [column.name for column in thread.columns])))
    return one


def get(conn: Connection, thread_id: str) -> Thread:
    """The thread as it stands, for reading. Raises KeyError."""
    row = "\x00" not in thread_id and conn.execute(_GET, {"of_thread": thread_id}).one_or_none()
    if not row:
        raise KeyError(thread_id)
    return _thread(row)


def load(conn: Connection, thread_id: str) -> Thread:
    """The thread, to be changed in this transaction and saved; locked where the database can. Raises KeyError."""
    row = "\x00" not in thread_id and conn.execute(_LOAD, {"of_thread": thread_id}).one_or_none()
    if not row:
        raise KeyError(thread_id)
    return _thread(row)


def save(conn: Connection, one: Thread) -> None:
    """Write what was said, what goes on record and what changed, in this transaction."""
    if one._said:
        conn.execute(_ADD_MESSAGES, [{**said.__dict__, "at": clock.micros(said.at)} for said in one._said])
    record.append(conn, one._recorded)
    # the dialogue state is the long part; it is replaced as a whole, once a turn
    changed = _MUTABLE_BUT_STATE if one.state is one._stored_state else _MUTABLE
    conn.execute(_SAVE, {"of_thread": one.id, **_values(one, changed)})
    one._said, one._recorded, one._stored_state = [], [], one.state


def latest_of(conn: Connection, customer_key: str) -> Thread | None:
    """The customer's thread with the most recent word."""
    chosen = sa.select(thread).where(thread.c.customer_key == customer_key).order_by(thread.c.last_at.desc()).limit(1)
    row = conn.execute(chosen).one_or_none()
    return _thread(row) if row else None


def held_by(conn: Connection, holders: Sequence[str]) -> list[Thread]:
    """Threads with one of these holders: the queue in order of arrival first, then by latest word."""
    chosen = (
        sa.select(thread)
        .where(thread.c.holder.in_(holders))
        .order_by(thread.c.queued_at.is_(None), thread.c.queued_at, thread.c.last_at.desc())
    )
    return [_thread(row) for row in conn.execute(chosen.limit(500))]


def to_wrap_up(conn: Connection) -> list[Thread]:
    """Threads the customer closed while an agent held them: the agent's wrap-up is still to come."""
    left = sa.select(thread).where(thread.c.holder == "nobody", thread.c.agent_id.is_not(None))
    return [_thread(row) for row in conn.execute(left.order_by(thread.c.last_at.desc()).limit(100))]


def queue_position(conn: Connection, one: Thread) -> int:
    """How many wait, this thread included, since before it or with it: 1 is next."""
    if one.queued_at is None:
        return 0
    earlier = sa.select(sa.func.count()).where(
        thread.c.holder == "queue", thread.c.queued_at <= clock.micros(one.queued_at)
    )
    return int(conn.execute(earlier.select_from(thread)).scalar_one())


def queue_length(conn: Connection) -> int:
    return int(conn.execute(_QUEUE_LENGTH).scalar_one())


def open_session(conn: Connection, thread_id: str, expires_at: datetime) -> str:
    """A new bearer token for this thread; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": _hash(token), "thread_id": thread_id, "expires_at": clock.micros(expires_at)}
    conn.execute(widget_session.insert().values(values))
    return token


def thread_of(conn: Connection, token: str, at: datetime) -> Thread | None:
    """The thread a token opens, or None when the token is unknown or too old."""
    held = sa.select(thread).join(widget_session, widget_session.c.thread_id == thread.c.id)
    row = conn.execute(
        held.where(widget_session.c.token_hash == _hash(token), widget_session.c.expires_at > clock.micros(at))
    ).one_or_none()
    return _thread(row) if row else None


def prolong(conn: Connection, token: str, expires_at: datetime) -> None:
    """A session in use stays open."""
    chosen = widget_session.update().where(widget_session.c.token_hash == _hash(token))
    conn.execute(chosen.values(expires_at=clock.micros(expires_at)))


def by_client_id(conn: Connection, thread_id: str, client_id: str) -> Message | None:
    """The message this client id was first sent with, if it was."""
    row = conn.execute(_BY_CLIENT_ID, {"of_thread": thread_id, "sent_as": client_id}).one_or_none()
    return _message(row) if row else None


def sent_or_owed(conn: Connection, thread_id: str, client_id: str) -> tuple[Message | None, bool]:
    """As `by_client_id`, and whether an older message is still owed a reply."""
    found = [_message(row) for row in conn.execute(_SENT_OR_OWED, {"of_thread": thread_id, "sent_as": client_id})]
    sent = next((one for one in found if one.client_id == client_id), None)
    return sent, any(one.turn == "pending" for one in found)


def messages_after(conn: Connection, thread_id: str, seq: int, limit: int = 500) -> list[Message]:
    """What was said after that number, oldest first; the latest `limit` of it."""
    chosen = sa.select(message).where(message.c.thread_id == thread_id, message.c.seq > seq)
    rows = conn.execute(chosen.order_by(message.c.seq.desc()).limit(limit)).all()
    return [_message(row) for row in reversed(rows)]


def next_pending(conn: Connection, thread_id: str) -> Message | None:
    """The oldest message the assistant still owes a reply to."""
    row = conn.execute(_NEXT_PENDING, {"of_thread": thread_id}).one_or_none()
    return _message(row) if row else None


def settle(conn: Connection, one: Message, outcome: str) -> bool:
    """The turn has ended: done, failed or dropped. False when another had ended it before."""
    values = {"of_thread": one.thread_id, "of_seq": one.seq, "turn": outcome}
    return conn.execute(_SETTLE, values).rowcount == 1


def threads_owed(conn: Connection) -> list[str]:
    """Threads in which a stored customer message got no reply: a process died in the middle of a turn."""
    return list(conn.execute(sa.select(message.c.thread_id).where(_OWED).distinct()).scalars())
