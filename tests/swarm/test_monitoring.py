"""What watches a stack runs on a real Swarm, locked in as recorded, and sees what it is there to see.

Prometheus, node-exporter, Loki and Traefik are the real programs; see `build_monitoring` for the others.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from time import time_ns
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest

from tests.app.servers import free_port
from tests.base_image import BASE
from tests.docker_engine import Engine
from tests.infra.swarm.example import said
from tests.swarm.cluster import Cluster
from tests.swarm.load import FLIGHT
from tests.swarm.stand_ins import build_monitoring
from tests.synth import Synthesis
from tools.monitoring.obtain import obtained_monitoring

NAMESPACE = f"m{uuid.uuid4().hex[:6]}"
PORT = free_port()
SELECTED = '{workload="api"}'


def stack(image: str) -> Synthesis:
    """One replica behind the edge, watched."""
    return said(
        image=image,
        workloads={"api": {"public": True, "memoryMib": 512, "scaling": {"minReplicas": 1}}},
        swarm={"namespace": NAMESPACE, "httpPort": PORT, "monitoring": "bundled"},
    )


@pytest.fixture(scope="module")
def watched(engine: Engine, cluster: Cluster, api_images: tuple[str, str, str]) -> Iterator[Cluster]:
    """The stack, up, with everything that watches it."""
    cluster.images = {**cluster.images, **build_monitoring(engine, BASE, obtained_monitoring())}
    try:
        cluster.deploy(stack(api_images[0]))
        seconds = cluster.wait(lambda: all(map(cluster.runs, cluster.made["services"])), "all services run")
        print(f"\nup in {seconds:.0f} s: {', '.join(cluster.made['services'])}")
        yield cluster
    finally:
        if cluster.made:
            cluster.remove()


def asked(cluster: Cluster, service: str, url: str, *options: str) -> Any:  # noqa: ANN401 (JSON)
    """What an HTTP server says to a request from inside the first task of a service, or nothing."""
    (task, *_) = cluster.tasks(f"{NAMESPACE}_{service}")
    container = task["Status"]["ContainerStatus"]["ContainerID"]
    done = cluster.engine.run("exec", container, "wget", "-q", "-O", "-", *options, url)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout.startswith("{") else {}


def value(cluster: Cluster, query: str) -> float | None:
    """Of one series, or of none."""
    found = asked(cluster, "prometheus", f"http://127.0.0.1:9090/api/v1/query?query={quote(query)}")
    results = found.get("data", {}).get("result", [])
    return float(results[0]["value"][1]) if results else None


def test_prometheus_finds_every_task_by_the_swarms_own_names(watched: Cluster) -> None:
    def health() -> Mapping[str, str]:
        found = asked(watched, "prometheus", "http://127.0.0.1:9090/api/v1/targets?state=active")
        return {
            each["labels"]["job"]: each["health"] for each in found.get("data", {}).get("activeTargets", [])
        }

    wanted = dict.fromkeys(("api", "cadvisor", "edge", "node-exporter"), "up")
    watched.wait(lambda: health() == wanted, f"{wanted}", seconds=120)


def test_a_request_at_the_edge_is_counted_by_the_api_and_the_edge(watched: Cluster) -> None:
    def ask() -> bool:
        return httpx.post(f"http://127.0.0.1:{PORT}/predict", json=FLIGHT, timeout=20).is_success

    watched.wait(ask, "a prediction through the edge")
    by_api = f'sum(http_requests_total{{namespace="{NAMESPACE}",workload="api",endpoint="/predict"}})'
    by_edge = f'sum(traefik_entrypoint_requests_total{{namespace="{NAMESPACE}"}})'
    for query in (by_api, by_edge):
        watched.wait(lambda query=query: (value(watched, query) or 0) >= 1, query, seconds=120)


def test_the_node_is_seen(watched: Cluster) -> None:
    query = 'node_filesystem_avail_bytes{mountpoint="/"}'
    watched.wait(lambda: (value(watched, query) or 0) > 0, query, seconds=120)


def test_every_rule_is_loaded_and_well(watched: Cluster) -> None:
    groups = asked(watched, "prometheus", "http://127.0.0.1:9090/api/v1/rules")["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["name"] for rule in rules if rule["type"] == "alerting"} >= {"TasksFalling", "NodeDiskFull"}
    assert {rule["name"] for rule in rules if rule["health"] == "err"} == set()


def test_loki_keeps_a_line_and_finds_it_again(watched: Cluster) -> None:
    query = "http://127.0.0.1:3100/loki/api/v1/labels"
    watched.wait(
        lambda: asked(watched, "loki", query).get("status") == "success", "Loki answers", seconds=120
    )
    line = {"streams": [{"stream": {"workload": "api"}, "values": [[f"{time_ns()}", "a line"]]}]}
    url = "http://127.0.0.1:3100/loki/api/v1/push"
    options = ("--header=Content-Type: application/json", f"--post-data={json.dumps(line)}")
    asked(watched, "loki", url, *options)
    found = f"http://127.0.0.1:3100/loki/api/v1/query_range?query={quote(SELECTED)}"
    watched.wait(
        lambda: "a line" in json.dumps(asked(watched, "loki", found)), "the line is found", seconds=60
    )


def test_nothing_that_watches_fell(watched: Cluster) -> None:
    for service in watched.made["services"]:
        assert watched.tasks(service, "failed") == [], watched.story(service)
