"""A stack lives on a real Swarm: it goes up, is replaced, taken back, mended, and taken down.

One stack goes through all of it, in the order of the tests: each begins where the one before it ended.
"""

import contextlib
import json
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx2 as httpx
import pytest

from tests.app.servers import free_port
from tests.infra.swarm.example import said
from tests.swarm.cluster import Cluster
from tests.swarm.load import FLIGHT, load
from tests.synth import Synthesis
from tools.probe.report import as_markdown
from tools.probe.suite import visit
from tools.probe.visitor import Draining, Visitor
from tools.serving.ask import standing

NAMESPACE = f"t{uuid.uuid4().hex[:6]}"
PORT = free_port()
URL = f"http://127.0.0.1:{PORT}"
API_KEY = "a-value-that-only-the-file-has"


def stack(image: str, **environment: str) -> Synthesis:
    """Two replicas behind the edge, with a database and a cache."""
    return said(
        image=image,
        workloads={
            "api": {
                "public": True,
                "memoryMib": 512,
                "cpuMillicores": 1000,
                "cpuRequestMillicores": 100,
                "memoryRequestMib": 128,
                "health": {"startSeconds": 10},
                "environment": environment,
                "secrets": ["API_KEY"],
                "uses": ["postgres", "redis"],
            }
        },
        postgres={"version": "18"},
        redis={"memoryMib": 256},
        secrets={"API_KEY": API_KEY},
        swarm={
            "namespace": NAMESPACE,
            "httpPort": PORT,
            "requestsPerMinute": 1_000_000,
            "monitoring": "none",
        },
    )


@pytest.fixture(scope="module")
def before(cluster: Cluster) -> dict[str, set[str]]:
    return cluster.inventory()


@pytest.fixture(scope="module")
def running(
    cluster: Cluster, api_images: tuple[str, str, str], before: dict[str, set[str]]
) -> Iterator[Cluster]:
    """The stack, up."""
    assert before
    try:
        cluster.deploy(stack(api_images[0]))
        seconds = cluster.wait(
            lambda: all(map(cluster.runs, cluster.made["services"])) and ready(), "the stack is up"
        )
        print(f"\nup in {seconds:.0f} s: {', '.join(cluster.made['services'])}")
        yield cluster
    finally:
        if cluster.made:
            cluster.remove()


def ready() -> bool:
    try:
        return httpx.get(f"{URL}/ready", timeout=5).status_code == HTTPStatus.OK
    except httpx.HTTPError:
        return False


def inside(cluster: Cluster, service: str, *command: str) -> str:
    """What a command says in the first task of a service."""
    task = cluster.tasks(f"{NAMESPACE}_{service}")[0]
    return cluster.engine.docker("exec", task["Status"]["ContainerStatus"]["ContainerID"], *command)


def test_the_stack_answers_through_the_port_that_it_publishes(running: Cluster) -> None:
    answer = httpx.post(f"{URL}/predict", json=FLIGHT, timeout=20)
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "traefik" not in json.dumps(dict(answer.headers)).lower()
    assert running.runs(f"{NAMESPACE}_api")


def stands(cluster: Cluster, image: str) -> tuple[str, tuple[str, ...]]:
    """How the service stands, as `airfield verify` would say it, where `image` was asked for."""
    place = {"target": "swarm", "host": cluster.engine.host, "service": f"{NAMESPACE}_api"}
    found = standing("api", place, image)
    print(f"\n{found}")
    return found.state, found.images


def test_what_serves_is_told_from_what_does_not(running: Cluster, api_images: tuple[str, str, str]) -> None:
    first, second, _ = api_images
    assert stands(running, first) == ("serving", (first,))
    assert stands(running, second) == ("other image", (first,))


def test_every_promise_of_the_api_is_kept_while_replicas_are_replaced(running: Cluster) -> None:
    service = f"{NAMESPACE}_api"

    def replace() -> None:
        running.engine.docker("service", "update", "--force", "--detach", service)
        running.wait(lambda: running.update_state(service) == "completed", "the update ends")

    with Visitor(url=URL, draining=Draining(begin=replace, watch_seconds=3)) as visitor:
        findings = list(visit(visitor))
    print(f"\n{as_markdown(findings)}")
    assert {each.name: each.why for each in findings if each.outcome == "broken"} == {}
    assert {each.name for each in findings if each.outcome == "not asked"} == {"TLS redirect", "TLS"}


def test_a_secret_arrives_as_a_file_and_nowhere_else(running: Cluster) -> None:
    read = (
        "import os; path = os.environ['API_KEY_FILE']; print(open(path).read(), oct(os.stat(path).st_mode))"
    )
    assert inside(running, "api", "python", "-c", read) == f"{API_KEY} 0o100400"
    task = running.tasks(f"{NAMESPACE}_api")[0]
    container = task["Status"]["ContainerStatus"]["ContainerID"]
    assert API_KEY not in running.engine.docker("inspect", container)
    assert API_KEY not in json.dumps(running.service(f"{NAMESPACE}_api"))


