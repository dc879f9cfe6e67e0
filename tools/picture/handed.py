"""What each workload's process is handed, by what its platform is told. Reads the graph; draws nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tools.declared import Body, Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Names of variables: of whom it calls among the plain ones, of whose data it uses among the secret."""

    plain: frozenset[str]
    secret: tuple[str, ...]


def fargate(graph: Graph, name: str) -> Handed:
    """A container of a task definition."""
    task = graph.the("ecs/taskDefinition:TaskDefinition", name)
    container = _named(json.loads(task["containerDefinitions"]), name)
    return _handed(_names(container.get("environment")), _names(container.get("secrets")))


def kubernetes(graph: Graph, name: str) -> Handed:
    """A container of a Deployment, and the ConfigMap that it takes whole."""
    pod = graph.the("apps/v1:Deployment", name)["spec"]["template"]["spec"]
    container = _named(pod["containers"], name)
    plain = graph.get("core/v1:ConfigMap", f"{name}-environment") or {}
    named = [each for each in container.get("env", []) if "secretKeyRef" in each.get("valueFrom", {})]
    return _handed(plain.get("data", {}), _names(named))


def cloud_run(graph: Graph, name: str) -> Handed:
    """The container of a service."""
    (container,) = graph.the("cloudrunv2/service:Service", name)["template"]["containers"]
    found = cast("list[Body]", container.get("envs", []))
    secret = [each for each in found if "valueSource" in each]
    return _handed(_names(each for each in found if each not in secret), _names(secret))


def swarm(graph: Graph, name: str) -> Handed:
    """The container of a service: a secret is a file."""
    container = graph.the("docker:index/service:Service", name)["taskSpec"]["containerSpec"]
    files = [each["fileName"].rpartition("/")[2] for each in container.get("secrets") or ()]
    return _handed(container.get("env") or {}, files)


WORKLOADS: Mapping[str, Callable[[Graph, str], Handed]] = {
    "airfield:aws:FargateService": fargate,
    "airfield:gcp:CloudRunService": cloud_run,
    "airfield:kubernetes:KubernetesWorkload": kubernetes,
    "airfield:swarm:SwarmWorkload": swarm,
}
"""By the component's type."""


def _handed(plain: Iterable[str], secret: Iterable[str]) -> Handed:
    return Handed(plain=frozenset(plain), secret=tuple(sorted(secret)))


def _named(containers: Any, name: str) -> Body:  # noqa: ANN401  parsed JSON
    return next(each for each in cast("list[Body]", containers) if each["name"] == name)


def _names(found: Iterable[Body] | None) -> list[str]:
    return [str(each["name"]) for each in found or ()]
