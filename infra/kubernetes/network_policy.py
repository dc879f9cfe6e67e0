"""Who may talk to whom: nobody, then what a workload's `public`, `calls` and `uses` need. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking import v1 as networking

from infra.datastores import PORT
from infra.kubernetes.labels import NAME, NAMESPACE_NAME, pods_of
from infra.workload import Datastore, Workload

METADATA_ADDRESS = "169.254.169.254/32"
"""Where clouds hand credentials to whatever runs on a node; no workload has business there."""

SOLVER_PORT = 8089
"""Where cert-manager's pods answer a challenge: acmeSolverListenPort in its pkg/issuer/acme/http/http.go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What lies around all workloads of a stack."""

    ingress_namespace: str | None
    """Where the pods run that lead the domain in; None: public workloads are met without one."""
    monitoring_namespace: str
    """Where Prometheus runs."""
    own_stores: Mapping[Datastore, dict[str, str]] = field(default_factory=dict[Datastore, dict[str, str]])
    """Labels of the stack's own data stores; one that is missing here is run by somebody else."""
    receivers: Mapping[str, int] = field(default_factory=dict[str, int])
    """What takes the workloads' traces inside the stack, and the port each listens on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Whom a workload's pods meet."""

    callers: Iterable[str]
    """Workloads of the stack that call it."""
    callee_ports: dict[str, int]
    """Workloads of the stack that it calls, and the port each listens on."""
    around: Surroundings


def neighbours(name: str, workloads: Mapping[str, Workload], around: Surroundings) -> Neighbours:
    """The neighbours of one of the stack's workloads."""
    return Neighbours(
        callers=[caller for caller, other in workloads.items() if name in other.calls],
        callee_ports={callee: workloads[callee].port for callee in workloads[name].calls},
        around=around,
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
        ]
        or None,
        egress=[
            to_dns(),
            to_internet(443),
            *(to_workload(callee, port) for callee, port in sorted(neighbours.callee_ports.items())),
            *(to_workload(receiver, port) for receiver, port in sorted(neighbours.around.receivers.items())),
            *(to_store(store, neighbours.around.own_stores) for store in sorted(workload.uses)),
        ],
    )


def store_policy(name: str, port: int, clients: Iterable[str]) -> networking.NetworkPolicySpecArgs:
    """A data store answers its clients, and calls nobody."""
    return networking.NetworkPolicySpecArgs(
        pod_selector=pods_of(name),
        policy_types=["Ingress", "Egress"],
        ingress=[
            networking.NetworkPolicyIngressRuleArgs(from_=[pods(client)], ports=[tcp(port)])
            for client in sorted(clients)
        ]
        or None,
    )


def job_policy(
    name: str, stores: Iterable[Datastore], own_stores: Mapping[Datastore, dict[str, str]]
) -> networking.NetworkPolicySpecArgs:
    """A job reaches its data stores, and nobody reaches it."""
    return networking.NetworkPolicySpecArgs(
        pod_selector=pods_of(name),
        policy_types=["Ingress", "Egress"],
        egress=[to_dns(), *(to_store(store, own_stores) for store in sorted(stores))],
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
        peers.append(in_namespace(neighbours.around.monitoring_namespace, {NAME: "prometheus"}))
    if workload.public and neighbours.around.ingress_namespace:
        peers.append(in_namespace(neighbours.around.ingress_namespace))
    elif workload.public:
        peers.append(networking.NetworkPolicyPeerArgs(ip_block=networking.IPBlockArgs(cidr="0.0.0.0/0")))
    return peers


def pods(name: str) -> networking.NetworkPolicyPeerArgs:
    """The pods of one name in the stack's own namespace."""
    return networking.NetworkPolicyPeerArgs(pod_selector=pods_of(name))


def in_namespace(namespace: str, labels: dict[str, str] | None = None) -> networking.NetworkPolicyPeerArgs:
    """All pods of a namespace, or those with the given labels."""
    return networking.NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={NAMESPACE_NAME: namespace}),
        pod_selector=LabelSelectorArgs(match_labels=labels) if labels else None,
    )


def to_dns() -> networking.NetworkPolicyEgressRuleArgs:
    """The cluster's resolver, and no other."""
    return networking.NetworkPolicyEgressRuleArgs(
        to=[in_namespace("kube-system")],
        ports=[networking.NetworkPolicyPortArgs(port=53, protocol=protocol) for protocol in ("UDP", "TCP")],
    )


def to_workload(name: str, port: int) -> networking.NetworkPolicyEgressRuleArgs:
    """The pods of another workload."""
    return networking.NetworkPolicyEgressRuleArgs(to=[pods(name)], ports=[tcp(port)])


def to_store(
    store: Datastore, own_stores: Mapping[Datastore, dict[str, str]]
) -> networking.NetworkPolicyEgressRuleArgs:
    """A data store: the stack's own pods, or wherever somebody else runs it."""
    if store not in own_stores:
        return to_internet(PORT[store])
    own = networking.NetworkPolicyPeerArgs(pod_selector=LabelSelectorArgs(match_labels=own_stores[store]))
    return networking.NetworkPolicyEgressRuleArgs(to=[own], ports=[tcp(PORT[store])])


def to_internet(*ports: int) -> networking.NetworkPolicyEgressRuleArgs:
    """Anywhere but the metadata address."""
    anywhere = networking.IPBlockArgs(cidr="0.0.0.0/0", except_=[METADATA_ADDRESS])
    return networking.NetworkPolicyEgressRuleArgs(
        to=[networking.NetworkPolicyPeerArgs(ip_block=anywhere)], ports=[tcp(port) for port in ports]
    )


def to_kubernetes_api() -> networking.NetworkPolicyEgressRuleArgs:
    """The API server, whose address no selector knows: some plug-ins see its Service's port, most its own."""
    return to_internet(443, 6443)


def tcp(port: int) -> networking.NetworkPolicyPortArgs:
    """One TCP port."""
    return networking.NetworkPolicyPortArgs(port=port, protocol="TCP")
