"""Where a workload is met: by its name inside the cluster, by a load balancer outside. Pure."""

from pulumi_kubernetes.core import v1 as core

from infra.kubernetes.ingress import SERVICE_PORT
from infra.kubernetes.labels import selector


def service(name: str, *, load_balanced: bool) -> core.ServiceSpecArgs:
    """The Service of a workload."""
    return core.ServiceSpecArgs(
        type="LoadBalancer" if load_balanced else "ClusterIP",
        selector=selector(name),
        ports=[core.ServicePortArgs(name="http", port=SERVICE_PORT, target_port="http", protocol="TCP")],
    )


def url_in_cluster(name: str, namespace: str) -> str:
    """Where the workloads of a cluster call each other."""
    return f"http://{name}.{namespace}.svc.cluster.local"


def url_of_load_balancer(status: core.outputs.ServiceStatus | None) -> str | None:
    """Where a cloud put the load balancer; None while, or where, there is none."""
    balancer = status.load_balancer if status else None
    (entry, *_) = (balancer.ingress if balancer else None) or [None]
    address = (entry.hostname or entry.ip) if entry else None
    return f"http://{address}" if address else None
