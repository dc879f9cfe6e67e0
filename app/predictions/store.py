"""Keeps predictions and finds them again. Knows the table, not how a prediction is made."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, insert, select, text, tuple_
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.model.flights import Flight
from app.predictions.prediction import Prediction
from app.storage.database import Database, StorageUnavailableError
from app.storage.tables import predictions

Result = TypeVar("Result")


class KeyReusedError(Exception):
    """An idempotency key came back with another request."""


class Cursor(NamedTuple):
    """The last prediction of a page."""

    created_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Filters:
    """Which predictions are asked for; None is any."""

    carrier: str | None = None
    origin: str | None = None
    destination: str | None = None


class Kept(NamedTuple):
    """What is in the database now, and whether an earlier request had put it there."""

    predictions: Sequence[Prediction]
    replayed: bool


def _row(prediction: Prediction, key: str | None, position: int) -> dict[str, Any]:
    return {
        "id": prediction.id,
        "created_at": prediction.created_at,
        **prediction.flight._asdict(),
        "delay_probability": prediction.delay_probability,
        "is_delayed": prediction.is_delayed,
        "model_version": prediction.model_version,
        "idempotency_key": key,
        "position": None if key is None else position,
    }


def _prediction(row: Row[Any]) -> Prediction:
    flight = Flight(row.carrier, row.origin, row.destination, row.scheduled_departure, row.distance_miles)
    return Prediction(
        row.id, row.created_at, flight, row.delay_probability, row.is_delayed, row.model_version
    )


async def _again_if_cut_off(operation: Callable[[], Awaitable[Result]]) -> Result:
    """Once more, when the connection turned out to be one that a restarted database had forgotten."""
    try:
        return await operation()
    except StorageUnavailableError as error:
        cause = error.__cause__
        if isinstance(cause, DBAPIError) and cause.connection_invalidated:
            return await operation()
        raise


class PredictionStore:
    """Predictions in a database. Everything raises StorageUnavailableError while that is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """That the database answers and has the table."""

        async def ask() -> None:
            async with self._database.single_statements() as connection:
                await connection.execute(text("SELECT 1 FROM predictions LIMIT 1"))

        await _again_if_cut_off(ask)

    async def keep(self, made: Sequence[Prediction], key: str | None) -> Kept:
        """Write all or none, and return only when they would survive a crash.

        With a `key` that was used before, nothing is written and the first answer is returned. Raises
        KeyReusedError if that answered other flights.
        """
        rows = [_row(prediction, key, position) for position, prediction in enumerate(made)]

        async def write() -> None:
            scope = self._database.single_statements if len(rows) == 1 else self._database.transaction
            async with scope() as connection:
                await connection.execute(insert(predictions), rows)

        try:
            await _again_if_cut_off(write)
        except IntegrityError:
            return await self._kept_before(made, key)
        return Kept(made, replayed=False)

    async def _kept_before(self, made: Sequence[Prediction], key: str | None) -> Kept:
        if key is None:
            # Only ids can have clashed, and ids are ours: the write that seemed cut off had gone through.
            return Kept(made, replayed=False)
        found = await self._select(
            select(predictions).where(predictions.c.idempotency_key == key).order_by(predictions.c.position)
        )
        if [p.flight for p in found] != [p.flight for p in made]:
            raise KeyReusedError
        return Kept(found, replayed=found[0].id != made[0].id)

    async def get(self, prediction_id: UUID) -> Prediction | None:
        """The one with this id."""
        found = await self._select(select(predictions).where(predictions.c.id == prediction_id))
        return found[0] if found else None

    async def page(self, filters: Filters, after: Cursor | None, limit: int) -> Sequence[Prediction]:
        """Up to `limit`, newest first, from behind `after` on."""
        query = select(predictions)
        for column, value in (
            (predictions.c.carrier, filters.carrier),
            (predictions.c.origin, filters.origin),
            (predictions.c.destination, filters.destination),
        ):
            if value is not None:
                query = query.where(column == value)
        place = tuple_(predictions.c.created_at, predictions.c.id)
        if after is not None:
            query = query.where(place < tuple_(*after, types=[c.type for c in place.clauses]))
        newest_first = (predictions.c.created_at.desc(), predictions.c.id.desc())
        return await self._select(query.order_by(*newest_first).limit(limit))

    async def _select(self, query: Select[Any]) -> list[Prediction]:
        async def read() -> list[Prediction]:
            async with self._database.single_statements() as connection:
                return [_prediction(row) for row in await connection.execute(query)]

        return await _again_if_cut_off(read)
