"""One program that watches the stack, as its pod, its policy and its rights. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import pulumi_kubernetes as k8s
from pulumi_kubernetes.apps.v1 import StatefulSetSpecArgs
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.networking import v1 as networking

from infra.kubernetes.hardening import claimed, container_security, pod_security, scratch
from infra.kubernetes.labels import pods_of
from infra.kubernetes.network_policy import (
    pods,
    tcp,
    to_dns,
    to_internet,
    to_kubernetes_api,
    to_workload,
)
from infra.kubernetes.single_pod import single_pod

FILES_PATH = "/etc/airfield"
"""Where a program finds its files."""
SECRET_PATH = "/etc/airfield-secret"  # noqa: S105  a folder
"""Where a program finds its Secret, if it reads it from files."""
READ = ("get", "list", "watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program, in what it needs."""

    image: str
    arguments: tuple[str, ...] = ()
    ports: Mapping[str, int]
    """By name; the first is asked how the program is."""
    ready_path: str
    user_id: int
    memory_mib: int
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """By their path below FILES_PATH."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables, and the key of the part's Secret that each is read from."""
    reads_secret: bool = False
    """Whether the part's Secret lies at SECRET_PATH."""
    scratch_paths: tuple[str, ...] = ("/tmp",)  # noqa: S108  in the pod
    storage_path: str | None = None
    storage_gib: int = 0
    callers: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Who may call each port, by the ports' names."""
    calls: Mapping[str, int] = field(default_factory=dict[str, int])
    """Pods of the namespace that it calls, and their ports."""
    watches: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """API groups and resources of the namespace that it reads from the API server."""
    calls_internet: bool = False


def stateful_set(name: str, part: Part) -> StatefulSetSpecArgs:
    """One pod, rolled by its files, which no program here reads again by itself."""
    return single_pod(name, _pod(name, part), {"airfield/checksum": checksum(part)})


def checksum(part: Part) -> str:
    """Follows the files, which no program here reads again by itself."""
    return sha256(
        "\n".join(f"{path}\n{text}" for path, text in sorted(part.files.items())).encode()
    ).hexdigest()


def file_keys(part: Part) -> dict[str, str]:
    """The files by keys that a ConfigMap may have."""
    return {_key(path): text for path, text in part.files.items()}


def policy(name: str, part: Part) -> networking.NetworkPolicySpecArgs:
    """Met by its callers; meets those that it calls. An empty list would be another policy at each apply."""
    return networking.NetworkPolicySpecArgs(
        pod_selector=pods_of(name),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.NetworkPolicyIngressRuleArgs(
                from_=[pods(caller) for caller in callers], ports=[tcp(part.ports[port])]
            )
            for port, callers in part.callers.items()
            if callers
        ]
        or None,
        egress=[
            *([to_dns()] if part.calls or part.watches or part.calls_internet else []),
            *(to_workload(callee, port) for callee, port in part.calls.items()),
            *([to_kubernetes_api()] if part.watches else []),
            *([to_internet(443)] if part.calls_internet else []),
        ]
        or None,
    )


def policy_rules(part: Part) -> list[k8s.rbac.v1.PolicyRuleArgs]:
    """What it may read, in its own namespace only."""
    return [
        k8s.rbac.v1.PolicyRuleArgs(api_groups=[group], resources=list(resources), verbs=list(READ))
        for group, resources in part.watches
    ]


def service(name: str, part: Part) -> core.ServiceSpecArgs:
    """Where it is met."""
    return core.ServiceSpecArgs(
        type="ClusterIP",
        selector=pods_of(name).match_labels,
        ports=[
            core.ServicePortArgs(name=port, port=number, target_port=port, protocol="TCP")
            for port, number in part.ports.items()
        ],
    )


def _pod(name: str, part: Part) -> core.PodSpecArgs:
    mounted = _mounted(name, part)
    return core.PodSpecArgs(
        service_account_name=name,
        automount_service_account_token=bool(part.watches),
        enable_service_links=False,
        termination_grace_period_seconds=60,
        security_context=pod_security(part.user_id, part.user_id),
        node_selector={"kubernetes.io/os": "linux"},
        containers=[_container(name, part, [mount for _, mount in mounted])],
        volumes=[volume for volume, _ in mounted],
    )


def _mounted(name: str, part: Part) -> list[tuple[core.VolumeArgs, core.VolumeMountArgs]]:
    mounted = [scratch(path.strip("/").replace("/", "-"), path) for path in part.scratch_paths]
    if part.files:
        items = [core.KeyToPathArgs(key=_key(path), path=path) for path in part.files]
        source = core.ConfigMapVolumeSourceArgs(name=name, items=items)
        mount = core.VolumeMountArgs(name="files", mount_path=FILES_PATH, read_only=True)
        mounted.append((core.VolumeArgs(name="files", config_map=source), mount))
    if part.reads_secret:
        kept = core.SecretVolumeSourceArgs(secret_name=name)
        mount = core.VolumeMountArgs(name="secret", mount_path=SECRET_PATH, read_only=True)
        mounted.append((core.VolumeArgs(name="secret", secret=kept), mount))
    if part.storage_path:
        mounted.append(claimed(name, part.storage_path))
    return mounted


def _container(name: str, part: Part, mounts: list[core.VolumeMountArgs]) -> core.ContainerArgs:
    first = next(iter(part.ports))
    return core.ContainerArgs(
        name=name,
        image=part.image,
        args=list(part.arguments) or None,
        ports=[
            core.ContainerPortArgs(name=port, container_port=number, protocol="TCP")
            for port, number in part.ports.items()
        ],
        env=[
            *(core.EnvVarArgs(name=variable, value=value) for variable, value in part.environment.items()),
            *(_secret(variable, name, key) for variable, key in part.secret_variables.items()),
        ]
        or None,
        resources=core.ResourceRequirementsArgs(
            requests={"cpu": "50m", "memory": f"{part.memory_mib // 2}Mi"},
            limits={"cpu": "500m", "memory": f"{part.memory_mib}Mi"},
        ),
        startup_probe=_probe(part.ready_path, first, period_seconds=5, failure_threshold=60),
        readiness_probe=_probe(part.ready_path, first, period_seconds=10, failure_threshold=3),
        liveness_probe=core.ProbeArgs(
            tcp_socket=core.TCPSocketActionArgs(port=first), period_seconds=20, failure_threshold=6
        ),
        security_context=container_security(),
        volume_mounts=mounts,
    )


def _probe(path: str, port: str, *, period_seconds: int, failure_threshold: int) -> core.ProbeArgs:
    return core.ProbeArgs(
        http_get=core.HTTPGetActionArgs(path=path, port=port),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failure_threshold,
    )


def _secret(variable: str, secret_name: str, key: str) -> core.EnvVarArgs:
    reference = core.SecretKeySelectorArgs(name=secret_name, key=key)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(secret_key_ref=reference))


def _key(path: str) -> str:
    return path.replace("/", ".")
