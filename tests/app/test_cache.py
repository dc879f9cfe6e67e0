import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvloop
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.main import create_app
from app.model.predictor import Predictor
from app.predictions.cache import MemoryCache
from app.predictions.redis_cache import PAUSE_SECONDS, RedisBudget, RedisCache
from app.settings import ApiSettings
from tests.app.servers import free_port


class Clock:
    """Goes when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many flights the model was asked about, call by call."""
    sizes: list[int] = []
    plain = Predictor.delay_probabilities

    def counted(self: Predictor, flights: Any) -> list[float]:  # noqa: ANN401 (passed on as it is)
        sizes.append(len(flights))
        return plain(self, flights)

    monkeypatch.setattr(Predictor, "delay_probabilities", counted)
    return sizes


@pytest.fixture
def redis_client(sqlite_settings: ApiSettings, redis_url: str, inside_redis: object) -> Iterator[TestClient]:
    assert inside_redis
    settings = sqlite_settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_repeated_input_does_not_ask_the_model_again(
    sqlite_client: TestClient, flight: dict[str, Any], asked: list[int]
) -> None:
    answers = [sqlite_client.post("/predict", json=flight).json() for _ in range(3)]
    assert asked == [1]
    assert len({answer["delay_probability"] for answer in answers}) == 1
    assert len({answer["prediction_id"] for answer in answers}) == 3


def test_the_same_weekday_and_minute_of_another_week_is_the_same_input(
    sqlite_client: TestClient, flight: dict[str, Any], asked: list[int]
) -> None:
    for day in ("04", "11", "18"):
        sqlite_client.post("/predict", json=flight | {"scheduled_departure": f"2026-07-{day}T17:30"})
    sqlite_client.post("/predict", json=flight | {"scheduled_departure": "2026-07-05T17:30"})
    assert asked == [1, 1]


def test_a_batch_asks_the_model_once_and_only_about_what_is_new(
    sqlite_client: TestClient, flight: dict[str, Any], asked: list[int]
) -> None:
    sqlite_client.post("/predict", json=flight)
    flights = [flight, flight | {"carrier": "AA"}, flight | {"carrier": "DL"}, flight | {"carrier": "AA"}]
    sqlite_client.post("/predict/batch", json={"flights": flights})
    assert asked == [1, 2]


def test_replicas_share_what_redis_remembers(
    redis_client: TestClient,
    sqlite_settings: ApiSettings,
    redis_url: str,
    flight: dict[str, Any],
    asked: list[int],
) -> None:
    first = redis_client.post("/predict", json=flight).json()
    settings = sqlite_settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    with TestClient(create_app(settings)) as other:
        second = other.post("/predict", json=flight).json()
        assert other.get("/ready").json()["checks"]["cache"] == "up"
    assert asked == [1]
    assert first["delay_probability"] == second["delay_probability"]


def test_what_redis_remembers_is_forgotten_in_time(
    redis_client: TestClient,
    inside_redis: Any,  # noqa: ANN401 (see the fixture)
    flight: dict[str, Any],
) -> None:
    redis_client.post("/predict", json=flight)
    (key,) = inside_redis.keys("*")
    assert key.startswith(b"delay:nycflights13-")
    assert 0 < inside_redis.ttl(key) <= 3600


def test_nonsense_in_redis_is_as_good_as_nothing(
    redis_client: TestClient,
    inside_redis: Any,  # noqa: ANN401 (see the fixture)
    flight: dict[str, Any],
) -> None:
    expected = redis_client.post("/predict", json=flight).json()["delay_probability"]
    inside_redis.set(inside_redis.keys("*")[0], "nonsense")
    assert redis_client.post("/predict", json=flight).json()["delay_probability"] == expected


@pytest.mark.parametrize(("required", "status"), [(False, 200), (True, 503)])
def test_a_replica_without_its_redis_leaves_the_rotation_only_where_the_cache_is_required(
    sqlite_settings: ApiSettings, flight: dict[str, Any], *, required: bool, status: int
) -> None:
    away = SecretStr(f"redis://127.0.0.1:{free_port()}/0")
    settings = sqlite_settings.model_copy(update={"redis_url": away, "cache_required": required})
    with TestClient(create_app(settings)) as client:
        assert client.post("/predict", json=flight).status_code == 200
        response = client.get("/ready")
        assert response.status_code == status
        assert response.json()["checks"]["cache"] == "down"


def test_after_a_failure_redis_is_left_alone_for_a_while() -> None:
    clock = Clock()

    async def run() -> list[bool]:
        budget = RedisBudget(timeout_seconds=0.05, seconds=60)

        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        cache = RedisCache(f"redis://127.0.0.1:{port}/0", budget, clock=clock)
        waited: list[bool] = []
        for seconds_later in (0.0, 0.1, PAUSE_SECONDS):
            clock.seconds += seconds_later
            started = time.perf_counter()
            assert await cache.get(["delay:x"]) == {}
            waited.append(time.perf_counter() - started > 0.04)
        await cache.close()
        server.close()
        await asyncio.sleep(0.05)
        return waited

    assert asyncio.run(run()) == [True, False, True]


def test_a_connection_cut_before_its_stream_knows_costs_no_request(
    redis_url: str, inside_redis: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside_redis
    writers: set[asyncio.StreamWriter] = set()
    plain = asyncio.StreamWriter.writelines

    def seen(self: asyncio.StreamWriter, data: Any) -> None:  # noqa: ANN401 (passed on as it is)
        writers.add(self)
        plain(self, data)

    async def run() -> None:
        cache = RedisCache(redis_url, RedisBudget(timeout_seconds=2, seconds=60))
        await cache.put({"delay:x": 0.5})
        assert await cache.get(["delay:x"]) == {"delay:x": 0.5}
        for writer in writers:
            writer.transport.abort()
        assert await cache.get(["delay:x"]) == {}
        await cache.close()

    monkeypatch.setattr(asyncio.StreamWriter, "writelines", seen)
    # The loop that the service runs on says RuntimeError to that, which is of no client's family of errors.
    uvloop.run(run())


def test_memory_forgets_the_least_recently_used_and_what_is_old() -> None:
    clock = Clock()

    async def run() -> None:
        cache = MemoryCache(entries=2, seconds=60, clock=clock)
        await cache.put({"a": 0.1, "b": 0.2})
        await cache.get(["a"])
        await cache.put({"c": 0.3})
        assert await cache.get(["a", "b", "c"]) == {"a": 0.1, "c": 0.3}
        clock.seconds += 61
        assert await cache.get(["a", "c"]) == {}

    asyncio.run(run())
