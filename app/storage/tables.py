"""The tables, as the newest migration leaves them. Knows no query."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, also where the database has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=UTC)


metadata = MetaData()

predictions = Table(
    "predictions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("carrier", String(2), nullable=False),
    Column("origin", String(3), nullable=False),
    Column("destination", String(3), nullable=False),
    Column("scheduled_departure", DateTime, nullable=False),
    Column("distance_miles", Integer, nullable=False),
    Column("delay_probability", Float(53), nullable=False),
    Column("is_delayed", Boolean, nullable=False),
    Column("model_version", String(64), nullable=False),
    # A key's answer is its rows in order of position. Without a key both are null, and nulls are never equal.
    Column("idempotency_key", String(128)),
    Column("position", Integer),
    UniqueConstraint("idempotency_key", "position", name="uq_predictions_idempotency_key_position"),
    # Pages go from the newest back, and two rows of one moment still have an order.
    Index("ix_predictions_created_at_id", "created_at", "id"),
)
