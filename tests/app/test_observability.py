import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from typing_extensions import override

from app.main import create_app
from app.settings import ApiSettings
from app.web.logs import blot_out_passwords
from tests.app.servers import wait_until
from tests.app.services import WARM, Executed, running

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(client: TestClient | httpx.Client, name: str, **labels: str) -> float:
    return samples(client.get("/metrics").text).get((name, frozenset(labels.items())), 0)


def log_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_requests_are_counted_by_route_template_and_status(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    made = sqlite_client.post("/predict", json=flight).json()["prediction_id"]
    sqlite_client.get(f"/predictions/{made}")
    sqlite_client.get("/predictions/00000000-0000-4000-8000-000000000000")
    template = {"method": "GET", "endpoint": "/predictions/{prediction_id}"}
    assert value(sqlite_client, "http_requests_total", **template, status="200") == 1
    assert value(sqlite_client, "http_requests_total", **template, status="404") == 1
    assert value(sqlite_client, "http_request_duration_seconds_count", **template) == 2
    assert made not in sqlite_client.get("/metrics").text


def test_paths_and_methods_that_callers_invent_share_one_label(sqlite_client: TestClient) -> None:
    for n in range(5):
        sqlite_client.get(f"/nowhere/{n}")
        sqlite_client.request(f"INVENTED{n}", "/health")
    text = sqlite_client.get("/metrics").text
    assert value(sqlite_client, "http_requests_total", method="GET", endpoint="unmatched", status="404") == 5
    assert value(sqlite_client, "http_requests_total", method="OTHER", endpoint="/health", status="405") == 5
    assert "nowhere" not in text
    assert "INVENTED" not in text


def test_predictions_and_the_models_time_are_counted(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    delayed = [sqlite_client.post("/predict", json=flight).json()["is_delayed"] for _ in range(3)]
    result = "delayed" if delayed[0] else "on_time"
    assert value(sqlite_client, "predictions_total", model_type="xgboost", result=result) == 3
    assert value(sqlite_client, "model_inference_duration_seconds_count", model_type="xgboost") == 1
    assert value(sqlite_client, "prediction_cache_lookups_total", result="hit") == 2
    assert value(sqlite_client, "prediction_cache_lookups_total", result="miss") == 1


def test_a_replayed_answer_is_not_counted_as_a_prediction(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "k"}
    answers = [sqlite_client.post("/predict", json=flight, headers=key).json() for _ in range(3)]
    result = "delayed" if answers[0]["is_delayed"] else "on_time"
    assert value(sqlite_client, "predictions_total", model_type="xgboost", result=result) == 1


def test_the_request_that_asks_is_the_only_one_active(sqlite_client: TestClient) -> None:
    assert value(sqlite_client, "http_active_connections") == 1
    assert value(sqlite_client, "http_active_connections") == 1


def test_several_worker_processes_add_up(
    tmp_path: Path,
) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}", "WORKERS": "2", "DRAIN_SECONDS": "0"}
    environment["TMPDIR"] = str(tmp_path)
    with running("serve", environment, tmp_path / "log", Executed) as api:
        wait_until(lambda: api.log().count("Application startup complete") == 2, what="two workers")
        api.wait_for("/ready")
        for _ in range(40):
            # On a new connection each, so that both workers get some.
            with api.client.stream("GET", "/health", headers={"Connection": "close"}):
                pass
        with httpx.Client(base_url=api.url) as client:
            labels = {"method": "GET", "endpoint": "/health", "status": "200"}
            assert value(client, "http_requests_total", **labels) == 40
            assert value(client, "http_active_connections") == 1
        assert api.terminate() == 0


def test_each_request_is_one_line_of_json(
    sqlite_settings: ApiSettings, flight: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with TestClient(create_app(sqlite_settings)) as client:
        capsys.readouterr()
        client.post("/predict", json=flight, headers={"X-Request-ID": "mine-1", "traceparent": TRACEPARENT})
        (line,) = log_lines(capsys.readouterr().out)
    assert line.pop("duration_ms") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info",
        "message": "request",
        "service": "api",
        "environment": "development",
        "request_id": "mine-1",
        "trace_id": TRACE_ID,
        "method": "POST",
        "path": "/predict",
        "endpoint": "/predict",
        "status": 200,
    }


def test_libraries_log_in_the_same_form(
    sqlite_settings: ApiSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    create_app(sqlite_settings)
    capsys.readouterr()
    logging.getLogger("some.library").warning("cannot reach %s", "postgresql://me:hush@db/x")
    (line,) = log_lines(capsys.readouterr().out)
    assert line["logger"] == "some.library"
    assert line["level"] == "warning"
    assert line["message"] == "cannot reach postgresql://me:***@db/x"


def test_a_well_formed_request_id_is_kept_and_another_replaced(sqlite_client: TestClient) -> None:
    def answered(request_id: str) -> str:
        return sqlite_client.get("/health", headers={"X-Request-ID": request_id}).headers["X-Request-ID"]

    assert answered("Abc-1.2_3") == "Abc-1.2_3"
    for malformed in ("", "x" * 65, "two words", '{"a":1}'):
        made = answered(malformed)
        assert made != malformed
        assert len(made) == 32


@pytest.mark.parametrize("malformed", ["", "00-xyz-1-01", TRACEPARENT[:-4]])
def test_a_malformed_traceparent_is_no_trace(
    sqlite_settings: ApiSettings, capsys: pytest.CaptureFixture[str], malformed: str
) -> None:
    with TestClient(create_app(sqlite_settings)) as client:
        capsys.readouterr()
        client.get("/health", headers={"traceparent": malformed})
        (line,) = log_lines(capsys.readouterr().out)
    assert line["trace_id"] is None


def test_passwords_in_urls_are_blotted_out() -> None:
    event = {"message": "redis://:hush@cache:6379/0 and postgresql://me:p%40ss@db/x", "status": 200}
    assert blot_out_passwords(None, "info", event) == {
        "message": "redis://:***@cache:6379/0 and postgresql://me:***@db/x",
        "status": 200,
    }


@pytest.fixture
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """The URL of an OTLP collector, and what it has received."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Not a word."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_spans_go_to_the_collector_in_the_callers_trace(
    sqlite_settings: ApiSettings,
    flight: dict[str, Any],
    collector: tuple[str, list[ExportTraceServiceRequest]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, received = collector
    settings = sqlite_settings.model_copy(update={"otel_exporter_otlp_endpoint": url})
    with TestClient(create_app(settings)) as client:
        client.get("/health")
        capsys.readouterr()
        client.post("/predict", json=flight, headers={"traceparent": TRACEPARENT})
        (line,) = log_lines(capsys.readouterr().out)
    wait_until(lambda: bool(received), what="spans")
    resources = [resource for request in received for resource in request.resource_spans]
    spans = [span for resource in resources for scope in resource.scope_spans for span in scope.spans]
    assert [span.name for span in spans] == ["POST /predict"]
    assert spans[0].trace_id.hex() == TRACE_ID
    assert line["trace_id"] == TRACE_ID
    attributes = {a.key: a.value.string_value for a in resources[0].resource.attributes}
    assert attributes["service.name"] == "api"


def _ask_and_tell_whether_the_sdk_is_loaded(database_url: str) -> None:
    with TestClient(create_app(ApiSettings(database_url=SecretStr(database_url)))) as client:
        client.get("/health")
    sys.exit(any(name.startswith(("opentelemetry.sdk", "opentelemetry.exporter")) for name in sys.modules))


def test_without_a_collector_nothing_of_opentelemetrys_sdk_is_loaded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    process = WARM.Process(target=_ask_and_tell_whether_the_sdk_is_loaded, args=(url,))
    process.start()
    process.join()
    assert process.exitcode == 0
