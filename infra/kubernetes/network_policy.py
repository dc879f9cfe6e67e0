"""Who may talk to whom: nobody, then what a workload's `public`, `calls` and `uses` need. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking import v1 as networking

from infra.datastores import PORT
from infra.kubernetes.labels import NAME, NAMESPACE_NAME, pods_of
from infra.workload import Workload

METADATA_ADDRESS = "169.254.169.254/32"
"""Where clouds hand credentials to whatever runs on a node; no workload has business there."""

SOLVER_PORT = 8089
"""Where cert-manager's pods answer a challenge: acmeSolverListenPort in its pkg/issuer/acme/http/http.go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Whom a workload's pods meet."""

    callers: Iterable[str]
    """Workloads of the stack that call it."""
    callee_ports: dict[str, int]
    """Workloads of the stack that it calls, and the port each listens on."""
    ingress_namespace: str | None
    """Where the pods of the ingress controller run that serves it; None: it is met without one."""
    monitoring_namespace: str
    """Where Prometheus runs."""


def neighbours(
    name: str, workloads: Mapping[str, Workload], *, ingress_namespace: str | None, monitoring_namespace: str
) -> Neighbours:
    """The neighbours of one of the stack's workloads."""
    return Neighbours(
        callers=[caller for caller, other in workloads.items() if name in other.calls],
        callee_ports={callee: workloads[callee].port for callee in workloads[name].calls},
        ingress_namespace=ingress_namespace,
        monitoring_namespace=monitoring_namespace,
    )


def deny_all() -> networking.NetworkPolicySpecArgs:
    """For every pod of a namespace: nothing in, nothing out."""
    return networking.NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(), policy_types=["Ingress", "Egress"]
    )


def network_policy(name: str, workload: Workload, neighbours: Neighbours) -> networking.NetworkPolicySpecArgs:
    """What a workload's pods may do beyond `deny_all`."""
    return networking.NetworkPolicySpecArgs(
        pod_selector=pods_of(name),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.NetworkPolicyIngressRuleArgs(from_=[peer], ports=[tcp(workload.port)])
            for peer in ingress_peers(workload, neighbours)
        ],
        egress=[
            to_dns(),
            to_internet(443),
            *(to_workload(callee, port) for callee, port in sorted(neighbours.callee_ports.items())),
            *(to_internet(PORT[store]) for store in sorted(workload.uses)),
        ],
    )


def certificate_policy(ingress_namespace: str) -> networking.NetworkPolicySpecArgs:
    """Lets the ingress controller reach the pods with which cert-manager proves a domain over HTTP.

    https://cert-manager.io/docs/installation/best-practice/#network-requirements-and-network-policy
    """
    solvers = LabelSelectorArgs(match_labels={"acme.cert-manager.io/http01-solver": "true"})
    return networking.NetworkPolicySpecArgs(
        pod_selector=solvers,
        policy_types=["Ingress"],
        ingress=[
            networking.NetworkPolicyIngressRuleArgs(
                from_=[in_namespace(ingress_namespace)], ports=[tcp(SOLVER_PORT)]
            )
        ],
    )


def ingress_peers(workload: Workload, neighbours: Neighbours) -> list[networking.NetworkPolicyPeerArgs]:
    """Who may open a connection to a workload's port."""
    peers = [
        networking.NetworkPolicyPeerArgs(pod_selector=pods_of(caller))
        for caller in sorted(neighbours.callers)
    ]
    if workload.metrics_path:
        peers.append(in_namespace(neighbours.monitoring_namespace, {NAME: "prometheus"}))
    if workload.public and neighbours.ingress_namespace:
        peers.append(in_namespace(neighbours.ingress_namespace))
    elif workload.public:
        peers.append(networking.NetworkPolicyPeerArgs(ip_block=networking.IPBlockArgs(cidr="0.0.0.0/0")))
    return peers


def in_namespace(namespace: str, pods: dict[str, str] | None = None) -> networking.NetworkPolicyPeerArgs:
    """All pods of a namespace, or those with the given labels."""
    return networking.NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={NAMESPACE_NAME: namespace}),
        pod_selector=LabelSelectorArgs(match_labels=pods) if pods else None,
    )


def to_dns() -> networking.NetworkPolicyEgressRuleArgs:
    """The cluster's resolver, and no other."""
    return networking.NetworkPolicyEgressRuleArgs(
        to=[in_namespace("kube-system")],
        ports=[networking.NetworkPolicyPortArgs(port=53, protocol=protocol) for protocol in ("UDP", "TCP")],
    )


def to_workload(name: str, port: int) -> networking.NetworkPolicyEgressRuleArgs:
    """The pods of another workload."""
    return networking.NetworkPolicyEgressRuleArgs(
        to=[networking.NetworkPolicyPeerArgs(pod_selector=pods_of(name))], ports=[tcp(port)]
    )


def to_internet(port: int) -> networking.NetworkPolicyEgressRuleArgs:
    """Anywhere but the metadata address."""
    anywhere = networking.IPBlockArgs(cidr="0.0.0.0/0", except_=[METADATA_ADDRESS])
    return networking.NetworkPolicyEgressRuleArgs(
        to=[networking.NetworkPolicyPeerArgs(ip_block=anywhere)], ports=[tcp(port)]
    )


def tcp(port: int) -> networking.NetworkPolicyPortArgs:
    """One TCP port."""
    return networking.NetworkPolicyPortArgs(port=port, protocol="TCP")
