import asyncio
import json
import ssl
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from app.main import create_app
from app.settings import ApiSettings, SettingsError
from app.storage.database import Database, embedded_url, target_of
from app.storage.tables import predictions
from tests.app.servers import free_port, query

CUT_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def rows(url: str) -> list[Any]:
    async def read() -> list[Any]:
        database = Database(url, timeout_seconds=5, pool_size=1)
        async with database.transaction() as connection:
            found = list(await connection.execute(select(predictions).order_by(predictions.c.created_at)))
        await database.close()
        return found

    return asyncio.run(read())


def test_a_prediction_answered_with_200_is_in_the_database(
    client: TestClient, database_url: str, flight: dict[str, Any]
) -> None:
    answer = client.post("/predict", json=flight).json()
    (row,) = rows(database_url)
    assert str(row.id) == answer["prediction_id"]
    assert row.delay_probability == answer["delay_probability"]
    assert (row.carrier, row.origin, row.destination, row.distance_miles) == ("UA", "EWR", "IAH", 1400)
    assert row.scheduled_departure == datetime(2026, 7, 4, 17, 30)  # noqa: DTZ001 (local by definition)


def test_a_prediction_is_found_again_as_it_was_made(client: TestClient, flight: dict[str, Any]) -> None:
    answer = client.post("/predict", json=flight).json()
    kept = client.get(f"/predictions/{answer['prediction_id']}").json()
    assert kept.items() >= answer.items()
    assert kept["scheduled_departure"] == "2026-07-04T17:30:00"
    assert kept["carrier"] == "UA"
    assert datetime.fromisoformat(kept["created_at"]).utcoffset() == timedelta(0)


