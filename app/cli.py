"""The command line of the image: which service runs, or the migration. Knows no route."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import uvicorn

from app.settings import ApiSettings, GatewaySettings, Settings, SettingsError
from app.web.metrics import MULTIPROCESS_VARIABLE


@dataclass(frozen=True, slots=True)
class Service:
    """A factory that uvicorn calls in each worker, and what it needs to know before."""

    factory: str
    port: int
    settings: type[Settings]
    summary: str


SERVICES = {
    "serve": Service("app.main:create_app", 8000, ApiSettings, "the prediction API"),
}


def _arguments(argv: Sequence[str] | None) -> str:
    parser = argparse.ArgumentParser(prog="airfield-api", description="Run a service of this image.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, service in SERVICES.items():
        commands.add_parser(name, help=f"run {service.summary} (port {service.port} unless PORT is set)")
    return parser.parse_args(argv).command


def _stop(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _serve(service: Service) -> None:
    settings = service.settings.load()
    if settings.workers > 1:
        # Before the workers start: prometheus-client decides on import whether processes add up.
        os.environ[MULTIPROCESS_VARIABLE] = tempfile.mkdtemp(prefix="airfield-metrics-")
    # Until the server listens to SIGTERM itself, and once it has stopped because of it.
    signal.signal(signal.SIGTERM, _stop)
    uvicorn.run(
        service.factory,
        factory=True,
        host=settings.host,
        port=settings.port or service.port,
        workers=settings.workers,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Run what the arguments ask for; unusable settings end it with a line each and exit code 2."""
    try:
        _serve(SERVICES[_arguments(argv)])
    except SettingsError as error:
        for line in str(error).splitlines():
            print(f"airfield-api: {line}", file=sys.stderr)  # noqa: T201: before logs are configured
        raise SystemExit(2) from None
