"""The CX side: observations, orders, and dated entries such as promises.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dated_entry",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("valid_from", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "observation",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("metric_id", sa.Text, nullable=False),
        sa.Column("period_start", sa.Text, nullable=False),
        sa.Column("period_end", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_observation_period_end", "observation", ["period_end", "current"])
    op.create_table(
        "customer_order",
        sa.Column("order_ref", sa.Text, primary_key=True),
        sa.Column("customer_key", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    for column in ("customer_key", "at"):
        op.create_index(f"ix_customer_order_{column}", "customer_order", [column])


def downgrade() -> None:
    for table in ("customer_order", "observation", "dated_entry"):
        op.drop_table(table)
