"""What survives when something is killed. Everything here is real: servers, processes, signals."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.load import load
from tests.app.servers import Postgres, Redis, query, wait_until
from tests.app.services import running


@pytest.fixture(scope="module")
def _durable_postgres() -> Iterator[Postgres]:
    server = Postgres(durable=True)
    yield server
    server.close()


@pytest.fixture
def postgres(_durable_postgres: Postgres) -> Postgres:
    """One to kill, which flushes to disk as in production; its data are those of the test before."""
    if not _durable_postgres.runs():
        _durable_postgres.start()
    return _durable_postgres


@pytest.fixture
def redis() -> Iterator[Redis]:
    """One to kill."""
    server = Redis()
    yield server
    server.close()


def test_every_prediction_answered_with_200_is_there_after_postgres_was_killed_under_load(
    postgres: Postgres, tmp_path: Path, flight: dict[str, Any]
) -> None:
    url = postgres.url("postgres")
    with running("serve", {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "4"}, tmp_path / "log") as api:
        api.wait_for("/ready")
        with load(lambda _: api.url, flight) as answers:
            wait_until(lambda: answers.count() > 100, what="100 predictions")
            postgres.kill()
            wait_until(lambda: answers.statuses["503"] > 20, what="an outage that callers notice")
            api.wait_for("/ready", 503)
            api.wait_for("/health", 200)
            postgres.start()
            before = answers.count()
            wait_until(lambda: answers.count() > before + 100, what="100 more predictions")
        assert set(answers.statuses) == {"200", "503"}
        api.wait_for("/ready")
    lost = set(answers.prediction_ids) - {str(row["id"]) for row in query(url, "SELECT id FROM predictions")}
    assert lost == set()


def test_killing_redis_under_load_fails_no_request(
    redis: Redis, tmp_path: Path, flight: dict[str, Any]
) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}", "REDIS_URL": redis.url}
    with running("serve", environment, tmp_path / "log") as api:
        api.wait_for("/ready")
        with load(lambda _: api.url, flight) as answers:
            wait_until(lambda: answers.count() > 50, what="50 predictions")
            redis.kill()
            before = answers.count()
            wait_until(lambda: answers.count() > before + 100, what="100 predictions without Redis")
            redis.start()
            before = answers.count()
            wait_until(lambda: answers.count() > before + 100, what="100 predictions with it again")
        assert set(answers.statuses) == {"200"}


def test_a_redis_that_hangs_costs_its_budget_and_no_request(
    redis: Redis, tmp_path: Path, flight: dict[str, Any]
) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}", "REDIS_URL": redis.url}
    with running("serve", environment, tmp_path / "log") as api:
        api.wait_for("/ready")
        api.client.post("/predict", json=flight)
        os.kill(redis.process_id, signal.SIGSTOP)
        started = time.perf_counter()
        statuses = [api.client.post("/predict", json=flight).status_code for _ in range(20)]
        seconds = time.perf_counter() - started
        readiness = api.client.get("/ready").json()
        assert statuses == [200] * 20
        # One budget of 50 ms, then a pause of a second without Redis; not twenty budgets.
        assert seconds < 0.6
        assert readiness == {
            "status": "degraded",
            "checks": {"model": "up", "database": "up", "cache": "down"},
        }


def test_stopping_one_of_two_replicas_under_load_fails_no_request(
    postgres: Postgres, tmp_path: Path, flight: dict[str, Any]
) -> None:
    environment = {"DATABASE_URL": postgres.url("postgres"), "DRAIN_SECONDS": "1", "DATABASE_POOL_SIZE": "4"}
    with (
        running("serve", environment, tmp_path / "first") as first,
        running("serve", environment, tmp_path / "second") as second,
    ):
        first.wait_for("/ready")
        second.wait_for("/ready")
        rotation = [first.url, second.url]
        with load(lambda number: rotation[number % len(rotation)], flight) as answers:
            wait_until(lambda: answers.count() > 50, what="50 predictions")
            first.ask_to_end()
            first.wait_for("/ready", 503)
            rotation.remove(first.url)
            assert first.wait_for_end() == 0
            before = answers.count()
            wait_until(lambda: answers.count() > before + 50, what="50 predictions by the other")
        assert set(answers.statuses) == {"200"}


def test_a_request_in_flight_at_sigterm_is_finished(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}", "DRAIN_SECONDS": "0.2"}
    body = b'{"carrier":"UA","origin":"EWR","destination":"IAH","scheduled_departure":"2026-07-04T17:30"}'
    head = (
        f"POST /predict HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    with running("serve", environment, tmp_path / "log") as api:
        api.wait_for("/ready")
        with socket.create_connection(("127.0.0.1", api.port), timeout=10) as connection:
            connection.sendall(head + body[:10])
            wait_until(
                lambda: "http_active_connections 2.0" in api.client.get("/metrics").text,
                what="the request and the one that asks for it",
            )
            api.ask_to_end()
            wait_until(lambda: "Shutting down" in api.log(), what="the end of draining")
            connection.sendall(body[10:])
            answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\nconnection: close\r\n" in answer
        assert api.wait_for_end() == 0


def test_replicas_that_start_at_once_on_an_empty_database_all_become_ready(
    new_postgres_database: Callable[[], str], tmp_path: Path, flight: dict[str, Any]
) -> None:
    environment = {"DATABASE_URL": new_postgres_database()}
    with (
        running("serve", environment, tmp_path / "first") as first,
        running("serve", environment, tmp_path / "second") as second,
    ):
        for replica in (first, second):
            replica.wait_for("/ready")
            assert replica.client.post("/predict", json=flight).status_code == 200
            assert "migration waits" not in replica.log()


def test_a_replica_that_starts_before_its_database_becomes_ready_with_it(
    postgres: Postgres, tmp_path: Path, flight: dict[str, Any]
) -> None:
    postgres.kill()
    with running("serve", {"DATABASE_URL": postgres.url("postgres")}, tmp_path / "log") as api:
        wait_until(lambda: "migration waits" in api.log(), what="a start without the database")
        postgres.start()
        api.wait_for("/ready")
        assert api.client.post("/predict", json=flight).status_code == 200
