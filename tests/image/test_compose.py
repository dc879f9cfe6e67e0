import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docker_engine import Engine
from tests.image.container import ASK
from tests.image.data_images import build_postgres_image, build_redis_image
from tests.image.test_image import FLIGHT

ROOT = Path(__file__).parents[2]
UP_SECONDS = 240
POSTGRES, REDIS = "airfield-test-postgres", "airfield-test-redis"

Compose = Callable[..., str]


@pytest.fixture(scope="module")
def compose(engine: Engine, api_image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """`docker compose` over compose.yaml as it is, but for images made of this machine."""
    if engine.run("compose", "version").returncode:
        pytest.skip(
            "no `docker compose`: install docker-compose-plugin (Docker's) or docker-compose (Debian 13)"
        )
    build_postgres_image(engine, POSTGRES)
    build_redis_image(engine, REDIS)
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    images = {name: {"image": api_image} for name in services} | {
        "postgres": {"image": POSTGRES},
        "redis": {"image": REDIS},
    }
    changed = tmp_path_factory.mktemp("compose") / "images.yaml"
    changed.write_text(yaml.safe_dump({"services": images}))
    files = ["--file", str(ROOT / "compose.yaml"), "--file", str(changed), "--project-name", "airfield-test"]

    def run(*arguments: str) -> str:
        return engine.docker("compose", *files, *arguments, seconds=UP_SECONDS)

    yield run
    run("--profile", "api", "--profile", "orders", "down", "--volumes", "--timeout", "20")


@contextmanager
def up(compose: Compose, profile: str) -> Generator[Callable[..., Any]]:
    """Everything of a profile, healthy; then ask `service` for a `path`."""

    def ask(service: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 (JSON)
        sent = "" if body is None else json.dumps(body)
        asked = ("python", "-c", ASK, f"http://127.0.0.1:8000{path}", sent)
        return json.loads(compose("--profile", profile, "exec", "--no-TTY", service, *asked))

    compose("--profile", profile, "up", "--no-build", "--wait")
    try:
        yield ask
    finally:
        compose("--profile", profile, "down", "--timeout", "20")


def test_the_api_starts_with_one_command_and_keeps_what_it_said_in_postgres(compose: Compose) -> None:
    with up(compose, "api") as ask:
        status, readiness = ask("api", "/ready")
        assert (status, readiness["checks"]) == (200, {"model": "up", "database": "up", "cache": "up"})
        status, prediction = ask("api", "/predict", FLIGHT)
        assert status == 200
    with up(compose, "api") as ask:
        status, kept = ask("api", f"/predictions/{prediction['prediction_id']}")
        assert (status, kept["delay_probability"]) == (200, prediction["delay_probability"])


def test_the_order_platform_starts_with_one_command_and_its_gateway_reaches_all(compose: Compose) -> None:
    with up(compose, "orders") as ask:
        status, health = ask("gateway", "/health/backends")
        assert (status, health["status"]) == (200, "up")
        assert ask("gateway", "/orders/order-1")[0] == 200
