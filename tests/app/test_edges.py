import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.predictions.forecaster import Forecaster
from app.settings import ApiSettings
from tests.app.services import running

PROBLEM = "application/problem+json"


def in_pieces(size: int) -> Iterator[bytes]:
    """A body that does not say how long it will be."""
    for _ in range(0, size, 65536):
        yield b" " * 65536


def test_a_body_over_one_mebibyte_is_refused(sqlite_client: TestClient) -> None:
    json_type = {"content-type": "application/json"}
    for path in ("/predict", "/predict/batch", "/nowhere", "/health"):
        response = sqlite_client.post(path, content=b" " * (1024 * 1024 + 1), headers=json_type)
        assert response.status_code == 413, path
        assert response.headers["content-type"] == PROBLEM
        assert response.json()["detail"] == "a body may have 1048576 bytes"


def test_a_body_that_hides_its_length_is_refused_too(sqlite_client: TestClient) -> None:
    json_type = {"content-type": "application/json"}
    response = sqlite_client.post("/predict", content=in_pieces(2 * 1024 * 1024), headers=json_type)
    assert response.status_code == 413
    assert response.headers["content-type"] == PROBLEM


LENGTH_SAID = "Content-Length: 8388608"
LENGTH_HIDDEN = "Transfer-Encoding: chunked"
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"


@pytest.mark.parametrize(
    ("length", "pieces"),
    [(LENGTH_SAID, [b" " * 65536] * 128), (LENGTH_HIDDEN, [*[CHUNK] * 128, b"0\r\n\r\n"])],
)
def test_who_is_refused_while_still_sending_gets_the_answer(
    length: str, pieces: list[bytes], tmp_path: Path
) -> None:
    """A proxy does not look for an answer before all is sent, and calls a reset connection a bad gateway."""
    head = f"POST /predict HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    with running("serve", {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}"}, tmp_path / "log") as api:
        api.wait_for("/ready")
        with socket.create_connection(("127.0.0.1", api.port), timeout=10) as connection:
            connection.sendall(head.encode())
            for piece in pieces:
                connection.sendall(piece)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b'"detail":"a body may have 1048576 bytes"}')


def test_who_goes_on_sending_after_a_refusal_is_cut_off(tmp_path: Path) -> None:
    head = f"POST /predict HTTP/1.1\r\nHost: api\r\n{LENGTH_HIDDEN}\r\n\r\n"
    with running("serve", {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}"}, tmp_path / "log") as api:
        api.wait_for("/ready")
        with socket.create_connection(("127.0.0.1", api.port), timeout=10) as connection:
            connection.sendall(head.encode())
            endless = CHUNK * 64 * 16
            with pytest.raises(ConnectionError):
                connection.sendall(endless)
        assert api.client.get("/health").status_code == 200


def test_a_body_of_one_mebibyte_is_read(sqlite_client: TestClient) -> None:
    body = b" " * (1024 * 1024)
    response = sqlite_client.post("/predict", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/health/", 404),
        ("GET", "/docs", 404),
        ("GET", "/predict", 405),
        ("DELETE", "/predictions", 405),
        ("TRACE", "/health", 405),
        ("GET", "/predictions/not-an-id", 422),
        ("GET", "/predictions?limit=0", 422),
        ("GET", "/predictions?carrier=%00%00", 422),
        ("POST", "/predict", 422),
    ],
)
def test_every_refusal_is_a_problem(sqlite_client: TestClient, method: str, path: str, status: int) -> None:
    response = sqlite_client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize(("body", "status"), [(b'{"carrier":', 422), (b'{"a":"\xff"}', 400), (b"[]", 422)])
def test_a_body_that_is_not_the_json_we_ask_for_is_refused(
    sqlite_client: TestClient, body: bytes, status: int
) -> None:
    response = sqlite_client.post("/predict", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == PROBLEM


def test_a_refusal_does_not_repeat_what_was_sent(sqlite_client: TestClient) -> None:
    response = sqlite_client.post("/predict", json={"carrier": "<script>alert(1)</script>"})
    assert "script" not in response.text


def test_a_mistake_of_ours_is_a_500_that_tells_callers_nothing_and_the_log_everything(
    sqlite_settings: ApiSettings,
    flight: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(Forecaster, "forecast", fail)
    with TestClient(create_app(sqlite_settings)) as client:
        response = client.post("/predict", json=flight)
        metrics = client.get("/metrics").text
    assert response.status_code == 500
    assert response.json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    assert response.headers["content-type"] == PROBLEM
    assert 'status="500"' in metrics
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "request failed" in line]
    assert response.headers["x-request-id"] in line
    assert "RuntimeError: the inside" in line


def test_a_request_that_takes_too_long_is_answered(
    sqlite_settings: ApiSettings, flight: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(Forecaster, "forecast", hang)
    settings = sqlite_settings.model_copy(update={"request_timeout_seconds": 0.1})
    with TestClient(create_app(settings)) as client:
        response = client.post("/predict", json=flight)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.headers["content-type"] == PROBLEM


def test_a_real_server_answers_head_sends_security_headers_and_does_not_name_itself(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}", "REQUEST_TIMEOUT_SECONDS": "0.5"}
    with running("serve", environment, tmp_path / "log") as api:
        api.wait_for("/ready")
        for path in ("/health", "/nowhere", "/openapi.json", "/metrics"):
            headers = api.client.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["strict-transport-security"]
            assert "server" not in headers
            assert "x-powered-by" not in headers
        head = api.client.head("/health")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "18")
        assert api.client.head("/predict").status_code == 405
        assert 'endpoint="/health",method="HEAD",status="200"} 1.0' in api.client.get("/metrics").text
        with socket.create_connection(("127.0.0.1", api.port), timeout=5) as slow:
            slow.sendall(b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
            assert slow.recv(65536).startswith(b"HTTP/1.1 503 ")


def test_every_operation_documents_the_statuses_that_can_occur(sqlite_client: TestClient) -> None:
    document = sqlite_client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert {"200", "400", "404", "405", "413", "500", "503"} <= statuses, f"{method} {path}"
            for status, response in operation["responses"].items():
                if status not in {"200", "503"}:
                    assert list(response["content"]) == [PROBLEM], f"{method} {path} {status}"


def test_the_document_lists_the_airlines_and_airports_that_the_model_knows(sqlite_client: TestClient) -> None:
    schemas = sqlite_client.get("/openapi.json").json()["components"]["schemas"]
    properties = schemas["FlightRequest"]["properties"]
    assert properties["origin"]["enum"] == ["EWR", "JFK", "LGA"]
    assert "UA" in properties["carrier"]["enum"]
    assert "LAX" in properties["destination"]["enum"]
