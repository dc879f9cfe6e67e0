"""What the tests of the API share: servers for each worker, a fresh database for each test, a client."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import redis
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.main import create_app
from app.settings import ApiSettings, GatewaySettings
from tests.app.servers import Postgres, Redis, query

GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL")
GIVEN_REDIS_URL = os.environ.get("REDIS_URL")

FLIGHT: dict[str, Any] = {
    "carrier": "UA",
    "origin": "EWR",
    "destination": "IAH",
    "scheduled_departure": "2026-07-04T17:30",
}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for settings in (ApiSettings, GatewaySettings):
        for name in settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
            monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


@pytest.fixture
def flight() -> dict[str, Any]:
    return dict(FLIGHT)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[Callable[[str], str]]:
    """From a database's name to its URL, on the server that DATABASE_URL names or on one of our own."""
    if GIVEN_DATABASE_URL:
        server = GIVEN_DATABASE_URL.rpartition("/")[0]
        yield lambda database: f"{server}/{database}"
        return
    postgres = Postgres()
    yield postgres.url
    postgres.close()


@pytest.fixture
def new_postgres_database(postgres_url: Callable[[str], str]) -> Callable[[], str]:
    """Each call makes an empty database and gives its URL."""

    def create() -> str:
        name = f"airfield_{uuid.uuid4().hex}"
        query(postgres_url("postgres"), f"CREATE DATABASE {name}")
        return postgres_url(name)

    return create


@pytest.fixture(params=["postgresql", "sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind: whoever asks for it runs once on each."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'predictions.db'}"
    return request.getfixturevalue("new_postgres_database")()


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    if GIVEN_REDIS_URL:
        yield GIVEN_REDIS_URL
        return
    redis = Redis()
    yield redis.url
    redis.close()


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """A Redis without any keys; a database each worker, where they share a server."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{_redis_server.rpartition('/')[0]}/{worker}"


@pytest.fixture
def inside_redis(redis_url: str) -> Iterator[Any]:
    """Redis without us in between."""
    # The client's annotations leave types open.
    with cast("Any", redis.Redis).from_url(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture
def settings(database_url: str) -> ApiSettings:
    return ApiSettings(database_url=SecretStr(database_url))


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> ApiSettings:
    """For what has nothing to do with the kind of database."""
    return ApiSettings(database_url=SecretStr(f"sqlite:///{tmp_path / 'predictions.db'}"))


@pytest.fixture
def client(settings: ApiSettings) -> Iterator[TestClient]:
    """Of the whole API, on each kind of database."""
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def sqlite_client(sqlite_settings: ApiSettings) -> Iterator[TestClient]:
    """Of the whole API, for what has nothing to do with the kind of database."""
    with TestClient(create_app(sqlite_settings), raise_server_exceptions=False) as client:
        yield client
