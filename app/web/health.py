"""How a replica says how it is. Knows checks by name only, not what they ask."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.responses import Response

from app.web.drain import Drain
from app.web.metrics import HttpMetrics

log = structlog.get_logger()

Check = Callable[[], Awaitable[None]]
"""Returns when all is well, raises when not."""

CHECK_SECONDS = 2.0
"""How long all checks together may take: less than a platform's probe waits."""


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether requests should be sent here, and what that depends on."""

    status: Literal["ready", "degraded", "not ready", "draining"]
    checks: dict[str, Literal["up", "down"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What readiness depends on."""

    required: Mapping[str, Check] = field(default_factory=dict[str, Check])
    """Without one of these the replica leaves the rotation."""
    optional: Mapping[str, Check] = field(default_factory=dict[str, Check])
    """Without one of these it is slower, which is said but changes nothing."""


async def _ask(name: str, check: Check) -> Literal["up", "down"]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 (whatever keeps a check from passing, the answer is the same)
        log.warning("check failed", check=name, reason=type(error).__name__)
        return "down"
    return "up"


class HealthRoutes:
    """The endpoints that platforms and Prometheus ask."""

    def __init__(self, checks: Checks, drain: Drain, metrics: HttpMetrics) -> None:
        self._checks = checks
        self._drain = drain
        self._metrics = metrics

    async def alive(self) -> Alive:
        """Whether the process answers at all, whatever it depends on: a platform restarts it if not."""
        return Alive()

    async def ready(self) -> Response:
        """Whether requests should be sent here: not while it stops or misses what it cannot do without."""
        named = {**self._checks.required, **self._checks.optional}
        states = await asyncio.gather(*(_ask(name, check) for name, check in named.items()))
        checks = dict(zip(named, states, strict=True))
        readiness = Readiness(status=self._status(checks), checks=checks)
        well = readiness.status in {"ready", "degraded"}
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(readiness.model_dump(), status_code=status)

    def _status(
        self, checks: Mapping[str, Literal["up", "down"]]
    ) -> Literal["ready", "degraded", "not ready", "draining"]:
        if self._drain.started:
            return "draining"
        if any(checks[name] == "down" for name in self._checks.required):
            return "not ready"
        return "degraded" if "down" in checks.values() else "ready"

    async def metrics(self) -> Response:
        """Everything that is counted, in Prometheus's text format."""
        return self._metrics.exposition()

    def router(self) -> APIRouter:
        """The routes, none of which needs a key or touches business."""
        router = APIRouter(tags=["health"])
        router.add_api_route("/health", self.alive, methods=["GET"], summary="Alive")
        router.add_api_route(
            "/metrics/liveness", self.alive, methods=["GET"], summary="Alive, by another name"
        )
        router.add_api_route(
            "/ready",
            self.ready,
            methods=["GET"],
            summary="Ready for requests",
            response_model=Readiness,
            responses={HTTPStatus.SERVICE_UNAVAILABLE.value: {"model": Readiness}},
        )
        router.add_api_route(
            "/metrics",
            self.metrics,
            methods=["GET"],
            summary="Metrics",
            response_class=Response,
            responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        )
        return router
