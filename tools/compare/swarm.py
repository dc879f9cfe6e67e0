"""Reads what a stack comes to on Docker Swarm, from what is declared there. Pure."""

import re
from base64 import b64decode
from collections.abc import Mapping

import yaml

from tools.compare import prometheus
from tools.compare.facts import (
    NO_CACHE,
    NO_DATABASE,
    NO_SECRETS,
    NOTHING_BETWEEN,
    CacheFacts,
    DatabaseFacts,
    Facts,
    WorkloadFacts,
    facts,
    limit_and_request,
    listed,
    missing,
    of_each,
    retention,
    version,
)
from tools.declared import Body, Graph

_NANO_A_MILLICORE = 10**6
_BYTES_A_MIB = 2**20
_PLAIN_DISK = "none: as the disk of its node is"


def on_swarm(graph: Graph) -> Facts:
    """The whole stack."""
    files = _files(graph)
    days = prometheus.retention_days(files)
    return facts(
        of_each(graph, "airfield:swarm:SwarmWorkload", _workload),
        _database(graph),
        _cache(graph, files),
        logs_kept=retention(days) if days else _rotated(graph),
        alerts=listed(prometheus.thresholds_of_files(files)) or missing("slo.availability_percent", "swarm"),
    )


def _workload(graph: Graph, name: str) -> WorkloadFacts:
    service = graph.the("docker:index/service:Service", name)
    task = service["taskSpec"]
    container, amounts = task["containerSpec"], task["resources"]
    alive, labels = container["healthcheck"], _labels(service)
    asked = labels.get(f"traefik.http.services.{name}.loadbalancer.healthcheck.interval")
    secrets = [each["fileName"].rpartition("/")[2] for each in container.get("secrets", [])]
    return WorkloadFacts(
        cpu=limit_and_request(*(_cpu(amounts[key]) for key in ("limits", "reservation"))),
        memory=limit_and_request(*(_memory(amounts[key]) for key in ("limits", "reservation"))),
        replicas=f"{service['mode']['replicated']['replicas']}, which nothing scales",
        concurrency=missing("workload.scaling.concurrency", "swarm"),
        request_timeout=_timeout(graph, name) if asked else NOTHING_BETWEEN,
        drain=f"{_seconds(container['stopGracePeriod'])} s",
        start_up=f"{_seconds(alive['startPeriod'])} s",
        liveness=f"{_seconds(alive['interval']) * alive['retries']} s",
        readiness=f"{_seconds(asked)} s" if asked else "none: callers meet whatever is alive",
        exposure=_exposure(name, labels),
        secrets=f"files from Docker secrets: {listed(secrets)}" if secrets else NO_SECRETS,
    )


def _labels(service: Body) -> dict[str, str]:
    return {each["label"]: each["value"] for each in service["labels"]}


def _cpu(amount: Body) -> str:
    return f"{amount['nanoCpus'] // _NANO_A_MILLICORE} millicores"


def _memory(amount: Body) -> str:
    return f"{amount['memoryBytes'] // _BYTES_A_MIB} MiB"


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def _files(graph: Graph) -> dict[str, str]:
    return {
        each.name: b64decode(each.inputs["data"]).decode()
        for each in graph.of_type("docker:index/serviceConfig:ServiceConfig")
    }


def _timeout(graph: Graph, name: str) -> str:
    rules = next(text for key, text in _files(graph).items() if key.startswith("edge-") and "rules" in key)
    transport = yaml.safe_load(rules)["http"]["serversTransports"][name]
    return f"{_seconds(transport['forwardingTimeouts']['responseHeaderTimeout'])} s until a response begins"


def _exposure(name: str, labels: Mapping[str, str]) -> str:
    rule = labels.get(f"traefik.http.routers.{name}.rule", "")
    host = re.fullmatch(r"Host\(`(.+)`\)", rule)
    if host:
        return f"public: https://{host[1]}"
    return "public: http, at the managers' addresses" if rule else "internal"


def _database(graph: Graph) -> DatabaseFacts:
    found = graph.get("docker:index/service:Service", "database")
    if found is None:
        return NO_DATABASE
    kept = graph.the("docker:index/service:Service", "database-backup")
    dumps = kept["taskSpec"]["containerSpec"]["env"]["BACKUPS_KEPT"]
    return DatabaseFacts(
        what=f"PostgreSQL {version(_image(found))}, as much as its node's disk holds",
        availability=missing("postgres.highly_available", "swarm"),
        backup=f"{dumps} nightly dumps, on the same node",
        encryption=_PLAIN_DISK,
    )


def _cache(graph: Graph, files: Mapping[str, str]) -> CacheFacts:
    found = graph.get("docker:index/service:Service", "cache")
    if found is None:
        return NO_CACHE
    said = next(text for key, text in files.items() if key.startswith("cache-"))
    memory = next(line.split()[1] for line in said.splitlines() if line.startswith("maxmemory "))
    return CacheFacts(
        what=f"Redis {version(_image(found))}, {memory.removesuffix('mb')} MiB",
        availability=missing("redis.replicas", "swarm"),
        encryption=_PLAIN_DISK,
    )


def _image(service: Body) -> str:
    return str(service["taskSpec"]["containerSpec"]["image"])


def _rotated(graph: Graph) -> str:
    options = {
        tuple(sorted(each.inputs["taskSpec"]["logDriver"]["options"].items()))
        for each in graph.of_type("docker:index/service:Service")
    }
    sizes = {f"{dict(each)['max-file']} files of {dict(each)['max-size']} a task" for each in options}
    return f"none by days: {listed(sizes)}"
