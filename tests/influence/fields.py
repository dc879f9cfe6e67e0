"""What each field of the specification changes in what a platform is told. Asserts nothing.

`make influence` writes what it finds to tests/influence/<target>.txt, a line for each field.
"""

import copy
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic.alias_generators import to_camel

from infra.portability import Target
from tests.synth import synthesise_config

TARGETS: tuple[Target, ...] = get_args(Target)
NOTHING = "nothing"
PLACES = {
    "workload": ("airfield:workloads", "api"),
    "postgres": ("airfield:postgres",),
    "redis": ("airfield:redis",),
    "slo": ("airfield:slo",),
}
"""Where a stack file keeps each part of the specification."""
BASE: dict[str, Any] = {
    "airfield:image": f"ghcr.io/acme/airfield@sha256:{'0' * 64}",
    "airfield:domain": "api.example.com",
    "airfield:workloads": {
        "api": {"public": True, "uses": ["postgres", "redis"], "secrets": ["KEY"], "calls": ["prices"]},
        "prices": {"port": 8001},
    },
    "airfield:postgres": {},
    "airfield:redis": {},
    "airfield:slo": {},
    "airfield:secrets": {
        "KEY": "canary",
        "OTHER_KEY": "canary",
        "DATABASE_URL": "postgresql://user:pass@elsewhere/db",
        "REDIS_URL": "rediss://:pass@elsewhere",
    },
    "airfield:kubernetes": {
        "edge": "gateway",
        "monitoring": "operator",
        "postgresOperator": "cloudnative-pg",
    },
    "airfield:swarm": {"monitoring": "bundled"},
    "gcp:project": "acme",
}
"""A stack in which every field has something to act on: stores, a domain, a callee, somebody who watches."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for a field, and what the stack must say, before and after, for that to be allowed."""

    value: object
    beside: Mapping[str, object] = field(default_factory=dict[str, object])


CHANGES: Mapping[str, Change] = {
    "workload.image": Change(f"ghcr.io/acme/other@sha256:{'1' * 64}"),
    "workload.command": Change(["serve"]),
    "workload.migrate": Change(["airfield-api", "migrate"]),
    "workload.port": Change(9000),
    "workload.public": Change(value=False, beside={"airfield:domain": ""}),
    "workload.cpu_millicores": Change(2000),
    "workload.cpu_request_millicores": Change(100),
    "workload.memory_mib": Change(4096),
    "workload.memory_request_mib": Change(64),
    "workload.scaling.min_replicas": Change(3),
    "workload.scaling.max_replicas": Change(7),
    "workload.scaling.cpu_percent": Change(55),
    "workload.scaling.memory_percent": Change(60),
    "workload.scaling.concurrency": Change(40),
    "workload.health.liveness_path": Change("/alive"),
    "workload.health.readiness_path": Change("/able"),
    "workload.health.command": Change(["check"]),
    "workload.health.start_seconds": Change(120),
    "workload.metrics_path": Change("/numbers"),
    "workload.timeout_seconds": Change(60),
    "workload.drain_seconds": Change(90),
    "workload.environment": Change({"LOG_LEVEL": "DEBUG"}),
    "workload.secrets": Change(["KEY", "OTHER_KEY"]),
    "workload.uses": Change(["postgres"]),
    "workload.calls": Change([]),
    "postgres.external": Change(value=True),
    "postgres.version": Change("16"),
    "postgres.storage_gib": Change(50),
    "postgres.max_storage_gib": Change(200),
    "postgres.highly_available": Change(value=False),
    "postgres.backup_days": Change(14),
    "redis.external": Change(value=True),
    "redis.memory_mib": Change(8192),
    "redis.replicas": Change(2),
    "slo.availability_percent": Change(99.0),
    "slo.p95_milliseconds": Change(500),
}


def influence(name: str, target: Target) -> list[str]:
    """Types of all resources that come, go or are told something else when the field has its other value."""
    change = CHANGES[name]
    config = {**BASE, **change.beside, "airfield:target": target}
    before, after = (_told(json.dumps(each)) for each in (config, _with(config, name, change.value)))
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return sorted({of_type for of_type, _ in differing})


def _with(config: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    root, *keys = name.split(".")
    changed = copy.deepcopy(dict(config))
    *parents, last = (*PLACES[root], *map(to_camel, keys))
    functools.reduce(lambda inner, key: inner.setdefault(key, {}), parents, changed)[last] = value
    return changed


@functools.cache
def _told(config: str) -> dict[tuple[str, str], dict[str, Any]]:
    resources = synthesise_config(json.loads(config)).resources
    return {(each.type, each.name): each.inputs for each in resources}


def record(target: Target) -> Path:
    """The committed file of a platform."""
    return Path(__file__).with_name(f"{target}.txt")


def recorded(target: Target) -> dict[str, list[str]]:
    """What that file says: types of resources, by field."""
    pairs = (line.split(": ") for line in record(target).read_text(encoding="utf-8").splitlines())
    return {name: [] if types == NOTHING else types.split(", ") for name, types in pairs}


def line(name: str, types: list[str]) -> str:
    """One of its lines."""
    return f"{name}: {', '.join(types) or NOTHING}\n"


if __name__ == "__main__":
    for each in TARGETS:
        lines = [line(name, influence(name, each)) for name in CHANGES]
        record(each).write_text("".join(lines), encoding="utf-8")
