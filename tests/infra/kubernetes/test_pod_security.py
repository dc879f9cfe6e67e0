"""Pod Security "restricted", written from the standard.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.kubernetes.everything import ALL, manifests, pods
from tests.infra.kubernetes.manifests import Manifest, of_kind

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def violations(spec: Manifest) -> Iterator[str]:
    pod: Manifest = spec.get("securityContext", {})
    containers: list[Manifest] = [*spec.get("initContainers", []), *spec["containers"]]
    for share in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(share):
            yield share
    yield from (f"volume {v['name']}" for v in spec.get("volumes", []) if not set(v) - {"name"} <= VOLUMES)
    if pod.get("sysctls") or pod.get("appArmorProfile") or pod.get("seLinuxOptions"):
        yield "kernel settings"
    for container in containers:
        yield from (f"{container['name']}: {what}" for what in of_container(container, pod))


def of_container(container: Manifest, pod: Manifest) -> Iterator[str]:
    own: Manifest = container.get("securityContext", {})
    capabilities: Manifest = own.get("capabilities", {})
    effective: dict[str, Any] = {**pod, **own}
    if own.get("privileged") or own.get("procMount", "Default") != "Default":
        yield "privileged"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if effective.get("runAsNonRoot") is not True or effective.get("runAsUser") == 0:
        yield "may run as root"
    if effective.get("seccompProfile", {}).get("type") not in {"RuntimeDefault", "Localhost"}:
        yield "no seccomp profile"
    if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield "keeps capabilities"
    if any("hostPort" in port for port in container.get("ports", [])):
        yield "host port"
    probes = [container.get(f"{kind}Probe", {}) for kind in ("startup", "liveness", "readiness")]
    if any("host" in probe.get(how, {}) for probe in probes for how in ("httpGet", "tcpSocket")):
        yield "probes another host"


@pytest.mark.parametrize("stack", ALL)
def test_every_pod_is_admitted_under_restricted(stack: str) -> None:
    assert pods(stack)
    assert [(name, what) for name, pod in pods(stack).items() for what in violations(pod["spec"])] == []


@pytest.mark.parametrize("stack", ALL)
def test_the_namespace_admits_no_other(stack: str) -> None:
    (namespace,) = of_kind(manifests(stack), "Namespace").values()
    assert namespace["metadata"]["labels"] == {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    }


@pytest.mark.parametrize("stack", ALL)
def test_more_than_the_standard_every_root_is_read_only_and_bounded(stack: str) -> None:
    for pod in pods(stack).values():
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert set(container["resources"]["limits"]) == {"cpu", "memory"}
        assert pod["spec"]["enableServiceLinks"] is False


@pytest.mark.parametrize("stack", ALL)
def test_a_token_is_mounted_only_where_the_api_server_is_asked(stack: str) -> None:
    with_token = {name for name, pod in pods(stack).items() if pod["spec"]["automountServiceAccountToken"]}
    askers = {name for name, _ in of_kind(manifests(stack), "RoleBinding").items()}
    assert with_token == askers
    assert askers <= {"alloy", "kube-state-metrics", "prometheus"}
    accounts = of_kind(manifests(stack), "ServiceAccount").values()
    assert {account["automountServiceAccountToken"] for account in accounts} == {False}


SAFE: Manifest = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "c",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}
UNSAFE: list[tuple[Manifest, list[str]]] = [
    (SAFE, []),
    ({**SAFE, "hostNetwork": True}, ["hostNetwork"]),
    ({**SAFE, "volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, ["volume v"]),
    ({**SAFE, "securityContext": {"runAsNonRoot": True}}, ["c: no seccomp profile"]),
    (
        {**SAFE, "containers": [{"name": "c"}]},
        ["c: may gain privileges", "c: keeps capabilities"],
    ),
]


@pytest.mark.parametrize(("spec", "found"), UNSAFE)
def test_an_unsafe_pod_would_be_found(spec: Manifest, found: list[str]) -> None:
    assert list(violations(spec)) == found
