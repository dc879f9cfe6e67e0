"""Which way leads into a stack on Kubernetes. Declares no resource."""

from infra.kubernetes.gateway import GatewayWayIn
from infra.kubernetes.workload import WayIn
from infra.workload import Workload
from stacks.stack_file import Settings


def way_in(workload: Workload, settings: Settings) -> WayIn | GatewayWayIn | None:
    """The edge of a public workload of a stack with a domain."""
    block = settings.kubernetes
    if not (workload.public and settings.domain):
        return None
    match block.edge:
        case "ingress":
            return WayIn(
                domain=settings.domain,
                ingress_class=block.ingress_class,
                cluster_issuer=block.cluster_issuer,
                requests_per_minute=block.requests_per_minute,
                behind_edge=settings.target == "eks" and settings.aws.cdn is not None,
            )
        case "gateway":
            return GatewayWayIn(
                domain=settings.domain,
                gateway=block.gateway,
                gateway_namespace=block.gateway_namespace,
                http_listener=block.http_listener,
                https_listener=block.https_listener,
            )
        case "none":
            return None


def edge_namespace(settings: Settings) -> str | None:
    """Where the pods run that lead the domain in; None where no pod does."""
    block = settings.kubernetes
    return block.ingress_namespace if settings.domain and not block.is_balanced else None


def is_met_directly(settings: Settings) -> bool:
    """Whether public workloads get load balancers of their own."""
    return settings.domain is None and settings.kubernetes.without_domain == "loadBalancer"