def test_an_id_that_was_never_given_out_is_not_found(client: TestClient) -> None:
    response = client.get(f"/predictions/{uuid4()}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_pages_show_every_prediction_once_newest_first(client: TestClient, flight: dict[str, Any]) -> None:
    made = [client.post("/predict", json=flight).json()["prediction_id"] for _ in range(7)]
    found: list[str] = []
    cursor: str | None = None
    pages = 0
    while pages == 0 or cursor:
        page = client.get(
            "/predictions", params={"limit": 3, **({"cursor": cursor} if cursor else {})}
        ).json()
        found += [item["prediction_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        pages += 1
        # What is made meanwhile does not move what was there.
        client.post("/predict", json=flight)
    assert found == made[::-1]
    assert pages == 3


def test_pages_do_not_lose_predictions_of_the_same_moment(client: TestClient, flight: dict[str, Any]) -> None:
    made = client.post("/predict/batch", json={"flights": [flight] * 5}).json()["predictions"]
    first = client.get("/predictions", params={"limit": 2}).json()
    second = client.get("/predictions", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    found = {item["prediction_id"] for item in first["items"] + second["items"]}
    assert found == {one["prediction_id"] for one in made}
    assert second["next_cursor"] is None


def test_predictions_are_found_by_carrier_and_airports(client: TestClient, flight: dict[str, Any]) -> None:
    client.post("/predict", json=flight)
    client.post("/predict", json=flight | {"carrier": "AA", "destination": "MIA"})
    client.post("/predict", json=flight | {"carrier": "AA", "origin": "JFK", "destination": "MIA"})

    def count(**filters: str) -> int:
        return len(client.get("/predictions", params=filters).json()["items"])

    assert (count(), count(carrier="AA"), count(carrier="AA", origin="JFK")) == (3, 2, 1)
    assert count(destination="IAH") == 1


@pytest.mark.parametrize("cursor", ["x", "", "AAAA", "MjAyNi0xMS0yMSBub3BlCg==", "é"])
def test_a_cursor_that_we_did_not_give_is_refused(sqlite_client: TestClient, cursor: str) -> None:
    response = sqlite_client.get("/predictions", params={"cursor": cursor})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "query.cursor"


def test_a_retry_with_the_same_key_gets_the_first_answer_and_makes_nothing(
    client: TestClient, database_url: str, flight: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "2f1c"}
    first = client.post("/predict", json=flight, headers=key)
    again = client.post("/predict", json=flight, headers=key)
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(rows(database_url)) == 1


def test_a_retried_batch_gets_the_first_answer(
    client: TestClient, database_url: str, flight: dict[str, Any]
) -> None:
    asked = {"flights": [flight | {"carrier": c} for c in ("UA", "AA", "DL")]}
    first = client.post("/predict/batch", json=asked, headers={"Idempotency-Key": "b"})
    again = client.post("/predict/batch", json=asked, headers={"Idempotency-Key": "b"})
    assert again.json() == first.json()
    assert len(rows(database_url)) == 3


@pytest.mark.parametrize("carriers", [["AA"], ["UA", "AA"]])
def test_a_key_that_comes_back_with_another_request_is_refused(
    client: TestClient, database_url: str, flight: dict[str, Any], carriers: list[str]
) -> None:
    key = {"Idempotency-Key": "2f1c"}
    client.post("/predict", json=flight, headers=key)
    other = {"flights": [flight | {"carrier": carrier} for carrier in carriers]}
    response = client.post("/predict/batch", json=other, headers=key)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "header.Idempotency-Key"
    assert len(rows(database_url)) == 1


def test_ten_requests_with_one_key_at_once_make_one_prediction(
    client: TestClient, database_url: str, flight: dict[str, Any]
) -> None:
    def ask(_: int) -> str:
        response = client.post("/predict", json=flight, headers={"Idempotency-Key": "same"})
        assert response.status_code == 200
        return response.json()["prediction_id"]

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(ask, range(10)))
    (row,) = rows(database_url)
    assert answers == {str(row.id)}


@pytest.mark.parametrize("key", ["", "with space", "x" * 129, "ü"])
def test_a_key_of_the_wrong_form_is_refused(
    sqlite_client: TestClient, flight: dict[str, Any], key: str
) -> None:
    response = sqlite_client.post("/predict", json=flight, headers=[(b"Idempotency-Key", key.encode())])
    assert response.status_code == 422


def test_without_the_database_everything_that_needs_it_answers_503(flight: dict[str, Any]) -> None:
    away = SecretStr(f"postgresql://nobody:hush@127.0.0.1:{free_port()}/gone")
    settings = ApiSettings(database_url=away, migrate_on_start=False)
    with TestClient(create_app(settings)) as client:
        for response in (
            client.post("/predict", json=flight),
            client.post("/predict/batch", json={"flights": [flight]}),
            client.get("/predictions"),
            client.get(f"/predictions/{uuid4()}"),
        ):
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) >= 1
            assert response.headers["content-type"] == "application/problem+json"
        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200


def test_connections_that_the_database_has_cut_cost_no_request(
    new_postgres_database: Callable[[], str], flight: dict[str, Any]
) -> None:
    url = new_postgres_database()
    with TestClient(create_app(ApiSettings(database_url=SecretStr(url)))) as client:
        made = client.post("/predict", json=flight).json()["prediction_id"]
        for ask in (
            lambda: client.post("/predict", json=flight),
            lambda: client.get(f"/predictions/{made}"),
            lambda: client.get("/ready"),
        ):
            query(url, CUT_ALL_OTHERS)
            assert ask().status_code == 200


def test_a_mistake_of_ours_is_not_taken_for_a_database_that_is_away(
    new_postgres_database: Callable[[], str],
) -> None:
    url = new_postgres_database()

    async def ask() -> None:
        database = Database(url, timeout_seconds=5, pool_size=1)
        try:
            async with database.transaction() as connection:
                await connection.execute(select(func.no_such_function()))
        finally:
            await database.close()

    with pytest.raises(ProgrammingError):
        asyncio.run(ask())


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_every_spelling_of_a_postgres_url_reaches_asyncpg(scheme: str) -> None:
    target = target_of(f"{scheme}://me:p%40ss@db:5433/flights", timeout_seconds=3)
    assert (
        target.url.render_as_string(hide_password=False) == "postgresql+asyncpg://me:p%40ss@db:5433/flights"
    )
    assert target.connect_args["timeout"] == 3


def test_a_unix_socket_in_the_url_is_kept() -> None:
    target = target_of("postgresql://me:x@/flights?host=/cloudsql/acme:eu:db", timeout_seconds=3)
    assert target.url.query["host"] == "/cloudsql/acme:eu:db"


def test_sslmode_asks_for_tls_as_libpq_understands_it() -> None:
    required = target_of("postgresql://db/flights?sslmode=require", timeout_seconds=3)
    assert required.connect_args["ssl"] == "require"
    assert "sslmode" not in required.url.query
    verified = target_of("postgresql://db/flights?sslmode=verify-full", timeout_seconds=3).connect_args["ssl"]
    assert isinstance(verified, ssl.SSLContext)
    assert verified.check_hostname
    assert verified.verify_mode is ssl.CERT_REQUIRED
    chain_only = target_of("postgresql://db/flights?sslmode=verify-ca", timeout_seconds=3).connect_args["ssl"]
    assert isinstance(chain_only, ssl.SSLContext)
    assert not chain_only.check_hostname


def test_a_parameter_given_twice_is_refused_by_name(sqlite_client: TestClient) -> None:
    response = sqlite_client.get("/predictions?limit=1&carrier=UA&limit=2")
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "query.limit", "message": "given more than once"}]


@pytest.mark.parametrize(
    ("environment", "told"), [("development", False), ("staging", False), ("production", True)]
)
def test_production_without_a_database_of_its_own_is_told_at_the_start(
    environment: str,
    *,
    told: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("ENVIRONMENT", environment)
    with TestClient(create_app()):
        said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    warnings = [line["message"] for line in said if line["level"] == "warning"]
    assert warnings == ["DATABASE_URL is not set: predictions are lost with this machine's disk"] * told


def test_the_embedded_database_lies_where_only_this_user_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = Path(embedded_url().removeprefix("sqlite+aiosqlite:///")).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rename(tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved")
    with pytest.raises(SettingsError, match="DATABASE_URL: not set"):
        embedded_url()
