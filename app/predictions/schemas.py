"""What callers send and get. Knows JSON, not where values come from."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from app.model.flights import Catalogue
from app.predictions.prediction import Prediction
from app.predictions.store import Cursor

MAX_BATCH = 1000
MAX_PAGE = 100
MAX_DISTANCE_MILES = 12_000
"""A little under half of the equator: nothing is further away."""

LOCAL_MINUTE = (
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
)

CURSOR_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"

Carrier = Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$", description="IATA code of the airline.")]
Airport = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="IATA code of the airport.")]


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("must be text, as in 2026-07-04T17:30")  # noqa: TRY004 (pydantic turns only this into a 422)
    return value


def _local(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("must be the origin's local time, without an offset")
    return value


LocalTime = Annotated[
    datetime,
    AfterValidator(_local),
    BeforeValidator(_text),
    WithJsonSchema({"type": "string", "pattern": LOCAL_MINUTE, "examples": ["2026-07-04T17:30"]}),
]


class FlightRequest(BaseModel):
    """A scheduled departure."""

    model_config = ConfigDict(extra="forbid")

    carrier: Carrier
    origin: Airport
    destination: Airport
    scheduled_departure: LocalTime = Field(description="By the clock at the origin.")
    distance_miles: int | None = Field(
        default=None,
        ge=1,
        le=MAX_DISTANCE_MILES,
        strict=True,
        description="Left out, it is the one known for this pair of airports.",
    )


class BatchRequest(BaseModel):
    """Several scheduled departures, answered together or not at all."""

    model_config = ConfigDict(extra="forbid")

    flights: list[FlightRequest] = Field(min_length=1, max_length=MAX_BATCH)


class PredictionAnswer(BaseModel):
    """What the model says about a flight."""

    model_config = ConfigDict(protected_namespaces=())

    prediction_id: UUID
    is_delayed: bool = Field(description="Whether the probability reaches the model's threshold.")
    delay_probability: float = Field(ge=0, le=1, description="Of arriving 15 minutes late or more.")
    model_version: str

    @classmethod
    def of(cls, prediction: Prediction) -> Self:
        """As callers see it."""
        return cls(
            prediction_id=prediction.id,
            is_delayed=prediction.is_delayed,
            delay_probability=prediction.delay_probability,
            model_version=prediction.model_version,
        )


class BatchAnswer(BaseModel):
    """In the order that was asked in."""

    predictions: list[PredictionAnswer]


class KeptPrediction(PredictionAnswer):
    """A prediction as it was kept, with what was asked."""

    created_at: AwareDatetime
    carrier: str
    origin: str
    destination: str
    scheduled_departure: Annotated[datetime, WithJsonSchema({"type": "string", "pattern": LOCAL_MINUTE})]
    distance_miles: int

    @classmethod
    def of(cls, prediction: Prediction) -> Self:
        """As callers see it."""
        return cls(
            prediction_id=prediction.id,
            is_delayed=prediction.is_delayed,
            delay_probability=prediction.delay_probability,
            model_version=prediction.model_version,
            created_at=prediction.created_at,
            **prediction.flight._asdict(),
        )


class Page(BaseModel):
    """Some kept predictions, newest first."""

    items: list[KeptPrediction]
    next_cursor: str | None = Field(description="Where the next page starts; null on the last.")

    @classmethod
    def of(cls, found: Sequence[Prediction], limit: int) -> Self:
        """Of up to `limit`, out of `found`, which was asked for one more to see whether there is one."""
        shown = found[:limit]
        last = shown[-1] if len(found) > limit else None
        cursor = None if last is None else cursor_text(Cursor(last.created_at, last.id))
        return cls(items=[KeptPrediction.of(p) for p in shown], next_cursor=cursor)


def cursor_text(cursor: Cursor) -> str:
    """Opaque to callers."""
    return base64.urlsafe_b64encode(
        f"{cursor.created_at.astimezone(UTC).strftime(CURSOR_MOMENT)} {cursor.id.hex}".encode()
    ).decode()


def cursor_of(text: str) -> Cursor:
    """The reverse of `cursor_text`. Raises ValueError for anything else."""
    try:
        moment, _, number = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
        return Cursor(datetime.strptime(moment, CURSOR_MOMENT).replace(tzinfo=UTC), UUID(hex=number))
    except ValueError:
        raise ValueError("must be the next_cursor of an earlier page") from None


def with_known_values(schema: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The OpenAPI document, which then lists the carriers and airports that the model knows."""
    properties = schema["components"]["schemas"]["FlightRequest"]["properties"]
    known = {
        "carrier": catalogue.carriers,
        "origin": catalogue.origins,
        "destination": catalogue.destinations,
    }
    for field, codes in known.items():
        properties[field]["enum"] = list(codes)
    return schema
