"""The prediction endpoints. Knows HTTP and what callers see, not how a prediction is made or kept."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import AfterValidator

from app.model.flights import Catalogue, Flight
from app.predictions.forecaster import Forecaster
from app.predictions.prediction import Prediction
from app.predictions.schemas import (
    MAX_PAGE,
    Airport,
    BatchAnswer,
    BatchRequest,
    Carrier,
    FlightRequest,
    KeptPrediction,
    Page,
    PredictionAnswer,
    cursor_of,
)
from app.predictions.store import Filters, KeyReusedError, PredictionStore
from app.storage.database import StorageUnavailableError
from app.web.problems import FieldError, ProblemError, documented

log = structlog.get_logger()

RETRY_AFTER_SECONDS = "1"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:-]{1,128}$",
        description="Chosen by the caller, new for each new request, as a random UUID is. Repeating a request"
        " with its key returns the first answer and makes nothing twice.",
    ),
]


def _checked_cursor(text: str | None) -> str | None:
    if text is not None:
        cursor_of(text)
    return text


PageCursor = Annotated[
    str | None,
    Query(max_length=128, description="The next_cursor of the page before."),
    AfterValidator(_checked_cursor),
]

REPLAYED: dict[str, Any] = {
    "headers": {
        "Idempotency-Replayed": {
            "description": "`true` when this answers an earlier request with the same key.",
            "schema": {"type": "string", "enum": ["true"]},
        }
    }
}


def _storage_unavailable(error: StorageUnavailableError) -> ProblemError:
    """What a caller hears while the database is away; why, only the log says."""
    log.warning("storage is unavailable", reason=str(error))
    detail = "predictions cannot be kept or read at the moment"
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": RETRY_AFTER_SECONDS})


async def given_once(request: Request) -> None:
    """Refuses a query parameter that is given twice, of which the last would count without a word."""
    given = request.query_params
    errors = [
        FieldError(field=f"query.{name}", message="given more than once")
        for name in given
        if len(given.getlist(name)) > 1
    ]
    if errors:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "the request is not as documented", errors=errors)


def flight_of(asked: FlightRequest, catalogue: Catalogue, place: str) -> Flight | list[FieldError]:
    """The flight as the model takes it, or everything about it that the model does not know."""
    unknown = catalogue.unknown(asked.carrier, asked.origin, asked.destination)
    if unknown:
        return [FieldError(field=f"{place}.{u.field}", message=u.message, known=u.known) for u in unknown]
    distance = asked.distance_miles or catalogue.distance_miles(asked.origin, asked.destination)
    if distance is None:
        message = f"needed: no flight from {asked.origin} to {asked.destination} is known"
        return [FieldError(field=f"{place}.distance_miles", message=message)]
    return Flight(asked.carrier, asked.origin, asked.destination, asked.scheduled_departure, distance)


def _flights(asked: Mapping[str, FlightRequest], catalogue: Catalogue) -> list[Flight]:
    flights: list[Flight] = []
    errors: list[FieldError] = []
    for place, one in asked.items():
        found = flight_of(one, catalogue, place)
        if isinstance(found, Flight):
            flights.append(found)
        else:
            errors.extend(found)
    if errors:
        detail = "the model was never shown what this asks about"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)
    return flights


class PredictionRoutes:
    """Asks the forecaster, reads the store."""

    def __init__(self, forecaster: Forecaster, store: PredictionStore, catalogue: Catalogue) -> None:
        self._forecaster = forecaster
        self._store = store
        self._catalogue = catalogue

    async def predict(
        self, flight: FlightRequest, response: Response, idempotency_key: IdempotencyKey = None
    ) -> PredictionAnswer:
        """How likely this flight is to arrive 15 minutes late or more. What is answered has been kept."""
        made = await self._forecast(_flights({"body": flight}, self._catalogue), idempotency_key, response)
        return PredictionAnswer.of(made[0])

    async def predict_batch(
        self, batch: BatchRequest, response: Response, idempotency_key: IdempotencyKey = None
    ) -> BatchAnswer:
        """The same for up to 1,000 flights: all are answered and kept, or none."""
        asked = {f"body.flights.{number}": flight for number, flight in enumerate(batch.flights)}
        made = await self._forecast(_flights(asked, self._catalogue), idempotency_key, response)
        return BatchAnswer(predictions=[PredictionAnswer.of(prediction) for prediction in made])

    async def _forecast(
        self, flights: Sequence[Flight], key: str | None, response: Response
    ) -> Sequence[Prediction]:
        try:
            kept = await self._forecaster.forecast(flights, key)
        except StorageUnavailableError as error:
            raise _storage_unavailable(error) from error
        except KeyReusedError as error:
            message = "was used before, for another request"
            reused = [FieldError(field="header.Idempotency-Key", message=message)]
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, message, errors=reused) from error
        if kept.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return kept.predictions

    async def get(self, prediction_id: Annotated[UUID, Path()]) -> KeptPrediction:
        """A prediction that was made before."""
        try:
            found = await self._store.get(prediction_id)
        except StorageUnavailableError as error:
            raise _storage_unavailable(error) from error
        if found is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, "there is no prediction with this id")
        return KeptPrediction.of(found)

    async def page(
        self,
        carrier: Annotated[Carrier | None, Query()] = None,
        origin: Annotated[Airport | None, Query()] = None,
        destination: Annotated[Airport | None, Query()] = None,
        cursor: PageCursor = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
    ) -> Page:
        """Predictions that were made before, newest first; pages stay put while new ones are made."""
        after = cursor_of(cursor) if cursor is not None else None
        try:
            found = await self._store.page(Filters(carrier, origin, destination), after, limit + 1)
        except StorageUnavailableError as error:
            raise _storage_unavailable(error) from error
        return Page.of(found, limit)

    def router(self) -> APIRouter:
        """The routes."""
        invalid = documented(HTTPStatus.UNPROCESSABLE_ENTITY)
        answered: dict[int | str, dict[str, Any]] = {**invalid, HTTPStatus.OK.value: REPLAYED}
        router = APIRouter(tags=["predictions"])
        add = router.add_api_route
        add("/predict", self.predict, methods=["POST"], summary="Predict one flight", responses=answered)
        add(
            "/predict/batch", self.predict_batch, methods=["POST"], summary="Predict many", responses=answered
        )
        add(
            "/predictions",
            self.page,
            methods=["GET"],
            summary="Find predictions",
            responses=invalid,
            dependencies=[Depends(given_once)],
        )
        add(
            "/predictions/{prediction_id}",
            self.get,
            methods=["GET"],
            summary="One prediction",
            responses=invalid,
        )
        return router
