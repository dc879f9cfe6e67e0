import asyncio
import sys
import threading
import time
from collections.abc import Generator, Iterator, MutableMapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from typing_extensions import override

from app.backends import ORDERS, PAYMENTS, STOCK, create_orders, create_payments, create_stock
from app.gateway import create_app
from app.settings import GatewaySettings, Settings
from tests.app.servers import free_port
from tests.app.services import Executed, running

POLL_SECONDS = 0.02


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked; `/health` slowly, where told to."""

    delay_seconds = 0.0

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        time.sleep(self.delay_seconds)
        self.send_response(201 if self.command == "POST" else 200)
        self.send_header("content-type", "text/plain")
        self.send_header("x-internal", "secret")
        self.send_header("set-cookie", "a=b")
        self.end_headers()
        self.wfile.write(f"{self.command} {self.path}\n{self.headers}\n".encode() + body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (http.server's names)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Not a word."""


class SlowEcho(Echo):
    delay_seconds = 1.0


class Backend(ThreadingHTTPServer):
    # Its end waits for whoever still answers, who would else speak into another test.
    daemon_threads = False

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked may be gone."""
        assert isinstance(sys.exc_info()[1], ConnectionError)


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Generator[str]:
    server = Backend(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gateway() -> Iterator[TestClient]:
    """In front of three backends that echo."""
    with listening(Echo) as url:
        settings = GatewaySettings(orders_url=url, payments_url=url, stock_url=url)
        with TestClient(create_app(settings)) as client:
            yield client


def test_the_four_services_work_together(tmp_path: Path) -> None:
    with (
        running("orders", {}, tmp_path / "orders") as orders,
        running("payments", {}, tmp_path / "payments") as payments,
        running("stock", {"DRAIN_SECONDS": "0.2"}, tmp_path / "stock") as stock,
        running(
            "gateway",
            {"ORDERS_URL": orders.url, "PAYMENTS_URL": payments.url, "STOCK_URL": stock.url},
            tmp_path / "gateway",
            Executed,
        ) as gateway,
    ):
        gateway.wait_for("/health")
        gateway.wait_for("/health/backends", 200)
        gateway.wait_for("/orders/order-1", 200)
        gateway.wait_for("/payments", 200)
        gateway.wait_for("/stock/no-such-thing", 404)
        assert stock.terminate() == 0
        gateway.wait_for("/health/backends", 503)
        gateway.wait_for("/stock", 502)
        gateway.wait_for("/health", 200)
        gateway.wait_for("/ready", 200)


def test_each_backends_state_is_told() -> None:
    with listening(Echo) as url:
        settings = GatewaySettings(
            orders_url=url, payments_url=url, stock_url=f"http://127.0.0.1:{free_port()}"
        )
        with TestClient(create_app(settings)) as client:
            response = client.get("/health/backends")
    assert response.status_code == 503
    body = response.json()
    assert body["status"] == "down"
    states = {name: backend["status"] for name, backend in body["backends"].items()}
    assert states == {"orders": "up", "payments": "up", "stock": "down"}


def test_all_backends_are_asked_at_once_and_waited_for_no_longer_than_the_budget() -> None:
    with listening(SlowEcho) as slow, listening(Echo) as quick:
        settings = GatewaySettings(
            orders_url=slow, payments_url=slow, stock_url=quick, backend_health_seconds=0.3
        )
        with TestClient(create_app(settings)) as client:
            started = time.perf_counter()
            response = client.get("/health/backends")
            seconds = time.perf_counter() - started
    assert response.status_code == 503
    assert response.json()["backends"]["stock"]["status"] == "up"
    assert seconds < 0.55


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_request_is_forwarded_whole(gateway: TestClient, method: str) -> None:
    response = gateway.request(method, "/orders/a%20b?x=1&x=2", content=b"the body")
    assert response.status_code == (201 if method == "POST" else 200)
    assert response.text.startswith(f"{method} /orders/a%20b?x=1&x=2\n")
    assert response.text.endswith("the body")


def test_only_named_headers_pass_in_either_direction(gateway: TestClient) -> None:
    sent = {
        "authorization": "Bearer token",
        "idempotency-key": "k",
        "x-request-id": "mine",
        "x-forwarded-host": "evil",
        "cookie": "c=d",
    }
    response = gateway.get("/stock", headers=sent)
    heard = response.text.lower()
    assert "authorization: bearer token" in heard
    assert "idempotency-key: k" in heard
    assert "x-request-id: mine" in heard
    assert "evil" not in heard
    assert "c=d" not in heard
    assert "x-internal" not in response.headers
    assert "set-cookie" not in response.headers
    assert response.headers["content-type"] == "text/plain"


def test_the_callers_trace_goes_on_in_the_backend(gateway: TestClient) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert traceparent in gateway.get("/orders", headers={"traceparent": traceparent}).text


@pytest.mark.parametrize("path", ["/orders/../metrics", "/orders/%2e%2e/metrics", "/orders/..%2fmetrics"])
def test_a_path_cannot_climb_out_of_its_backends_part(path: str) -> None:
    # By hand, since every client tidies such a path up before it sends it.
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    with listening(Echo) as url:
        app = create_app(GatewaySettings(orders_url=url))
        asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 404


def test_a_backend_that_is_away_or_slow_is_told_apart() -> None:
    with listening(SlowEcho) as slow:
        away = f"http://127.0.0.1:{free_port()}"
        settings = GatewaySettings(orders_url=slow, payments_url=away, backend_seconds=0.2)
        with TestClient(create_app(settings)) as client:
            late, gone = client.get("/orders"), client.get("/payments")
    assert (late.status_code, late.json()["detail"]) == (504, "orders took too long")
    assert (gone.status_code, gone.json()["detail"]) == (502, "payments cannot be reached")


@pytest.mark.parametrize(
    ("create", "path", "records"),
    [
        (create_orders, "/orders", ORDERS),
        (create_payments, "/payments", PAYMENTS),
        (create_stock, "/stock", STOCK),
    ],
)
def test_each_backend_serves_its_part(create: Any, path: str, records: Any) -> None:  # noqa: ANN401 (three kinds)
    with TestClient(create(Settings())) as client:
        assert client.get(path).json() == [record.model_dump() for record in records]
        assert client.get(f"{path}/{records[0].id}").json() == records[0].model_dump()
        assert client.get(f"{path}/none").status_code == 404
        assert client.get("/health").status_code == 200
        assert client.get("/ready").json() == {"status": "ready", "checks": {}}


def test_the_example_orders_have_their_payment_and_their_goods() -> None:
    assert {order.payment_id for order in ORDERS} == {payment.id for payment in PAYMENTS}
    assert {order.stock_id for order in ORDERS} <= {item.id for item in STOCK}
