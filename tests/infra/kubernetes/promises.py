"""Who should be able to talk to whom, in the words of a stack's specification. Knows no policy."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from tests.infra.kubernetes.everything import config
from tests.infra.kubernetes.traffic import Path

STORE_PORTS = {"postgres": ("database", 5432), "redis": ("cache", 6379)}
EDGES = {"ingress-nginx": "ingress controller", "envoy-gateway-system": "gateway", "traefik": "traefik"}
API_SERVER = (443, 6443)
"""Ports of the API server, whose address no policy can name."""
MONITORING: tuple[tuple[str, str, int], ...] = (
    ("prometheus", "alertmanager", 9093),
    ("prometheus", "kube-state-metrics", 8080),
    ("alloy", "loki", 3100),
    ("grafana", "prometheus", 9090),
    ("grafana", "loki", 3100),
    ("grafana", "tempo", 3200),
    *(
        (watcher, "internet", port)
        for watcher in ("prometheus", "kube-state-metrics", "alloy")
        for port in API_SERVER
    ),
)
"""What bundled monitoring needs of itself and of the API server."""


def block_of(stack: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", config(stack).get("airfield:kubernetes", {}))


def workloads_of(stack: str) -> Mapping[str, Mapping[str, Any]]:
    return cast("Mapping[str, Mapping[str, Any]]", config(stack)["airfield:workloads"])


@cache
def promised(stack: str) -> set[Path]:
    """Every path that starts or ends at a pod of the stack's namespace."""
    paths = {
        *workload_paths(stack),
        *database_paths(stack),
        *monitoring_paths(stack),
        *certificate_paths(stack),
    }
    found = {(*path, "TCP") for path in paths} | {
        (name, "dns", 53, protocol) for name in askers(stack) for protocol in ("TCP", "UDP")
    }
    return found | ({turned(path) for path in found} if block_of(stack).get("postgresOperator") else set())


def turned(path: Path) -> Path:
    """The same path where the other instance of a cluster takes the first one's place."""
    other = {"database": "database-2", "database-2": "database"}
    source, target, port, protocol = path
    return (other.get(source, source), other.get(target, target), port, protocol)


def workload_paths(stack: str) -> Iterator[tuple[str, str, int]]:
    bundled = block_of(stack).get("monitoring") == "bundled"
    prometheus = "prometheus" if bundled else "the cluster's prometheus"
    port = {name: int(workload.get("port", 8000)) for name, workload in workloads_of(stack).items()}
    for name, workload in workloads_of(stack).items():
        yield (name, "internet", 443)
        yield from ((name, callee, port[callee]) for callee in workload.get("calls", []))
        users = [name, *([f"{name}-migrate"] if workload.get("migrate") else [])]
        yield from ((user, *place_of(stack, store)) for user in users for store in workload.get("uses", []))
        if workload.get("public"):
            yield (front_of(stack), name, port[name])
        if workload.get("metricsPath", "/metrics"):
            yield (prometheus, name, port[name])
        if bundled:
            yield (name, "tempo", 4318)


def place_of(stack: str, store: str) -> tuple[str, int]:
    name, port = STORE_PORTS[store]
    asked = cast("Mapping[str, object]", config(stack)[f"airfield:{store}"])
    return ("internet" if asked.get("external") else name, port)


def has_database(stack: str) -> bool:
    asked = cast("Mapping[str, object]", config(stack).get("airfield:postgres", {"external": True}))
    return not asked.get("external")


def front_of(stack: str) -> str:
    if "airfield:domain" not in config(stack):
        return "internet"
    return EDGES[block_of(stack).get("ingressNamespace", "ingress-nginx")]


def database_paths(stack: str) -> Iterator[tuple[str, str, int]]:
    if not has_database(stack):
        return
    yield from ((f"database-{job}", "database", 5432) for job in ("backup", "restore"))
    if block_of(stack).get("postgresOperator"):
        yield from (("postgres operator", "database", port) for port in (5432, 8000))
        yield from (("database", "database-2", port) for port in (5432, 8000))
        yield from (("database", "internet", port) for port in API_SERVER)


def monitoring_paths(stack: str) -> Iterator[tuple[str, str, int]]:
    if block_of(stack).get("monitoring") == "bundled":
        yield from MONITORING
        if block_of(stack).get("alertWebhookSecret"):
            yield ("alertmanager", "internet", 443)


def certificate_paths(stack: str) -> Iterator[tuple[str, str, int]]:
    if "airfield:domain" in config(stack) and block_of(stack).get("edge", "ingress") == "ingress":
        yield (front_of(stack), "solver", 8089)


def askers(stack: str) -> Iterator[str]:
    """Who asks the resolver: whoever calls somebody by name."""
    for name, workload in workloads_of(stack).items():
        yield from [name, *([f"{name}-migrate"] if workload.get("migrate") else [])]
    if has_database(stack):
        yield from ("database-backup", "database-restore")
        yield from ["database"] if block_of(stack).get("postgresOperator") else []
    if block_of(stack).get("monitoring") == "bundled":
        yield from ("prometheus", "kube-state-metrics", "alloy", "grafana")
        yield from ["alertmanager"] if block_of(stack).get("alertWebhookSecret") else []
