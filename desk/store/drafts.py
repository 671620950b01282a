"""Draft articles: proposed by people, written from customers' words, published by nobody but a person who approves.

A draft is changed under its revision: whoever saves or decides names the one they saw, and comes second when somebody
else was first. While it is being published it is in nobody else's hands; a process that died meanwhile leaves it
free again after `PUBLISHING`.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from desk import clock
from desk.store import accounts

PUBLISHING: Final = timedelta(minutes=10)
MOST_LISTED: Final = 200
Ref = tuple[str, int]
"""Where words come from: conversation id and event number."""

metadata = sa.MetaData()
draft = sa.Table(
    "draft",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("author", sa.String(80), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Column("article_id", sa.String(200), nullable=False),
    sa.Column("lang", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("alternatives", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(100), nullable=False),
    sa.Column("stage", sa.String(40), nullable=False),
    # digest of the article it would replace, as it was when the draft was made; none for a new article
    sa.Column("replaces", sa.String(64)),
    sa.Column("version", sa.String(64)),
)
draft_source = sa.Table(
    "draft_source",
    metadata,
    sa.Column("draft_id", sa.ForeignKey("draft.id"), primary_key=True),
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
)
draft_step = sa.Table(
    "draft_step",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("draft_id", sa.ForeignKey("draft.id"), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
)


@dataclass(frozen=True)
class Content:
    """What a draft says, and as which article it would be published."""

    article_id: str
    lang: str
    title: str
    body: str
    alternatives: tuple[str, ...] = ()
    reason: str = ""
    stage: str = ""
    replaces: str | None = None


@dataclass(frozen=True)
class Step:
    """Something a person did to a draft."""

    at: datetime
    actor: str
    action: str


@dataclass(frozen=True)
class Draft:
    """A stored draft. `state`: open, publishing, approved, rejected; `origin`: conversation, gap, blank."""

    id: str
    state: str
    revision: int
    origin: str
    author: str
    created_at: datetime
    updated_at: datetime
    content: Content
    version: str | None = None
    sources: tuple[Ref, ...] = ()
    steps: tuple[Step, ...] = field(default=())


class DraftTaken(Exception):
    """Somebody else changed or decided the draft first, or it is gone."""


_CONTENT: Final = ("article_id", "lang", "title", "body", "alternatives", "reason", "stage", "replaces")


def propose(conn: Connection, content: Content, origin: str, sources: Sequence[Ref], author: str, at: datetime) -> str:
    """Stores a new open draft; returns its id."""
    made = f"d-{secrets.token_hex(8)}"
    moment = clock.micros(at)
    conn.execute(
        draft.insert().values(
            id=made, state="open", revision=1, origin=origin, author=author, created_at=moment, updated_at=moment,
            **_values(content),
        )
    )  # fmt: skip
    kept = [{"draft_id": made, "conversation_id": one, "seq": seq} for one, seq in dict.fromkeys(sources)]
    if kept:
        conn.execute(draft_source.insert(), kept)
    _note(conn, made, author, "proposed", at)
    return made


def save(conn: Connection, draft_id: str, revision: int, content: Content, actor: str, at: datetime) -> None:
    """Writes an open draft anew. Raises DraftTaken."""
    _change(conn, draft_id, revision, at, ("open",), revision=revision + 1, **_values(content))
    _note(conn, draft_id, actor, "edited", at)


def reject(conn: Connection, draft_id: str, revision: int, actor: str, at: datetime) -> None:
    """Sets an open draft aside; what it said stays readable. Raises DraftTaken."""
    _change(conn, draft_id, revision, at, ("open",), revision=revision + 1, state="rejected")
    _note(conn, draft_id, actor, "rejected", at)


def reopen(conn: Connection, draft_id: str, revision: int, actor: str, at: datetime) -> None:
    """Takes a rejected draft up again. Raises DraftTaken."""
    _change(conn, draft_id, revision, at, ("rejected",), revision=revision + 1, state="open")
    _note(conn, draft_id, actor, "reopened", at)


def claim(conn: Connection, draft_id: str, revision: int, at: datetime) -> None:
    """Takes an open draft in hand to publish it; the second of two comes too late. Raises DraftTaken."""
    stuck = sa.and_(draft.c.state == "publishing", draft.c.updated_at < clock.micros(at - PUBLISHING))
    free = sa.or_(draft.c.state == "open", stuck)
    chosen = draft.update().where(draft.c.id == draft_id, draft.c.revision == revision, free)
    if conn.execute(chosen.values(state="publishing", updated_at=clock.micros(at))).rowcount != 1:
        raise DraftTaken


def release(conn: Connection, draft_id: str, at: datetime) -> None:
    """It could not be published: open again, as it was."""
    chosen = draft.update().where(draft.c.id == draft_id, draft.c.state == "publishing")
    conn.execute(chosen.values(state="open", updated_at=clock.micros(at)))


def approved(conn: Connection, draft_id: str, version: str, actor: str, at: datetime) -> None:
    """It is published in that version of the knowledge base."""
    chosen = draft.update().where(draft.c.id == draft_id, draft.c.state == "publishing")
    values = {"state": "approved", "version": version, "revision": draft.c.revision + 1}
    if conn.execute(chosen.values(updated_at=clock.micros(at), **values)).rowcount == 1:
        _note(conn, draft_id, actor, "approved", at)
    else:  # its customer was erased meanwhile: who published what stays on record all the same
        accounts.note(conn, at, actor, "draft_approved", draft_id)


def get(conn: Connection, draft_id: str) -> Draft:
    """One draft with its sources and history. Raises KeyError."""
    row = conn.execute(sa.select(draft).where(draft.c.id == draft_id)).one_or_none() if "\x00" not in draft_id else None
    if row is None:
        raise KeyError(draft_id)
    sources = conn.execute(
        sa.select(draft_source.c.conversation_id, draft_source.c.seq)
        .where(draft_source.c.draft_id == draft_id)
        .order_by(draft_source.c.conversation_id, draft_source.c.seq)
    ).all()
    steps = conn.execute(sa.select(draft_step).where(draft_step.c.draft_id == draft_id).order_by(draft_step.c.id))
    return _draft(
        row,
        tuple((one.conversation_id, one.seq) for one in sources),
        tuple(Step(clock.moment(one.at), one.actor, one.action) for one in steps),
    )


def listed(conn: Connection, states: Collection[str]) -> list[Draft]:
    """Drafts in these states, the one touched last first, at most 200, without sources and history."""
    chosen = sa.select(draft).where(draft.c.state.in_(states)).order_by(draft.c.updated_at.desc(), draft.c.id)
    return [_draft(row) for row in conn.execute(chosen.limit(MOST_LISTED))]


def count_open(conn: Connection) -> int:
    chosen = sa.select(sa.func.count()).select_from(draft).where(draft.c.state.in_(("open", "publishing")))
    return int(conn.execute(chosen).scalar_one())


def written_from(conn: Connection) -> dict[Ref, str]:
    """By the words they come from, the drafts that are open or being published."""
    chosen = (
        sa.select(draft_source.c.conversation_id, draft_source.c.seq, draft_source.c.draft_id)
        .join(draft, draft.c.id == draft_source.c.draft_id)
        .where(draft.c.state.in_(("open", "publishing")))
    )
    return {(row.conversation_id, row.seq): row.draft_id for row in conn.execute(chosen)}


def sources(conn: Connection) -> frozenset[str]:
    """Conversations that a draft was made of already, decided or not."""
    return frozenset(conn.execute(sa.select(draft_source.c.conversation_id).distinct()).scalars())


def forget(conn: Connection, conversations: Collection[str]) -> int:
    """A customer was erased: drafts with their words go too, and returns how many.

    A published one stays: it is the company's own text, read and approved by a person. It only forgets where from.
    """
    ids = list(conversations)
    touched = sa.select(draft_source.c.draft_id).where(draft_source.c.conversation_id.in_(ids))
    gone = list(
        conn.execute(sa.select(draft.c.id).where(draft.c.id.in_(touched), draft.c.state != "approved")).scalars()
    )
    conn.execute(draft_source.delete().where(draft_source.c.conversation_id.in_(ids)))
    for table, column in ((draft_source, draft_source.c.draft_id), (draft_step, draft_step.c.draft_id)):
        conn.execute(table.delete().where(column.in_(gone)))
    conn.execute(draft.delete().where(draft.c.id.in_(gone)))
    return len(gone)


def _change(conn: Connection, draft_id: str, seen: int, at: datetime, states: Sequence[str], **values: Any) -> None:
    chosen = draft.update().where(draft.c.id == draft_id, draft.c.revision == seen, draft.c.state.in_(states))
    if conn.execute(chosen.values(updated_at=clock.micros(at), **values)).rowcount != 1:
        raise DraftTaken


def _note(conn: Connection, draft_id: str, actor: str, action: str, at: datetime) -> None:
    conn.execute(draft_step.insert().values(draft_id=draft_id, at=clock.micros(at), actor=actor, action=action))
    accounts.note(conn, at, actor, f"draft_{action}", draft_id)


def _values(content: Content) -> dict[str, Any]:
    values = {name: getattr(content, name) for name in _CONTENT}
    return {**values, "alternatives": list(content.alternatives)}


def _draft(row: sa.Row[Any], sources: tuple[Ref, ...] = (), steps: tuple[Step, ...] = ()) -> Draft:
    values = dict(row._mapping)
    content = Content(**{name: values.pop(name) for name in _CONTENT})
    content = Content(**{**content.__dict__, "alternatives": tuple(content.alternatives)})
    for name in ("created_at", "updated_at"):
        values[name] = clock.moment(values[name])
    return Draft(**values, content=content, sources=sources, steps=steps)
