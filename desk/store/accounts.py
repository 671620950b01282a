"""Agents, leads and admins: who may sign in, with what right, and for how long a sign-in lasts."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection

from desk import clock
from desk.store.schema import agent, agent_session, audit, sign_in_failure

ROLES: Final = ("agent", "lead", "admin")
SESSION_HOURS: Final = 12
FAILURES_ALLOWED: Final = 5
FAILURE_WINDOW: Final = timedelta(minutes=15)
SHORTEST_PASSWORD: Final = 10

_hasher = PasswordHasher()
# verified against when the name is unknown, so that the time taken doesn't tell which names exist
_NOBODY: Final = _hasher.hash(secrets.token_urlsafe(16))


class AccountError(Exception):
    """An account can't be made or changed as asked; the message says why."""


class Throttled(Exception):
    """Too many failed sign-ins lately. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many failed sign-ins; try again in {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Agent:
    """A person who works at the desk. `role` is agent, lead or admin."""

    id: str
    name: str
    role: str
    disabled: bool = False


@dataclass(frozen=True)
class Stored:
    """An account and what its password is judged by."""

    agent: Agent
    password_hash: str


@dataclass(frozen=True)
class Attempt:
    """Who tries to sign in, from where."""

    name: str
    address: str

    @property
    def bounds(self) -> dict[str, int]:
        """How often each may fail in the window."""
        pair = f"pair:{self.name} {self.address}"[:100]
        alone = {f"name:{self.name}"[:100]: 20 * FAILURES_ALLOWED, f"address:{self.address}": 12 * FAILURES_ALLOWED}
        return {pair: FAILURES_ALLOWED, **alone}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _agent(row: sa.Row[Any]) -> Agent:
    values = row._mapping
    return Agent(values["id"], values["name"], values["role"], values["disabled_at"] is not None)


def add(conn: Connection, name: str, role: str, password: str, at: datetime) -> Agent:
    """A new account. Raises AccountError for an unknown role, a short password or a name that is taken."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise AccountError("the name must have 1 to 80 characters")
    if role not in ROLES:
        raise AccountError(f"role {role!r} is not one of {', '.join(ROLES)}")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"the password must have at least {SHORTEST_PASSWORD} characters")
    if conn.execute(sa.select(agent.c.id).where(agent.c.name == name)).first():
        raise AccountError(f"there is an account named {name!r} already")
    made = Agent(f"a-{secrets.token_hex(8)}", name, role)
    values = {
        "id": made.id,
        "name": name,
        "role": role,
        "password_hash": _hasher.hash(password),
        "created_at": clock.micros(at),
    }
    conn.execute(agent.insert().values(values))
    return made


def everyone(conn: Connection) -> list[Agent]:
    return [_agent(row) for row in conn.execute(sa.select(agent).order_by(agent.c.name))]


def names(conn: Connection) -> dict[str, str]:
    """Names by agent id."""
    return {row.id: row.name for row in conn.execute(sa.select(agent.c.id, agent.c.name))}


def disable(conn: Connection, name: str, at: datetime) -> None:
    """Nobody signs in with this account any more and its sign-ins end now. Raises AccountError."""
    row = conn.execute(sa.select(agent.c.id).where(agent.c.name == name)).first()
    if row is None:
        raise AccountError(f"there is no account named {name!r}")
    conn.execute(agent.update().where(agent.c.id == row.id).values(disabled_at=clock.micros(at)))
    conn.execute(agent_session.delete().where(agent_session.c.agent_id == row.id))


def begin_attempt(conn: Connection, attempt: Attempt, name: str, at: datetime) -> Stored | None:
    """Count an attempt to sign in and find the account it is for. Raises Throttled when there were too many lately.

    The pair of name and address is what a person mistypes; the name alone, with a far higher bound, is what a guesser
    with many addresses tries, and must not be an easy way to keep somebody out.
    """
    since = clock.micros(at - FAILURE_WINDOW)
    if conn.dialect.name == "postgresql":  # SQLite has one writer anyway
        conn.execute(sa.text("LOCK TABLE sign_in_failure IN EXCLUSIVE MODE"))
    conn.execute(sign_in_failure.delete().where(sign_in_failure.c.at <= since))
    for subject, allowed in attempt.bounds.items():
        recent = sa.select(sa.func.count(), sa.func.min(sign_in_failure.c.at)).where(
            sign_in_failure.c.subject == subject
        )
        count, first = conn.execute(recent).one()
        if count >= allowed:
            until = clock.moment(first) + FAILURE_WINDOW
            raise Throttled(max(1, int((until - at).total_seconds())))
    counted = [{"at": clock.micros(at), "subject": subject} for subject in attempt.bounds]
    conn.execute(sign_in_failure.insert(), counted)
    row = conn.execute(sa.select(agent).where(agent.c.name == name, agent.c.disabled_at.is_(None))).one_or_none()
    return Stored(_agent(row), row.password_hash) if row else None


def verify(stored: Stored | None, password: str) -> Agent | None:
    """The account these words open, or None. Takes the same time whether or not there is one."""
    try:
        _hasher.verify(stored.password_hash if stored else _NOBODY, password)
    except VerificationError:
        return None
    return stored.agent if stored else None


def open_session(conn: Connection, one: Agent, attempt: Attempt, at: datetime) -> str:
    """A sign-in that lasts a working day; only its token's hash is stored. The attempts before it are forgotten."""
    token = secrets.token_urlsafe(32)
    conn.execute(sign_in_failure.delete().where(sign_in_failure.c.subject.in_(attempt.bounds)))
    conn.execute(agent_session.delete().where(agent_session.c.expires_at < clock.micros(at)))
    values = {
        "token_hash": _hash(token),
        "agent_id": one.id,
        "expires_at": clock.micros(at + timedelta(hours=SESSION_HOURS)),
    }
    conn.execute(agent_session.insert().values(values))
    return token


def signed_in(conn: Connection, token: str, at: datetime) -> Agent | None:
    """Who holds this sign-in, if it is still good."""
    held = sa.select(agent).join(agent_session, agent_session.c.agent_id == agent.c.id)
    row = conn.execute(
        held.where(
            agent_session.c.token_hash == _hash(token),
            agent_session.c.expires_at > clock.micros(at),
            agent.c.disabled_at.is_(None),
        )
    ).one_or_none()
    return _agent(row) if row else None


def close_session(conn: Connection, token: str) -> None:
    conn.execute(agent_session.delete().where(agent_session.c.token_hash == _hash(token)))


def note(conn: Connection, at: datetime, actor: str, action: str, subject: str) -> None:
    """One line of the audit: who did what to which record. Never holds a customer's words."""
    conn.execute(audit.insert().values(at=clock.micros(at), actor=actor, action=action, subject=subject[:100]))
