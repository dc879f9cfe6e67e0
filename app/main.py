"""The prediction API, put together. Knows which parts there are, not how they work."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from fastapi import FastAPI

from app.model.predictor import Predictor
from app.predictions.cache import Cache, MemoryCache
from app.predictions.forecaster import Forecaster, PredictionMetrics
from app.predictions.routes import PredictionRoutes
from app.predictions.schemas import with_known_values
from app.predictions.store import PredictionStore
from app.service import Parts, build_service
from app.settings import ApiSettings
from app.storage.database import Database, database_of
from app.storage.migrate import migrate_until_done
from app.web.health import Check, Checks
from app.web.metrics import HttpMetrics
from app.web.problems import with_problem_schema

log = structlog.get_logger()

DESCRIPTION = "Predicts whether a flight will arrive 15 minutes late or more, and keeps what it said."
START_SECONDS = 3.0
"""How long the start waits for the schema; after that the service is up, but not ready."""


def cache_of(settings: ApiSettings) -> Cache:
    """Redis where the settings name one, else this process's memory."""
    if settings.redis_url is None:
        return MemoryCache(entries=settings.cache_entries, seconds=settings.cache_seconds)
    # Imported here: a replica without Redis starts a tenth of a second sooner without its client.
    from app.predictions.redis_cache import RedisBudget, RedisCache  # noqa: PLC0415

    budget = RedisBudget(
        timeout_seconds=settings.cache_timeout_milliseconds / 1000, seconds=settings.cache_seconds
    )
    return RedisCache(settings.redis_url.get_secret_value(), budget)


@dataclass(frozen=True, slots=True)
class Stores:
    """What the API keeps open."""

    database: Database
    cache: Cache
    settings: ApiSettings

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Brings the schema up to date, for as long as that takes, and closes everything at the end."""
        if self.settings.environment == "production" and self.settings.database_url is None:
            log.warning("DATABASE_URL is not set: predictions are lost with this machine's disk")
        migration = asyncio.create_task(self._migration())
        await asyncio.wait({migration}, timeout=START_SECONDS)
        try:
            yield
        finally:
            migration.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await migration
            await self.cache.close()
            await self.database.close()

    async def _migration(self) -> None:
        if self.settings.migrate_on_start:
            await migrate_until_done(self.database)


async def _loaded() -> None:
    """The model is loaded before anything else, so whoever asks finds it there."""


def _checks(store: PredictionStore, cache: Cache, settings: ApiSettings) -> Checks:
    required: dict[str, Check] = {"model": _loaded, "database": store.check}
    optional: dict[str, Check] = {}
    if settings.redis_url is not None:
        (required if settings.cache_required else optional)["cache"] = cache.check
    return Checks(required=required, optional=optional)


def create_app(settings: ApiSettings | None = None) -> FastAPI:
    """The API; settings come from the environment unless given. Raises SettingsError or ModelError."""
    settings = settings or ApiSettings.load()
    predictor = Predictor.load()
    catalogue = predictor.manifest.catalogue
    database, cache = database_of(settings), cache_of(settings)
    store = PredictionStore(database)
    metrics = HttpMetrics()
    forecaster = Forecaster(
        predictor, cache, store, PredictionMetrics(metrics.registry, predictor.manifest.model_type)
    )
    parts = Parts(
        name="api",
        description=DESCRIPTION,
        routers=[PredictionRoutes(forecaster, store, catalogue).router()],
        metrics=metrics,
        checks=_checks(store, cache, settings),
        opened=Stores(database, cache, settings).opened,
        described=lambda document: with_known_values(with_problem_schema(document), catalogue),
    )
    return build_service(parts, settings)
