"""The command line of the image: which service runs, or the migration. Knows no route."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import uvicorn

from app.settings import ApiSettings, GatewaySettings, Settings, SettingsError, StartError
from app.web.logs import configure_logs
from app.web.metrics import MULTIPROCESS_VARIABLE

MIGRATION_PATIENCE_SECONDS = 60.0
"""How long `migrate` waits for a database that is away."""


@dataclass(frozen=True, slots=True)
class Service:
    """A factory that uvicorn calls in each worker, and what it needs to know before."""

    factory: str
    port: int
    settings: type[Settings]
    summary: str


SERVICES = {
    "serve": Service("app.main:create_app", 8000, ApiSettings, "the prediction API"),
    "gateway": Service("app.gateway:create_app", 8000, GatewaySettings, "the order platform's gateway"),
    "orders": Service("app.backends:create_orders", 8001, Settings, "the orders service"),
    "payments": Service("app.backends:create_payments", 8002, Settings, "the payments service"),
    "stock": Service("app.backends:create_stock", 8003, Settings, "the stock service"),
}


def _arguments(argv: Sequence[str] | None) -> str:
    parser = argparse.ArgumentParser(prog="airfield-api", description="Run a service of this image.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, service in SERVICES.items():
        commands.add_parser(name, help=f"run {service.summary} (port {service.port} unless PORT is set)")
    commands.add_parser("migrate", help="bring the database's schema up to date and end")
    return parser.parse_args(argv).command


def _stop(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _serve(service: Service) -> None:
    settings = service.settings.load()
    # Until the server listens to SIGTERM itself, and once it has stopped because of it.
    signal.signal(signal.SIGTERM, _stop)
    with contextlib.ExitStack() as while_serving:
        if settings.workers > 1:
            folder = tempfile.TemporaryDirectory(prefix="airfield-metrics-")
            # Before the workers start: prometheus-client decides on import whether processes add up.
            os.environ[MULTIPROCESS_VARIABLE] = while_serving.enter_context(folder)
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


def _migrate() -> None:
    # Imported here: the order platform's services start without the database's packages.
    from app.storage.database import database_of  # noqa: PLC0415
    from app.storage.migrate import migrate_until_done  # noqa: PLC0415

    settings = ApiSettings.load()
    configure_logs(settings.log_level, service="migrate", environment=settings.environment)

    async def run() -> None:
        database = database_of(settings)
        try:
            async with asyncio.timeout(MIGRATION_PATIENCE_SECONDS):
                await migrate_until_done(database)
        except TimeoutError:
            raise SettingsError(f"DATABASE_URL: no answer for {MIGRATION_PATIENCE_SECONDS:g} s") from None
        finally:
            await database.close()

    asyncio.run(run())


def main(argv: Sequence[str] | None = None) -> None:
    """Run what the arguments ask for; unusable settings end it with a line each and exit code 2."""
    command = _arguments(argv)
    try:
        if command == "migrate":
            _migrate()
        else:
            _serve(SERVICES[command])
    except StartError as error:
        for line in str(error).splitlines():
            print(f"airfield-api: {line}", file=sys.stderr)  # noqa: T201 (before logs are configured)
        raise SystemExit(2) from None
