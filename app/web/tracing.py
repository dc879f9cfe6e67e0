"""Traces through OTLP where asked for, otherwise nothing is even imported. Knows no route."""

import re
from collections.abc import Callable
from typing import Protocol

from fastapi.telemetry import TelemetryConfig
from starlette.types import Scope

TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
"""https://www.w3.org/TR/trace-context/#traceparent-header"""

UNTRACED_PATHS = frozenset({"/health", "/ready", "/metrics", "/metrics/liveness"})
"""What platforms ask every few seconds."""


class Tracing(Protocol):
    """Which trace a request belongs to, and where its spans go."""

    telemetry: TelemetryConfig

    def trace_id(self, scope: Scope) -> str | None:
        """The trace's 32 hex digits, if the request has one."""
        ...

    def close(self) -> None:
        """Send what is still held."""
        ...


class NoTracing:
    """Makes no spans, but passes on the trace id that a caller sent."""

    def __init__(self) -> None:
        self.telemetry = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)

    def trace_id(self, scope: Scope) -> str | None:
        """From the `traceparent` header."""
        for name, value in scope["headers"]:
            if name == b"traceparent":
                found = TRACEPARENT.fullmatch(value)
                return found[1].decode() if found else None
        return None

    def close(self) -> None:
        """Nothing is held."""


class OtlpTracing:
    """Sends spans to an OpenTelemetry collector over HTTP."""

    def __init__(self, endpoint: str, *, service: str, environment: str) -> None:
        # Imported here, so that a service without traces neither loads nor runs any of it.
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        resource = Resource.create({"service.name": service, "deployment.environment.name": environment})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces"))
        )
        self._current_span: Callable[[], trace.Span] = trace.get_current_span
        self.telemetry = TelemetryConfig(
            tracing=True,
            tracer_provider=self._provider,
            metrics=False,
            logs=False,
            operation_spans=False,
            auto_configure=False,
            exclude=lambda scope: scope["path"] in UNTRACED_PATHS,
        )

    def trace_id(self, scope: Scope) -> str | None:  # noqa: ARG002 (the span knows; only NoTracing has to look)
        """From the span that is open."""
        context = self._current_span().get_span_context()
        return f"{context.trace_id:032x}" if context.is_valid else None

    def close(self) -> None:
        """Send what is still held."""
        self._provider.shutdown()


def tracing_to(endpoint: str | None, *, service: str, environment: str) -> Tracing:
    """Traces to this collector's base URL; none if it is not set."""
    if endpoint is None:
        return NoTracing()
    return OtlpTracing(endpoint, service=service, environment=environment)
