"""What surrounds every request: its id, limits, log line, metrics and headers. Knows no route."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.drain import Drain
from app.web.metrics import HttpMetrics
from app.web.problems import ProblemError, problem_response

log = structlog.get_logger()

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
)


LINGER_SECONDS = 5.0
LINGER_BODIES = 16
"""How long, and how many times the allowed body, is still read of a request that was already refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may take of us."""

    seconds: float
    body_bytes: int


class _Exchange:
    """One request, how much of it has come, and what has been answered to it."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        request_id: bytes,
        *,
        closing: Callable[[], bool],
    ) -> None:
        self.method: str = scope["method"]
        # HEAD is GET without the body, which the server leaves out.
        self.scope = {**scope, "method": "GET"} if self.method == "HEAD" else scope
        self.status = 0
        self.received_bytes = 0
        self._complete = not any(
            name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"]
        )
        self._lingers = False
        self._receive = receive
        self._send = send
        self._closing = closing
        self._headers = [*SECURITY_HEADERS, (b"x-request-id", request_id)]

    async def receive(self) -> Message:
        """What comes next of the request."""
        message = await self._receive()
        self.received_bytes += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass on what is answered, with the headers that every answer has; its end waits for `end`."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers]
            if self._closing():
                message["headers"].append((b"connection", b"close"))
        elif not self._complete and not message.get("more_body", False):
            self._lingers = True
            message = {**message, "more_body": True}
        await self._send(message)

    async def end(self, most_bytes: int) -> None:
        """Read what is still on its way, then end the answer.

        Whoever closes a connection that holds unread bytes resets it: a proxy that is still sending would
        take that for a failure and say 502 in place of what we answered.
        """
        if not self._lingers:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._complete and self.received_bytes < most_bytes:
                    await self.receive()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    @property
    def endpoint(self) -> str:
        """The route's template, so that a raw path never becomes a label."""
        route = self.scope.get("route")
        path: Any = getattr(route, "path_format", None) or getattr(route, "path", None)
        return path if isinstance(path, str) else "unmatched"

    async def answer(self, status: HTTPStatus, detail: str | None, **headers: str) -> None:
        """A problem, unless an answer has already begun."""
        if not self.status:
            await problem_response(status, detail, headers=headers)(self.scope, self.receive, self.send)


def _header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key == name), None)


def _request_id(scope: Scope) -> bytes:
    given = _header(scope, b"x-request-id")
    return given if given and REQUEST_ID.fullmatch(given) else uuid4().hex.encode()


class RequestScope:
    """ASGI middleware around everything that routes do."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        metrics: HttpMetrics,
        drain: Drain,
        trace_id: Callable[[Scope], str | None],
    ) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._drain = drain
        self._trace_id = trace_id
        # Bound once, since looking a logger's settings up costs more than writing the line.
        self._log = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        exchange = _Exchange(scope, receive, send, request_id, closing=lambda: self._drain.started)
        named = {"request_id": request_id.decode(), "trace_id": self._trace_id(scope)}
        with structlog.contextvars.bound_contextvars(**named):
            self._metrics.active.inc()
            try:
                await self._within_limits(exchange)
            finally:
                self._metrics.active.dec()
                self._account(exchange, time.perf_counter() - started)
        await exchange.end(LINGER_BODIES * self._limits.body_bytes)

    async def _within_limits(self, exchange: _Exchange) -> None:
        length = _header(exchange.scope, b"content-length") or b"0"
        if length.isdigit() and int(length) > self._limits.body_bytes:
            too_large = self._too_large()
            await exchange.answer(HTTPStatus(too_large.status_code), too_large.detail, Connection="close")
            return
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._app(exchange.scope, self._counted(exchange), exchange.send)
        except TimeoutError:
            log.warning("request took too long", seconds=self._limits.seconds)
            detail = f"the request took longer than {self._limits.seconds:g} s"
            headers = {"Retry-After": "1", "Connection": "close"}
            await exchange.answer(HTTPStatus.SERVICE_UNAVAILABLE, detail, **headers)
        except Exception:
            log.exception("request failed")
            await exchange.answer(HTTPStatus.INTERNAL_SERVER_ERROR, None)

    def _counted(self, exchange: _Exchange) -> Receive:
        """For bodies that come in pieces and do not say how long they will be."""

        async def counted() -> Message:
            message = await exchange.receive()
            if exchange.received_bytes > self._limits.body_bytes:
                raise self._too_large()
            return message

        return counted

    def _too_large(self) -> ProblemError:
        detail = f"a body may have {self._limits.body_bytes} bytes"
        return ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, headers={"Connection": "close"})

    def _account(self, exchange: _Exchange, seconds: float) -> None:
        method = exchange.method if exchange.method in METHODS else "OTHER"
        endpoint = exchange.endpoint
        # No status: the caller went away before there was an answer; 499 is what nginx counts it as.
        status = exchange.status or 499
        self._metrics.observe(method, endpoint, status, seconds)
        self._log.info(
            "request",
            method=method,
            path=exchange.scope["path"],
            endpoint=endpoint,
            status=status,
            duration_ms=round(seconds * 1000, 3),
        )
