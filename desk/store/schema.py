"""Tables of the running desk. Times are microseconds UTC; customers' words are here and in the record's events only."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

thread = sa.Table(
    "thread",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("customer_key", sa.String(64), nullable=False),
    sa.Column("key_strength", sa.String(16), nullable=False),
    sa.Column("locale", sa.String(8), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("page", sa.String(500), nullable=False),
    sa.Column("holder", sa.String(16), nullable=False),
    # goes up at every change of holder; a reply computed under an older number is dropped
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("agent_id", sa.String(40)),
    sa.Column("queued_at", sa.BigInteger),
    sa.Column("queued_why", sa.String(24)),
    sa.Column("survey", sa.String(16), nullable=False),
    sa.Column("event_seq", sa.Integer, nullable=False),
    sa.Column("message_seq", sa.Integer, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
    sa.Column("state", sa.JSON, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Index("thread_holder", "holder", "queued_at"),
    sa.Index("thread_customer", "customer_key"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("thread_id", sa.ForeignKey("thread.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("name", sa.String(80)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("client_id", sa.String(64)),
    sa.Column("choice", sa.String(500)),
    sa.Column("turn", sa.String(8)),
    sa.Column("extras", sa.JSON, nullable=False),
    sa.UniqueConstraint("thread_id", "client_id", name="message_client_id"),
    # the turns still owed a reply: looked for at every start
    sa.Index(
        "message_pending",
        "thread_id",
        "seq",
        sqlite_where=sa.text("turn = 'pending'"),
        postgresql_where=sa.text("turn = 'pending'"),
    ),
)

widget_session = sa.Table(
    "widget_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("thread_id", sa.ForeignKey("thread.id"), nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Index("widget_session_thread", "thread_id"),
)

ticket = sa.Table(
    "ticket",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("thread_id", sa.ForeignKey("thread.id"), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(80)),
    sa.Column("contact", sa.String(320), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("closed_at", sa.BigInteger),
    sa.Index("ticket_open", "closed_at", "due_at"),
    sa.Index("ticket_thread", "thread_id"),
)

agent = sa.Table(
    "agent",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("disabled_at", sa.BigInteger),
)

agent_session = sa.Table(
    "agent_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("agent_id", sa.ForeignKey("agent.id"), nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
)

sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Index("sign_in_failure_subject", "subject", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
)
