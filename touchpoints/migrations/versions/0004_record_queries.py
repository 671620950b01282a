"""Interactions packed as columns, and tokens for machines.

Rows derived before carry no change number: all conversations are marked, so that the next derivation writes them anew.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interaction", sa.Column("change", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("ix_interaction_change", "interaction", ["change"])
    op.create_table(
        "segment",
        sa.Column("until_change", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("replaces", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.add_column("derivation", sa.Column("change", sa.BigInteger, nullable=False, server_default="0"))
    for name in ("unpacked", "replaced"):
        op.add_column("derivation", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE derivation SET config_version = ''")
    op.create_table(
        "api_token",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE segment ALTER COLUMN body SET STORAGE EXTERNAL")  # it is compressed already


def downgrade() -> None:
    op.drop_table("api_token")
    for column in ("replaced", "unpacked", "change"):
        op.drop_column("derivation", column)
    op.drop_table("segment")
    op.drop_index("ix_interaction_change", "interaction")
    op.drop_column("interaction", "change")
