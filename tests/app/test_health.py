import asyncio
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import FrameType

import pytest
from fastapi.testclient import TestClient
from typing_extensions import override

from app import healthcheck
from app.main import create_app
from app.settings import ApiSettings
from app.web.drain import Drain
from tests.app.servers import free_port


@pytest.mark.parametrize("path", ["/health", "/metrics/liveness"])
def test_alive_needs_no_dependency(path: str, sqlite_settings: ApiSettings) -> None:
    settings = sqlite_settings.model_copy(update={"migrate_on_start": False})
    with TestClient(create_app(settings)) as client:
        assert client.get(path).json() == {"status": "alive"}


def test_ready_names_what_it_depends_on(client: TestClient) -> None:
    response = client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": {"model": "up", "database": "up"}}


def test_a_database_without_its_table_is_not_ready(sqlite_settings: ApiSettings) -> None:
    settings = sqlite_settings.model_copy(update={"migrate_on_start": False})
    with TestClient(create_app(settings)) as client:
        response = client.get("/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "checks": {"model": "up", "database": "down"}}


def test_sigterm_drains_first_and_stops_the_server_after() -> None:
    heard: list[str] = []

    def server(_: int, __: FrameType | None) -> None:
        heard.append("server")

    before = signal.signal(signal.SIGTERM, server)

    async def run() -> None:
        drain = Drain()
        with drain.on_sigterm(0.1):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(0.02)
            assert drain.started
            assert heard == []
            await asyncio.sleep(0.2)
            assert heard == ["server"]

    try:
        asyncio.run(run())
        signal.raise_signal(signal.SIGTERM)
        assert heard == ["server", "server"]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_second_sigterm_does_not_wait() -> None:
    heard: list[str] = []

    def server(_: int, __: FrameType | None) -> None:
        heard.append("server")

    before = signal.signal(signal.SIGTERM, server)

    async def run() -> None:
        with Drain().on_sigterm(60):
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)

    try:
        asyncio.run(run())
        assert heard == ["server"]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_the_containers_health_check_tells_alive_from_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Not a word."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(sys, "argv", ["healthcheck"])
    monkeypatch.setenv("PORT", str(server.server_port))
    assert healthcheck.main() == 0
    server.shutdown()
    thread.join()
    server.server_close()
    monkeypatch.setattr(sys, "argv", ["healthcheck", str(free_port())])
    assert healthcheck.main() == 1
    assert capsys.readouterr().err.startswith("not healthy: ")
