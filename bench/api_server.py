"""Serves one of the applications that `bench/api.py` compares: `python -m bench.api_server NAME PORT`."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from app.main import create_app
from app.model.flights import Flight
from app.model.predictor import Predictor
from app.predictions.cache import MemoryCache
from app.predictions.forecaster import Forecaster, PredictionMetrics
from app.predictions.prediction import Prediction
from app.predictions.routes import PredictionRoutes
from app.predictions.schemas import FlightRequest
from app.predictions.store import Kept, PredictionStore
from app.service import Parts, build_service
from app.settings import ApiSettings
from app.storage.database import Database
from app.web.metrics import HttpMetrics


class NoStore(PredictionStore):
    """Keeps nothing, so that what remains is the framework and what is around it."""

    async def keep(self, made: Sequence[Prediction], key: str | None) -> Kept:  # noqa: ARG002 (the signature of keep)
        """As if it had been kept."""
        return Kept(made, replayed=False)


def bare() -> ASGIApp:
    """The least that answers the same model call: no schema, metrics, logs, ids, limits or headers."""
    predictor = Predictor.load()
    catalogue = predictor.manifest.catalogue
    threshold = predictor.manifest.threshold

    async def predict(request: Request) -> JSONResponse:
        asked = FlightRequest.model_construct(**await request.json())
        flight = Flight(
            asked.carrier,
            asked.origin,
            asked.destination,
            datetime.fromisoformat(str(asked.scheduled_departure)),
            catalogue.distance_miles(asked.origin, asked.destination) or 0,
        )
        (probability,) = predictor.delay_probabilities([flight])
        return JSONResponse({"delay_probability": probability, "is_delayed": probability >= threshold})

    return Starlette(routes=[Route("/predict", predict, methods=["POST"])])


def ours_without_storage() -> ASGIApp:
    """The API with all it does but keep; its cache holds nothing, so that each request asks the model."""
    predictor = Predictor.load()
    store = NoStore(Database("sqlite://", timeout_seconds=1, pool_size=1))
    metrics = HttpMetrics()
    cache = MemoryCache(entries=0, seconds=1)
    prediction_metrics = PredictionMetrics(metrics.registry, predictor.manifest.model_type)
    forecaster = Forecaster(predictor, cache, store, prediction_metrics)
    routes = PredictionRoutes(forecaster, store, predictor.manifest.catalogue)
    parts = Parts(name="api", description="", routers=[routes.router()], metrics=metrics)
    return build_service(parts, ApiSettings())


def ours() -> ASGIApp:
    """The API as it is, on the database that DATABASE_URL names."""
    return create_app(ApiSettings(cache_entries=0))


APPLICATIONS: dict[str, Callable[[], ASGIApp]] = {
    "bare": bare,
    "ours_without_storage": ours_without_storage,
    "ours": ours,
}


def main() -> None:
    """Serve until SIGTERM."""
    name, port = sys.argv[1:]
    uvicorn.run(
        APPLICATIONS[name](),
        host="127.0.0.1",
        port=int(port),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
