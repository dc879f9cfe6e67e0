"""What Prometheus is told about requests. Knows nothing of what they ask for."""

import functools
import os
from pathlib import Path
from typing import Any, cast

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from starlette.responses import Response

MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several worker processes add up; prometheus-client reads it on import."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


# A `_created` series for each of ours would double what is stored; nothing asks for it.
disable_created_metrics()


class HttpMetrics:
    """The request metrics of one service, and the registry that its other metrics join."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests_total",
            "Requests answered",
            ["method", "endpoint", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "http_request_duration_seconds",
            "From the first byte of a request to the last of its answer",
            ["method", "endpoint"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.active = Gauge(
            "http_active_connections",
            "Requests being answered",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        if MULTIPROCESS_VARIABLE not in os.environ:
            ProcessCollector(registry=self.registry)
            PlatformCollector(registry=self.registry)

    @functools.lru_cache(maxsize=1024)  # noqa: B019 (one instance a process, and its labels are few)
    def _children(self, method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
        return self.requests.labels(method, endpoint, status), self.seconds.labels(method, endpoint)

    def observe(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """One request more."""
        requests, durations = self._children(method, endpoint, status)
        requests.inc()
        durations.observe(seconds)

    def exposition(self) -> Response:
        """Everything this service counts, over all its worker processes."""
        registry = self.registry
        if MULTIPROCESS_VARIABLE in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def forget_dead_workers() -> None:
    """Take worker processes that ended out of the gauges; one that was killed cannot do so itself."""
    folder = os.environ.get(MULTIPROCESS_VARIABLE)
    if folder is None:
        return
    for file in Path(folder).glob("gauge_live*_*.db"):
        process_id = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{process_id}").exists():
            cast("Any", multiprocess).mark_process_dead(process_id, folder)
