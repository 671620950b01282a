"""Runs the migrations over the connection, and inside the transaction, that `migrate` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
