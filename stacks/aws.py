"""A stack on AWS ECS Fargate. Chooses nothing."""

from collections.abc import Mapping

import pulumi

from infra.aws.cluster import Cluster, ClusterArgs, url_in_namespace
from infra.aws.fargate_service import FargateService, FargateServiceArgs
from infra.aws.load_balancer import LoadBalancer, LoadBalancerArgs
from infra.aws.network import Network
from infra.aws.secrets import Secrets, SecretsArgs
from infra.endpoint import Endpoint
from infra.variables import Variables, used_secrets, variables
from infra.workload import Workload, calls
from stacks import aws_foundation as foundation
from stacks.images import images
from stacks.stack_file import Settings


def deploy_to_aws(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, a cluster, and a service for each workload."""
    opts = foundation.options(settings)
    block = settings.aws
    network = foundation.network(settings, opts)
    stores = foundation.stores(settings, network, opts)
    secrets = {**secrets, **stores.urls()}
    cluster = Cluster(
        "cluster", ClusterArgs(vpc_id=network.vpc_id, log_retention_days=block.log_retention_days), opts
    )
    balancers = {
        name: LoadBalancer(name, _balancer(settings, workload, network), opts)
        for name, workload in settings.workloads.items()
        if workload.public
    }
    image_of, variables_of = images(settings), _variables(settings, secrets)
    kept = Secrets("secrets", SecretsArgs(values=used_secrets(settings.workloads, secrets)), opts)
    services = {
        name: FargateService(
            name,
            FargateServiceArgs(
                workload=workload,
                image=image_of[name],
                environment=variables_of[name].plain,
                secrets={key: kept.references[key] for key in variables_of[name].secret},
                cluster=cluster,
                vpc_id=network.vpc_id,
                subnet_ids=network.private_subnet_ids,
                load_balancer=balancers.get(name),
                log_retention_days=block.log_retention_days,
                region=settings.aws_region,
                stores=stores.security_groups(),
            ),
            opts,
        )
        for name, workload in settings.workloads.items()
    }
    for caller, callee in calls(settings.workloads):
        services[caller].security_group.allow_to(
            services[callee].security_group, settings.workloads[callee].port
        )
    return Endpoint(
        urls={name: balancer.url for name, balancer in balancers.items()},
        images={name: image.reference for name, image in image_of.items()},
    )


def _balancer(settings: Settings, workload: Workload, network: Network) -> LoadBalancerArgs:
    return LoadBalancerArgs(
        workload=workload,
        vpc_id=network.vpc_id,
        subnet_ids=network.public_subnet_ids,
        domain=settings.domain,
        hosted_zone=settings.aws.hosted_zone,
        protected=foundation.protected(settings),
    )


def _variables(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> dict[str, Variables]:
    return {
        name: variables(
            workload,
            environment=settings.environment,
            url_of=lambda callee: url_in_namespace(callee, settings.workloads[callee].port),
            secrets=secrets,
        )
        for name, workload in settings.workloads.items()
    }
