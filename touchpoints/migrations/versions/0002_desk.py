"""The running desk: threads, messages, sessions, tickets, accounts.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("thread", "message", "widget_session", "ticket", "agent", "agent_session", "sign_in_failure", "audit")


def upgrade() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("customer_key", sa.String(64), nullable=False),
        sa.Column("key_strength", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("page", sa.String(500), nullable=False),
        sa.Column("holder", sa.String(16), nullable=False),
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
    )
    op.create_index("thread_holder", "thread", ["holder", "queued_at"])
    op.create_index("thread_customer", "thread", ["customer_key"])
    op.create_table(
        "message",
        sa.Column("thread_id", sa.String(40), sa.ForeignKey("thread.id"), primary_key=True),
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
    )
    op.create_index(
        "message_pending",
        "message",
        ["thread_id", "seq"],
        sqlite_where=sa.text("turn = 'pending'"),
        postgresql_where=sa.text("turn = 'pending'"),
    )
    op.create_table(
        "widget_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("thread_id", sa.String(40), sa.ForeignKey("thread.id"), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("widget_session_thread", "widget_session", ["thread_id"])
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("thread_id", sa.String(40), sa.ForeignKey("thread.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(80)),
        sa.Column("contact", sa.String(320), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
    )
    op.create_index("ticket_open", "ticket", ["closed_at", "due_at"])
    op.create_index("ticket_thread", "ticket", ["thread_id"])
    op.create_table(
        "agent",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger),
    )
    op.create_table(
        "agent_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("agent_id", sa.String(40), sa.ForeignKey("agent.id"), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
    )
    op.create_index("sign_in_failure_subject", "sign_in_failure", ["subject", "at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
