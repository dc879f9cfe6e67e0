"""Data stores, migrations and monitoring are admitted, complete, and meet only whom they must."""

import json
from functools import cache
from itertools import product
from typing import Any, cast

import kubernetes_validate
import kubernetes_validate.utils
import pytest

from tests.infra.kubernetes.everything import CUSTOM, STACKS, manifests, pods, said
from tests.infra.kubernetes.manifests import Manifest, is_selected, of_kind
from tests.infra.kubernetes.test_manifests import VERSIONS, name_of
from tests.infra.kubernetes.test_pod_security import violations
from tests.infra.kubernetes.test_traffic import Party, lets

HOME = "airfield"


@pytest.fixture(scope="module", autouse=True)
def _each_schema_is_read_once() -> None:
    kubernetes_validate.utils.schema_contents = cache(kubernetes_validate.utils.schema_contents)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_what_the_api_of_every_version_takes(version: str) -> None:
    native = [each for stack in STACKS for each in manifests(stack) if each["kind"] not in CUSTOM]
    distinct = {json.dumps(each, sort_keys=True): each for each in native}
    validated = {kubernetes_validate.validate(each, version, strict=True) for each in distinct.values()}
    assert validated == {version.removesuffix(".0")}


def test_only_the_stack_of_operators_needs_any() -> None:
    kinds = {stack: {each["kind"] for each in manifests(stack)} & CUSTOM for stack in STACKS}
    assert kinds == {"own": set(), "operators": CUSTOM, "bundled": set()}


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_objects_have_one_name(stack: str) -> None:
    names = [name_of(each) for each in manifests(stack)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stack", STACKS)
def test_every_pod_is_admitted_under_restricted(stack: str) -> None:
    found = [(name, what) for name, pod in pods(stack).items() for what in violations(pod["spec"])]
    assert found == []


@pytest.mark.parametrize("stack", STACKS)
def test_more_than_the_standard_every_root_is_read_only(stack: str) -> None:
    containers = [c for pod in pods(stack).values() for c in pod["spec"]["containers"]]
    assert {c["securityContext"]["readOnlyRootFilesystem"] for c in containers} == {True}
    assert {bool(c["resources"]["limits"]) for c in containers} == {True}


@pytest.mark.parametrize("stack", STACKS)
def test_a_token_is_mounted_only_where_the_api_server_is_asked(stack: str) -> None:
    with_token = {name for name, pod in pods(stack).items() if pod["spec"]["automountServiceAccountToken"]}
    assert with_token == ({"alloy", "kube-state-metrics", "prometheus"} if stack == "bundled" else set())


@pytest.mark.parametrize("stack", STACKS)
def test_every_image_but_our_own_is_pinned(stack: str) -> None:
    images = {c["image"] for pod in pods(stack).values() for c in pod["spec"]["containers"]}
    assert {image for image in images if "@sha256:" not in image} == {"ghcr.io/acme/airfield:1"}
    assert all(":" in image.partition("@")[0] for image in images)


@pytest.mark.parametrize("stack", STACKS)
def test_every_reference_leads_to_something(stack: str) -> None:
    there = {(each["kind"], each["metadata"]["name"]) for each in manifests(stack)}
    there |= {("Secret", name) for kind, name in there if kind == "ExternalSecret"}
    missing = {reference for pod in pods(stack).values() for reference in references(pod)} - there
    made_by_somebody = {
        ("Secret", name) for name in ("api", "worker", "database", "cache", "grafana", "alertmanager")
    }
    assert missing == (made_by_somebody if stack == "bundled" else set())


def references(pod: Manifest) -> set[tuple[str, str]]:
    """What a pod names."""
    spec = pod["spec"]
    found: set[tuple[str, str]] = set()
    if account := spec.get("serviceAccountName"):
        found.add(("ServiceAccount", account))
    for volume in spec["volumes"]:
        match volume:
            case {"configMap": {"name": name}}:
                found.add(("ConfigMap", name))
            case {"secret": {"secretName": name}}:
                found.add(("Secret", name))
            case {"persistentVolumeClaim": {"claimName": name}}:
                found.add(("PersistentVolumeClaim", name))
            case _:
                assert "emptyDir" in volume
    for container in spec["containers"]:
        found |= {("ConfigMap", each["configMapRef"]["name"]) for each in container.get("envFrom", [])}
        for variable in container.get("env", []):
            if "valueFrom" in variable:
                found.add(("Secret", variable["valueFrom"]["secretKeyRef"]["name"]))
    return found


def test_every_key_of_a_secret_that_is_named_is_in_it() -> None:
    secrets = {name: each["stringData"] for name, each in of_kind(manifests("own"), "Secret").items()}
    fetched = {
        name: {entry["secretKey"] for entry in each["spec"]["data"]}
        for name, each in of_kind(manifests("operators"), "ExternalSecret").items()
    }
    for stack, kept in (("own", secrets), ("operators", fetched)):
        named = [
            (ref["name"], ref["key"])
            for pod in pods(stack).values()
            for c in pod["spec"]["containers"]
            for each in c.get("env", [])
            if (ref := each.get("valueFrom", {}).get("secretKeyRef"))
        ]
        assert named
        assert [(name, key) for name, key in named if key not in kept[name]] == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_mount_has_its_volume_and_every_file_its_key(stack: str) -> None:
    files = {name: each["data"] for name, each in of_kind(manifests(stack), "ConfigMap").items()}
    for pod in pods(stack).values():
        (container,) = pod["spec"]["containers"]
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
        paths = [mount["mountPath"] for mount in container["volumeMounts"]]
        assert len(paths) == len(set(paths))
        for volume in volumes.values():
            source = cast("dict[str, Any]", volume.get("configMap", {}))
            assert {item["key"] for item in source.get("items", [])} <= set(
                files.get(source.get("name", ""), {})
            )


@pytest.mark.parametrize("stack", STACKS)
def test_every_service_leads_to_a_port_that_its_pods_name(stack: str) -> None:
    for name, each in of_kind(manifests(stack), "Service").items():
        chosen = [
            pod
            for pod in pods(stack).values()
            if is_selected(pod["metadata"]["labels"], {"matchLabels": each["spec"]["selector"]})
        ]
        assert len(chosen) == 1, name
        (container,) = chosen[0]["spec"]["containers"]
        named = {port["name"] for port in container["ports"]}
        assert {port["targetPort"] for port in each["spec"]["ports"]} == named


def test_rights_end_at_the_namespace_and_change_nothing() -> None:
    roles = of_kind(manifests("bundled"), "Role")
    assert {verb for each in roles.values() for rule in each["rules"] for verb in rule["verbs"]} == {
        "get",
        "list",
        "watch",
    }
    read = {r for each in roles.values() for rule in each["rules"] for r in rule["resources"]}
    assert not read & {"secrets", "configmaps", "*"}
    assert {each["kind"] for each in manifests("bundled")} & {"ClusterRole", "ClusterRoleBinding"} == set()
    for name, each in of_kind(manifests("bundled"), "RoleBinding").items():
        assert each["roleRef"]["name"] in roles
        assert each["subjects"] == [{"kind": "ServiceAccount", "name": name, "namespace": HOME}]


OUTSIDE = (
    Party("internet", address="203.0.113.9"),
    Party("metadata", address="169.254.169.254"),
    Party("prometheus of the cluster", "monitoring", {"app.kubernetes.io/name": "prometheus"}),
    Party("gateway", "envoy-gateway-system"),
    Party("postgres operator", "cnpg-system"),
    Party("stranger", "elsewhere", {"app.kubernetes.io/name": "api"}),
)
PORTS = (443, 3000, 3100, 3200, 4318, 5432, 6379, 6443, 8000, 8080, 9000, 9090, 9093, 12345)
Path = tuple[str, str, int]


def own_name(pod: str) -> str:
    """The name of a pod without what follows its image."""
    name, migrates, _ = pod.partition("-migrate-")
    return f"{name}-migrate" if migrates else name


def allowed(stack: str) -> set[Path]:
    """Every TCP path that starts or ends in the namespace, but those to the resolver."""
    ours = [Party(own_name(name), HOME, pod["metadata"]["labels"]) for name, pod in pods(stack).items()]
    if stack == "operators":
        ours.append(Party("database", HOME, {"cnpg.io/cluster": "database"}))
    everyone = [*ours, Party("unlabelled", HOME), *OUTSIDE]
    bound = {(p.name, way): rules(stack, p, way) for p in everyone for way in ("Egress", "Ingress")}
    return {
        (source.name, target.name, port)
        for source, target in product(everyone, repeat=2)
        if source != target and source.name != "metadata" and HOME in {source.namespace, target.namespace}
        for port in PORTS
        if lets(bound[source.name, "Egress"], "to", target, source, (port, "TCP"))
        and lets(bound[target.name, "Ingress"], "from", source, target, (port, "TCP"))
    }


def rules(stack: str, party: Party, direction: str) -> list[Manifest] | None:
    policies = [
        each["spec"]
        for each in of_kind(manifests(stack), "NetworkPolicy").values()
        if each["metadata"]["namespace"] == party.namespace
        and is_selected(party.labels, each["spec"]["podSelector"])
        and direction in each["spec"]["policyTypes"]
    ]
    return [rule for spec in policies for rule in spec.get(direction.lower(), [])] if policies else None


ALWAYS = {
    ("api", "worker", 9000),
    ("api", "internet", 443),
    ("worker", "internet", 443),
    ("api", "database", 5432),
    ("api", "cache", 6379),
    ("worker", "cache", 6379),
    ("api-migrate", "database", 5432),
    ("api-migrate", "cache", 6379),
    ("database-backup", "database", 5432),
    ("database-restore", "database", 5432),
}
TRAFFIC: dict[str, set[Path]] = {
    "own": {*ALWAYS, ("internet", "api", 8000), ("prometheus of the cluster", "api", 8000)},
    "operators": {
        *ALWAYS,
        ("gateway", "api", 8000),
        ("prometheus of the cluster", "api", 8000),
        ("postgres operator", "database", 5432),
        ("postgres operator", "database", 8000),
        ("database", "internet", 443),
        ("database", "internet", 6443),
    },
    "bundled": {
        *ALWAYS,
        ("internet", "api", 8000),
        ("prometheus", "api", 8000),
        ("prometheus", "alertmanager", 9093),
        ("prometheus", "kube-state-metrics", 8080),
        ("prometheus", "internet", 443),
        ("prometheus", "internet", 6443),
        ("kube-state-metrics", "internet", 443),
        ("kube-state-metrics", "internet", 6443),
        ("alloy", "loki", 3100),
        ("alloy", "internet", 443),
        ("alloy", "internet", 6443),
        ("alertmanager", "internet", 443),
        ("grafana", "prometheus", 9090),
        ("grafana", "loki", 3100),
        ("grafana", "tempo", 3200),
        ("api", "tempo", 4318),
        ("worker", "tempo", 4318),
    },
}


@pytest.mark.parametrize("stack", STACKS)
def test_exactly_these_paths_are_open(stack: str) -> None:
    assert allowed(stack) == TRAFFIC[stack]


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_secret_stands_where_values_come_from_elsewhere(stack: str) -> None:
    if stack == "own":
        return
    assert of_kind(manifests(stack), "Secret") == {}
    assert [each for each in said(stack).resources if "random" in each.type] == []
    assert "canary" not in str(manifests(stack))
