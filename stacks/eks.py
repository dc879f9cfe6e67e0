"""A stack on Amazon EKS: AWS below, the workloads of any Kubernetes above. Chooses nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as k8s

from infra.aws.eks_cluster import EksCluster, EksClusterArgs
from infra.aws.eks_habits import internet_facing, network_policies
from infra.aws.network import Network
from infra.datastores import PORT, Postgres, Redis
from infra.endpoint import Endpoint
from stacks import aws_foundation as foundation
from stacks import eks_edge as edge
from stacks.kubernetes import deploy_in_cluster
from stacks.stack_file import Settings


def deploy_to_eks(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, data stores and a cluster on AWS, and the workloads in the cluster."""
    opts = foundation.options(settings)
    network = foundation.network(settings, opts)
    stores = foundation.stores(settings, network, opts)
    topic_arn = foundation.topic_arn(settings, opts)
    cluster = _cluster(settings, network, opts)
    for store, group in stores.security_groups().items():
        # Every node may connect; which pod may, its network policy says.
        group.allow_from_id("cluster", cluster.security_group_id, PORT[store])
    foundation.extras(settings, opts)
    foundation.store_alarms(settings, stores, topic_arn, opts)
    foundation.dashboard(settings, stores, opts, balancers={}, services={})
    provider = k8s.Provider(
        "kubernetes",
        kubeconfig=cluster.kubeconfig,
        # Changed in place: a replaced one, under its fixed name, is away while pods may start.
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
    )
    ours = pulumi.ResourceOptions(provider=provider)
    certificates = edge.certificates(settings, opts)
    ready = [network_policies(ours), *edge.balancer_classes(settings, certificates, ours)]
    inside = pulumi.ResourceOptions(provider=provider, depends_on=ready, transformations=[internet_facing])
    place = {"target": "eks", "region": settings.aws_region, "cluster": cluster.name}
    made = deploy_in_cluster(_with_stores_outside(settings), {**secrets, **stores.urls()}, place, inside)
    edge.lead_in(settings, certificates, made.balancer_hosts, opts)
    return made.endpoint


def _cluster(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> EksCluster:
    block = settings.eks
    args = EksClusterArgs(
        version=block.kubernetes_version,
        subnet_ids=network.private_subnet_ids,
        public_access_cidrs=[str(cidr) for cidr in block.public_access_cidrs],
        administrator_arns=block.administrator_arns,
        protected=foundation.protected(settings),
        log_retention_days=settings.aws.log_retention_days,
        region=settings.aws_region,
    )
    return EksCluster("cluster", args, opts)


def _with_stores_outside(settings: Settings) -> Settings:
    """As the cluster sees it, RDS and ElastiCache are stores that somebody else runs."""
    outside = {
        "postgres": settings.postgres and Postgres(external=True),
        "redis": settings.redis and Redis(external=True),
    }
    return settings.model_copy(update=outside)
