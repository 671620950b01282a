"""The record: events as they happened, interactions derived from them, configurations.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("customer_key", sa.Text),
        sa.Column("attributes", sa.Text, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    named = sa.text("customer_key IS NOT NULL")
    op.create_index("ix_event_customer_key", "event", ["customer_key"], sqlite_where=named, postgresql_where=named)
    op.create_table(
        "stale_conversation",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("mark", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "interaction",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("customer_key", sa.Text),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("events_from", sa.BigInteger, nullable=False),
        sa.Column("events_until", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    for column in ("customer_key", "started_at", "events_until"):
        op.create_index(f"ix_interaction_{column}", "interaction", [column])
    derivation = op.create_table(
        "derivation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("config_version", sa.Text, nullable=False),
    )
    op.bulk_insert(derivation, [{"id": 1, "config_version": ""}])
    op.create_table(
        "configuration",
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("configuration", "derivation", "interaction", "stale_conversation", "event"):
        op.drop_table(table)
