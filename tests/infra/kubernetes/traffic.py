"""Who may talk to whom, computed from policies as a cluster does. Knows no stack.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Literal

from tests.infra.kubernetes.manifests import Manifest, is_selected, of_kind, pods_in

Direction = Literal["Egress", "Ingress"]
Path = tuple[str, str, int, str]
"""Source, target, port and protocol."""
PEERS: Mapping[Direction, str] = {"Egress": "to", "Ingress": "from"}
ANOTHER_PORT = 1
"""One that no policy names."""


@dataclass(frozen=True, eq=False)
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
    Party("the cluster's prometheus", "monitoring", {"app.kubernetes.io/name": "prometheus"}),
    Party("the cluster's grafana", "monitoring", {"app.kubernetes.io/name": "grafana"}),
    Party("ingress controller", "ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"}),
    Party("gateway", "envoy-gateway-system"),
    Party("traefik", "traefik"),
    Party("postgres operator", "cnpg-system"),
    Party("stranger", "elsewhere", {"app.kubernetes.io/name": "api"}),
    Party("strange prometheus", "elsewhere", {"app.kubernetes.io/name": "prometheus"}),
)


def policies_of(manifests: list[Manifest]) -> list[Manifest]:
    """Every NetworkPolicy."""
    return list(of_kind(manifests, "NetworkPolicy").values())


def insiders(manifests: list[Manifest]) -> list[Party]:
    """Every pod of the stack's namespace, one that nothing names and one that proves a domain."""
    (namespace,) = of_kind(manifests, "Namespace")
    return [
        *(
            Party(own_name(name), namespace, pod["metadata"]["labels"])
            for name, pod in pods_in(manifests).items()
        ),
        *(
            Party(instance, namespace, {"cnpg.io/cluster": name})
            for name in of_kind(manifests, "Cluster")
            for instance in (name, f"{name}-2")
        ),
        Party("unlabelled", namespace),
        Party("solver", namespace, {"acme.cert-manager.io/http01-solver": "true"}),
    ]


def own_name(pod: str) -> str:
    """The name of a pod without what follows its image."""
    name, migrates, _ = pod.partition("-migrate-")
    return f"{name}-migrate" if migrates else name


def ports_in(policies: list[Manifest]) -> set[int]:
    """Every port that a policy names, and one that none does."""
    rules = [
        rule
        for policy in policies
        for direction in PEERS
        for rule in policy["spec"].get(direction.lower(), [])
    ]
    return {ANOTHER_PORT, *(port["port"] for rule in rules for port in rule.get("ports", []))}


def open_paths(
    policies: list[Manifest], party: Party, direction: Direction, others: list[Party]
) -> set[Path]:
    """What one party may send, or may be sent, as far as its own policies go."""
    bound = [policy["spec"] for policy in policies if binds(policy, party, direction)]
    rules: list[Manifest] = [rule for spec in bound for rule in spec.get(direction.lower(), [])]
    if not bound:
        rules = [{}]
    universe = {(port, protocol) for port in ports_in(policies) for protocol in ("TCP", "UDP")}
    return {
        (party.name, other.name, *port) if direction == "Egress" else (other.name, party.name, *port)
        for rule in rules
        for other in others
        if other is not party and any(matches(peer, other, party) for peer in peers(rule, direction))
        for port in opened(rule, universe)
    }


def binds(policy: Manifest, party: Party, direction: Direction) -> bool:
    """Whether a policy has a say in what a party does."""
    return (
        policy["metadata"]["namespace"] == party.namespace
        and direction in policy["spec"]["policyTypes"]
        and is_selected(party.labels, policy["spec"]["podSelector"])
    )


def peers(rule: Manifest, direction: Direction) -> list[Manifest | None]:
    """Whom a rule names; None is anybody."""
    return rule.get(PEERS[direction]) or [None]


def opened(rule: Manifest, universe: set[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The ports of a rule; one that names none is for all."""
    named = {(each["port"], each["protocol"]) for each in rule.get("ports", [])}
    return (port for port in universe if not named or port in named)


def matches(peer: Manifest | None, party: Party, own: Party) -> bool:
    """Whether a party is meant by a peer of one of `own`'s policies."""
    if peer is None:
        return True
    if "ipBlock" in peer:
        return bool(party.address) and in_block(IPv4Address(party.address), peer["ipBlock"])
    if party.namespace is None:
        return False
    if "namespaceSelector" in peer:
        named = {"kubernetes.io/metadata.name": party.namespace}
        return is_selected(named, peer["namespaceSelector"]) and has_labels(party, peer)
    return party.namespace == own.namespace and has_labels(party, peer)


def has_labels(party: Party, peer: Mapping[str, Any]) -> bool:
    """Whether a peer's pod selector, if it has one, means a party."""
    return is_selected(party.labels, peer.get("podSelector", {}))


def in_block(address: IPv4Address, block: Mapping[str, Any]) -> bool:
    """Whether an address is in a block, and in none of its exceptions."""
    shut = [IPv4Network(cidr) for cidr in block.get("except", [])]
    return address in IPv4Network(block["cidr"]) and not any(address in network for network in shut)
