"""Alembic's versions of the schema, one file a step. Knows no data."""
