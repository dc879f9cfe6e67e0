"""Alembic's entry: runs the steps on the connection that `storage.migrate` holds. Knows no URL."""

from alembic import context

from app.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
