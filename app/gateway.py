"""The order platform's one door: forwards to the backends and says how they are. Knows their URLs only."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Literal

import httpx2 as httpx
import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from opentelemetry import propagate
from pydantic import BaseModel
from starlette.responses import Response

from app.service import Parts, build_service
from app.settings import GatewaySettings
from app.web.google_identity import GoogleIdentity
from app.web.metrics import HttpMetrics
from app.web.problems import ProblemError, documented

log = structlog.get_logger()

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Named, not all but some: what a backend must not see, or a caller must not, is then never forgotten.
REQUEST_HEADERS = ("accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match")
RESPONSE_HEADERS = ("allow", "content-type", "etag", "idempotency-replayed", "location", "retry-after")


class BackendHealth(BaseModel):
    """How one backend is, and how long it took to say so."""

    status: Literal["up", "down"]
    milliseconds: float


class BackendsHealth(BaseModel):
    """How all backends are: up when each is."""

    status: Literal["up", "down"]
    backends: dict[str, BackendHealth]


class GatewayRoutes:
    """Forwards, and asks how the backends are."""

    def __init__(self, client: httpx.AsyncClient, backends: Mapping[str, str], health_seconds: float) -> None:
        self._client = client
        self._backends = backends
        self._health_seconds = health_seconds

    async def health(self) -> Response:
        """How each backend is: all are asked at once, and none is waited for longer than the budget."""
        states = await asyncio.gather(*(self._ask(url) for url in self._backends.values()))
        well = all(state.status == "up" for state in states)
        body = BackendsHealth(
            status="up" if well else "down", backends=dict(zip(self._backends, states, strict=True))
        )
        return JSONResponse(body.model_dump(), HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _ask(self, url: str) -> BackendHealth:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._health_seconds):
                answer = await self._client.get(f"{url}/health")
            status = "up" if answer.status_code == HTTPStatus.OK else "down"
        except (httpx.HTTPError, OSError, TimeoutError):
            status = "down"
        return BackendHealth(status=status, milliseconds=round((time.perf_counter() - started) * 1000, 1))

    async def forward(self, request: Request) -> Response:
        """What the backend answers, 502 if it cannot be reached, 504 if it takes too long."""
        _, name, *below = request.url.path.split("/")
        if ".." in below:
            raise ProblemError(HTTPStatus.NOT_FOUND, "no backend has such a path")
        outgoing = self._client.build_request(
            request.method,
            httpx.URL(self._backends[name]).copy_with(raw_path=_target(request)),
            headers=_forwarded_headers(request),
            content=await request.body(),
        )
        try:
            answer = await self._client.send(outgoing)
        except httpx.TimeoutException as error:
            raise ProblemError(HTTPStatus.GATEWAY_TIMEOUT, f"{name} took too long") from error
        except httpx.HTTPError as error:
            log.warning("backend cannot be reached", backend=name, reason=type(error).__name__)
            raise ProblemError(HTTPStatus.BAD_GATEWAY, f"{name} cannot be reached") from error
        headers = {name: answer.headers[name] for name in RESPONSE_HEADERS if name in answer.headers}
        return Response(answer.content, answer.status_code, headers)

    def router(self) -> APIRouter:
        """The routes, two for each backend: its collection, and what is below."""
        router = APIRouter()
        router.add_api_route(
            "/health/backends",
            self.health,
            methods=["GET"],
            tags=["health"],
            summary="The backends",
            response_model=BackendsHealth,
            responses={HTTPStatus.SERVICE_UNAVAILABLE.value: {"model": BackendsHealth}},
        )
        unreachable = documented(HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
        for name in self._backends:
            for path in (f"/{name}", f"/{name}/{{rest:path}}"):
                router.add_api_route(
                    path,
                    self.forward,
                    methods=list(METHODS),
                    tags=[name],
                    responses=unreachable,
                    include_in_schema=False,
                )
        return router


def _target(request: Request) -> bytes:
    """Path and query as they came, still encoded."""
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return path + b"?" + query if query else path


def _forwarded_headers(request: Request) -> dict[str, str]:
    headers = {name: request.headers[name] for name in REQUEST_HEADERS if name in request.headers}
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if isinstance(request_id, str):
        headers["x-request-id"] = request_id
    if "traceparent" in request.headers:
        headers["traceparent"] = request.headers["traceparent"]
    propagate.inject(headers)
    return headers


def create_app(settings: GatewaySettings | None = None) -> FastAPI:
    """The gateway; settings come from the environment unless given. Raises SettingsError."""
    settings = settings or GatewaySettings.load()
    identity = GoogleIdentity() if settings.k_service else None
    client = httpx.AsyncClient(timeout=settings.backend_seconds, auth=identity)
    backends = {
        "orders": settings.orders_url,
        "payments": settings.payments_url,
        "stock": settings.stock_url,
    }

    @asynccontextmanager
    async def opened() -> AsyncGenerator[None]:
        async with client:
            yield

    parts = Parts(
        name="gateway",
        description="The order platform's one door.",
        routers=[GatewayRoutes(client, backends, settings.backend_health_seconds).router()],
        metrics=HttpMetrics(),
        opened=opened,
    )
    return build_service(parts, settings)
