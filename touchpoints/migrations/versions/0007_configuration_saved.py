"""Every time a configuration was put in force, with its author; so far each version knew only the last time.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "configuration_saved",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
        sa.Column("saved_by", sa.Text),
    )
    op.execute(
        "INSERT INTO configuration_saved (version, saved_at)"
        " SELECT version, saved_at FROM configuration ORDER BY saved_at, version DESC"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE configuration SET saved_at = (SELECT max(s.saved_at) FROM configuration_saved AS s"
        " WHERE s.version = configuration.version)"
    )
    op.drop_table("configuration_saved")
