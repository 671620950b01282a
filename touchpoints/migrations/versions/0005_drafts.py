"""Draft articles, and the conversations their words come from.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
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
        sa.Column("replaces", sa.String(64)),
        sa.Column("version", sa.String(64)),
    )
    op.create_index("draft_state", "draft", ["state", "updated_at"])
    op.create_table(
        "draft_source",
        sa.Column("draft_id", sa.String(40), sa.ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True),
    )
    op.create_index("draft_source_conversation", "draft_source", ["conversation_id"])
    op.create_table(
        "draft_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.String(40), sa.ForeignKey("draft.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
    )
    op.create_index("draft_step_draft", "draft_step", ["draft_id", "id"])


def downgrade() -> None:
    for name in ("draft_step", "draft_source", "draft"):
        op.drop_table(name)
