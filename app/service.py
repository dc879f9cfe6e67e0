"""Builds an HTTP service around its routes: what all services here share. Knows no business."""

import functools
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse

from app.settings import Settings
from app.web.drain import Drain
from app.web.health import Checks, HealthRoutes
from app.web.logs import configure_logs
from app.web.metrics import HttpMetrics, forget_dead_workers
from app.web.problems import documented, install_problems, with_problem_schema
from app.web.request_scope import Limits, RequestScope
from app.web.tracing import Tracing, tracing_to

EVERYWHERE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""Statuses that any route can end in."""

Opened = Callable[[], AbstractAsyncContextManager[None]]
"""Holds what the routes need open while the service runs."""


@asynccontextmanager
async def nothing_to_open() -> AsyncGenerator[None]:
    """For routes that need nothing."""
    yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What makes one service different from another."""

    name: str
    description: str
    routers: Sequence[APIRouter]
    metrics: HttpMetrics
    checks: Checks = field(default_factory=Checks)
    opened: Opened = nothing_to_open
    described: Callable[[dict[str, Any]], dict[str, Any]] = with_problem_schema
    """Completes the OpenAPI document."""


def _version() -> str:
    try:
        return version("airfield")
    except PackageNotFoundError:
        return "0"


def build_service(parts: Parts, settings: Settings) -> FastAPI:
    """The service, which opens nothing until it is started."""
    configure_logs(settings.log_level, service=parts.name, environment=settings.environment)
    drain = Drain()
    tracing = tracing_to(
        settings.otel_exporter_otlp_endpoint, service=parts.name, environment=settings.environment
    )
    app = FastAPI(
        title=parts.name,
        description=parts.description,
        version=_version(),
        lifespan=_lifespan(parts, settings, drain, tracing),
        openapi_url=None,
        redirect_slashes=False,
        telemetry=tracing.telemetry,
        responses=documented(*EVERYWHERE),
    )
    install_problems(app)
    document = _document(app, parts)
    for router in (*parts.routers, HealthRoutes(parts.checks, drain, parts.metrics).router(), document):
        app.include_router(router)
    app.add_middleware(
        RequestScope,
        limits=Limits(seconds=settings.request_timeout_seconds, body_bytes=settings.max_body_bytes),
        metrics=parts.metrics,
        drain=drain,
        trace_id=tracing.trace_id,
    )
    return app


def _document(app: FastAPI, parts: Parts) -> APIRouter:
    """Where the OpenAPI document is: a route like any other, so that it counts like any other."""

    @functools.cache
    def document() -> dict[str, Any]:
        return parts.described(app.openapi())

    async def openapi() -> JSONResponse:
        return JSONResponse(document())

    router = APIRouter()
    router.add_api_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    return router


def _lifespan(
    parts: Parts, settings: Settings, drain: Drain, tracing: Tracing
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        forget_dead_workers()
        with drain.on_sigterm(settings.drain_seconds):
            async with parts.opened():
                yield
        tracing.close()

    return lifespan
