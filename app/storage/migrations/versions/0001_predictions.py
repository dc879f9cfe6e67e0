"""Predictions are kept, with the key that a caller may retry by."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "predictions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carrier", sa.String(2), nullable=False),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.Column("destination", sa.String(3), nullable=False),
        sa.Column("scheduled_departure", sa.DateTime, nullable=False),
        sa.Column("distance_miles", sa.Integer, nullable=False),
        sa.Column("delay_probability", sa.Float(53), nullable=False),
        sa.Column("is_delayed", sa.Boolean, nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(128)),
        sa.Column("position", sa.Integer),
        sa.UniqueConstraint("idempotency_key", "position", name="uq_predictions_idempotency_key_position"),
    )
    op.create_index("ix_predictions_created_at_id", "predictions", ["created_at", "id"])


def downgrade() -> None:
    """Drop the table and what is in it."""
    op.drop_table("predictions")