def test_what_was_predicted_lies_in_the_database(running: Cluster) -> None:
    httpx.post(f"{URL}/predict", json=FLIGHT, timeout=20).raise_for_status()
    count = 'PGPASSWORD="$(cat /run/secrets/database-password)" psql -h database -U airfield -At -c "{}"'
    asked = count.format("select count(*) from predictions")
    assert int(inside(running, "database-backup", "sh", "-c", asked)) > 0
    assert httpx.get(f"{URL}/predictions", timeout=20).json()


def test_a_dump_was_made_at_once_and_can_be_restored(running: Cluster) -> None:
    listed = "ls /var/lib/postgresql/airfield-*.dump"
    running.wait(
        lambda: "dump" in running.engine.run("exec", backup(running), "sh", "-c", listed).stdout, "a dump"
    )
    assert "restored" in inside(running, "database-backup", "sh", "/etc/airfield/restore.sh")


def backup(cluster: Cluster) -> str:
    return cluster.tasks(f"{NAMESPACE}_database-backup")[0]["Status"]["ContainerStatus"]["ContainerID"]


def test_the_edge_cannot_do_to_the_engine_what_it_need_not(running: Cluster) -> None:
    ask = "import urllib.request as r; print(r.urlopen('http://socket:2375{}').status)"
    refused = running.engine.run(
        "exec", first_container(running, "socket"), "python3", "-c", ask.format("/containers/json")
    )
    assert "403" in refused.stderr


def first_container(cluster: Cluster, service: str) -> str:
    return cluster.tasks(f"{NAMESPACE}_{service}")[0]["Status"]["ContainerStatus"]["ContainerID"]


def test_services_that_have_no_way_to_each_other_do_not_meet(running: Cluster) -> None:
    find = "import socket; print(socket.gethostbyname('{}'))"
    assert inside(running, "api", "python", "-c", find.format("database"))
    lost = running.engine.run("exec", first_container(running, "api"), "python", "-c", find.format("socket"))
    assert "Name or service not known" in lost.stderr or "gaierror" in lost.stderr


def release(cluster: Cluster) -> str:
    """Which one answers."""
    return inside(cluster, "api", "python", "-c", "import os; print(os.environ['RELEASE'])")


def test_a_rolling_update_under_load_fails_no_request(
    running: Cluster, api_images: tuple[str, str, str]
) -> None:
    api = f"{NAMESPACE}_api"
    old = {task["ID"] for task in running.tasks(api)}
    with load(URL) as asked:
        running.wait(lambda: asked.answered > 50, "some requests are answered")
        running.deploy(stack(api_images[1], RELEASE="2"))
        assert stands(running, api_images[1])[0] == "rolling"
        seconds = running.wait(lambda: running.update_state(api) == "completed", "the update ends")
    new = {task["ID"] for task in running.tasks(api)}
    print(f"\nrolling update in {seconds:.0f} s: {asked.answered} requests, {len(asked.failed)} failed")
    assert asked.failed == []
    assert asked.answered > 100
    assert len(new) == 2
    assert not old & new
    assert release(running) == "2"
    running.wait(
        lambda: stands(running, api_images[1]) == ("serving", (api_images[1],)), "the new image alone serves"
    )


def test_an_image_that_is_ill_is_taken_back_while_the_old_one_answers(
    running: Cluster, api_images: tuple[str, str, str]
) -> None:
    api = f"{NAMESPACE}_api"
    with load(URL) as asked:
        running.deploy(stack(api_images[2], RELEASE="3"))
        seconds = running.wait(
            lambda: running.update_state(api) == "rollback_completed", "the update is taken back"
        )
    print(f"\nrolled back in {seconds:.0f} s: {asked.answered} requests, {len(asked.failed)} failed")
    assert asked.failed == []
    assert asked.answered > 100
    spec = running.service(api)["Spec"]["TaskTemplate"]["ContainerSpec"]
    assert spec["Image"].partition("@")[0] == api_images[1]
    assert release(running) == "2"
    assert stands(running, api_images[2])[0] == "rolled back"


def test_a_killed_task_comes_back(running: Cluster) -> None:
    api = f"{NAMESPACE}_api"
    running.wait(lambda: running.runs(api), "both replicas run")
    killed = first_container(running, "api")
    running.engine.docker("kill", killed)

    def again() -> bool:
        there = [task["Status"]["ContainerStatus"]["ContainerID"] for task in running.tasks(api)]
        return len(there) == 2 and killed not in there

    seconds = running.wait(again, "two replicas run again")
    print(f"\na killed task was back in {seconds:.0f} s")
    running.wait(ready, "it answers")


def test_what_was_made_is_removed_and_only_that(
    running: Cluster, before: dict[str, set[str]], api_images: tuple[str, str, str]
) -> None:
    made: dict[str, Any] = {kind: len(found) for kind, found in running.made.items()}
    running.remove()
    assert stands(running, api_images[1]) == ("gone", ())
    with contextlib.suppress(TimeoutError):
        running.wait(lambda: running.inventory() == before, "nothing is left", seconds=60)
    assert running.inventory() == before
    print(f"\nremoved: {made}")
