"""Who may talk to whom, computed from the rendered policies as a cluster does.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from itertools import product
from typing import Any, cast

import pytest

from tests.infra.kubernetes.manifests import STACKS, Manifest, is_selected, objects
from tests.synth import stack_config, synthesise_config

SHOP: Mapping[str, object] = {
    "airfield:image": "shop",
    "airfield:domain": "shop.example.com",
    "airfield:workloads": {
        "web": {"public": True, "calls": ["order-api"]},
        "order-api": {"port": 9000, "uses": ["postgres", "redis"], "metricsPath": None, "calls": ["mail"]},
        "mail": {"uses": ["redis"]},
    },
    "airfield:postgres": {"external": True},
    "airfield:redis": {"external": True},
    "airfield:secrets": {"DATABASE_URL": "1", "REDIS_URL": "2"},
}
PORTS = (53, 80, 443, 5432, 6379, 8000, 8001, 8002, 8003, 8089, 9000)
Path = tuple[str, str, int, str]


@dataclass(frozen=True)
class Party:
    """A pod, or an address outside the cluster."""

    name: str
    namespace: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    address: str = ""


OUTSIDE = (
    Party("internet", address="203.0.113.9"),
    Party("metadata", address="169.254.169.254"),
    Party("dns", "kube-system", {"k8s-app": "kube-dns"}),
    Party("prometheus", "monitoring", {"app.kubernetes.io/name": "prometheus"}),
    Party("grafana", "monitoring", {"app.kubernetes.io/name": "grafana"}),
    Party("ingress controller", "ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"}),
    Party("stranger", "elsewhere", {"app.kubernetes.io/name": "web"}),
)


@cache
def config(stack: str) -> dict[str, object]:
    given = SHOP if stack == "shop" else stack_config(stack)
    return {**given, "airfield:target": "kubernetes"}


@cache
def manifests(stack: str) -> list[Manifest]:
    return objects(synthesise_config(config(stack)))


def parties(stack: str) -> list[Party]:
    deployments = [each for each in manifests(stack) if each["kind"] == "Deployment"]
    workloads = [
        Party(d["metadata"]["name"], d["metadata"]["namespace"], d["spec"]["template"]["metadata"]["labels"])
        for d in deployments
    ]
    namespace = workloads[0].namespace
    solver = Party("solver", namespace, {"acme.cert-manager.io/http01-solver": "true"})
    return [*workloads, Party("unlabelled", namespace), solver, *OUTSIDE]


def rules(stack: str, party: Party, direction: str) -> list[Manifest] | None:
    """The rules of all policies that bind a party; None where none does."""
    policies = [
        each["spec"]
        for each in manifests(stack)
        if each["kind"] == "NetworkPolicy"
        and each["metadata"]["namespace"] == party.namespace
        and is_selected(party.labels, each["spec"]["podSelector"])
        and direction in each["spec"]["policyTypes"]
    ]
    return [rule for spec in policies for rule in spec.get(direction.lower(), [])] if policies else None


def matches(peer: Manifest, party: Party, own_namespace: str | None) -> bool:
    if "ipBlock" in peer:
        block: Manifest = peer["ipBlock"]
        shut = [IPv4Network(cidr) for cidr in block.get("except", [])]
        address = IPv4Address(party.address or "10.0.0.1")
        return bool(party.address) and address in IPv4Network(block["cidr"]) and not in_any(address, shut)
    if "namespaceSelector" in peer:
        named = {"kubernetes.io/metadata.name": party.namespace or ""}
        right_place = party.namespace is not None and is_selected(named, peer["namespaceSelector"])
    else:
        right_place = party.namespace is not None and party.namespace == own_namespace
    return right_place and is_selected(party.labels, peer.get("podSelector", {}))


def in_any(address: IPv4Address, networks: list[IPv4Network]) -> bool:
    return any(address in network for network in networks)


def lets(found: list[Manifest] | None, key: str, other: Party, own: Party, port: tuple[int, str]) -> bool:
    if found is None:
        return True
    return any(
        any(matches(peer, other, own.namespace) for peer in rule[key])
        and any((each["port"], each["protocol"]) == port for each in rule["ports"])
        for rule in found
    )


def allowed(stack: str) -> set[Path]:
    """Every path that starts or ends at a pod of the stack's namespace."""
    everyone = parties(stack)
    home = everyone[0].namespace
    return {
        (source.name, target.name, port, protocol)
        for source, target in product(everyone, repeat=2)
        if source != target and source.name != "metadata" and home in {source.namespace, target.namespace}
        for port, protocol in product(PORTS, ("TCP", "UDP"))
        if lets(rules(stack, source, "Egress"), "to", target, source, (port, protocol))
        and lets(rules(stack, target, "Ingress"), "from", source, target, (port, protocol))
    }


def promised(stack: str) -> Iterator[Path]:
    """What the stack file says, in the words of the specification."""
    workloads = cast("dict[str, dict[str, Any]]", config(stack)["airfield:workloads"])
    port = {name: int(workload.get("port", 8000)) for name, workload in workloads.items()}
    front = "ingress controller" if "airfield:domain" in config(stack) else "internet"
    for name, workload in workloads.items():
        yield from ((name, "dns", 53, protocol) for protocol in ("TCP", "UDP"))
        yield (name, "internet", 443, "TCP")
        yield from ((name, callee, port[callee], "TCP") for callee in workload.get("calls", []))
        ports_of_stores = {"postgres": 5432, "redis": 6379}
        yield from ((name, "internet", ports_of_stores[store], "TCP") for store in workload.get("uses", []))
        if workload.get("public"):
            yield (front, name, port[name], "TCP")
        if workload.get("metricsPath", "/metrics"):
            yield ("prometheus", name, port[name], "TCP")


def unbound(stack: str) -> set[Path]:
    """The pod that proves a domain answers the ingress controller, while a certificate is made."""
    if "airfield:domain" not in config(stack):
        return set()
    return {("ingress controller", "solver", 8089, "TCP")}


@pytest.mark.parametrize("stack", [*STACKS, "shop"])
def test_exactly_the_promised_paths_are_open(stack: str) -> None:
    assert allowed(stack) == {*promised(stack), *unbound(stack)}


@pytest.mark.parametrize("stack", [*STACKS, "shop"])
def test_no_workload_reaches_the_metadata_address(stack: str) -> None:
    paths = [path for path in allowed(stack) if path[0] in workloads(stack) and path[1] == "metadata"]
    assert paths == []


def workloads(stack: str) -> set[str]:
    return set(cast("dict[str, object]", config(stack)["airfield:workloads"]))


SHOP_PATHS = {
    ("ingress controller", "web", 8000),
    ("prometheus", "web", 8000),
    ("web", "order-api", 9000),
    ("order-api", "mail", 8000),
    ("prometheus", "mail", 8000),
}


def test_the_shop_in_full() -> None:
    inside = {"web", "order-api", "mail"}
    assert {path[:3] for path in allowed("shop") if path[1] in inside} == SHOP_PATHS
    out = {(source, port) for source, target, port, _ in allowed("shop") if target == "internet"}
    assert out == {
        *((name, 443) for name in inside),
        ("order-api", 5432),
        ("order-api", 6379),
        ("mail", 6379),
    }
