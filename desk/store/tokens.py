"""Tokens for machines: made by an admin, shown once, kept as a hash, good until revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from desk import clock
from desk.store.accounts import AccountError
from desk.store.schema import metadata

SCOPES: Final = ("read", "write")
"""read: what a lead may read over the API; write: what a lead may send in. A token never holds conversations."""
PREFIX: Final = "spt_"
_NAME_AT_MOST: Final = 80
_USE_NOTED_EVERY_S: Final = 60

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("name", sa.String(_NAME_AT_MOST), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.String(200), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("last_used_at", sa.BigInteger),
    sa.Column("revoked_at", sa.BigInteger),
)


@dataclass(frozen=True)
class Token:
    """A machine that may call the API. Times are UTC; the secret itself is nowhere."""

    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def add(conn: Connection, name: str, scopes: Sequence[str], at: datetime) -> str:
    """A new token's secret, to be shown this once. Raises AccountError for a bad name or scope, or a name in use."""
    name = " ".join(name.split())
    if not name or len(name) > _NAME_AT_MOST or not name.isprintable():
        raise AccountError(f"the name must have 1 to {_NAME_AT_MOST} printable characters")
    if not scopes or set(scopes) - set(SCOPES):
        raise AccountError(f"a scope is one of {', '.join(SCOPES)}")
    if conn.execute(sa.select(api_token.c.name).where(api_token.c.name == name)).first():
        raise AccountError(f"there is, or was, a token named {name!r}: take another name")
    secret = PREFIX + secrets.token_urlsafe(32)
    listed = ",".join(scope for scope in SCOPES if scope in scopes)
    row = {"name": name, "token_hash": _hash(secret), "scopes": listed, "created_at": clock.micros(at)}
    conn.execute(api_token.insert().values(row))
    return secret


def every(conn: Connection) -> list[Token]:
    """All tokens ever made, by name."""
    return [_token(row) for row in conn.execute(sa.select(api_token).order_by(api_token.c.name))]


def revoke(conn: Connection, name: str, at: datetime) -> None:
    """Ends a token now; its name stays taken, so that the audit stays readable. Raises AccountError."""
    changed = conn.execute(
        api_token.update()
        .where(api_token.c.name == name, api_token.c.revoked_at.is_(None))
        .values(revoked_at=clock.micros(at))
    )
    if not changed.rowcount:
        raise AccountError(f"no token named {name!r} is in use")


def holder(conn: Connection, secret: str) -> Token | None:
    """Whose secret this is, if it is still good."""
    query = sa.select(api_token).where(api_token.c.token_hash == _hash(secret), api_token.c.revoked_at.is_(None))
    row = conn.execute(query).one_or_none()
    return None if row is None else _token(row)


def needs_noting(token: Token, at: datetime) -> bool:
    """Whether its last use on record is old enough to write the present one down."""
    return token.last_used_at is None or (at - token.last_used_at).total_seconds() >= _USE_NOTED_EVERY_S


def note_use(conn: Connection, name: str, at: datetime) -> None:
    """Remembers when a token was last used."""
    conn.execute(api_token.update().where(api_token.c.name == name).values(last_used_at=clock.micros(at)))


def _hash(secret: str) -> str:
    """The secret is 256 random bits, so that a fast hash keeps it as well as a slow one would."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _token(row: sa.Row[Any]) -> Token:
    moments = [None if micros is None else clock.moment(micros) for micros in (row.last_used_at, row.revoked_at)]
    return Token(row.name, tuple(row.scopes.split(",")), clock.moment(row.created_at), *moments)
