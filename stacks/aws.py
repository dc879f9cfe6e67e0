"""A stack on AWS ECS Fargate. Chooses nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.aws.cluster import Cluster, ClusterArgs, url_in_namespace
from infra.aws.fargate_service import FargateService, FargateServiceArgs
from infra.aws.load_balancer import LoadBalancer, LoadBalancerArgs
from infra.aws.network import Network, NetworkArgs
from infra.aws.secrets import Secrets, SecretsArgs
from infra.endpoint import Endpoint
from infra.variables import Variables, used_secrets, variables
from infra.workload import Workload, calls
from stacks.images import images
from stacks.stack_file import Settings


def deploy_to_aws(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, a cluster, and a service for each workload."""
    opts = pulumi.ResourceOptions(provider=_provider(settings))
    block = settings.aws
    network = Network(
        "network",
        NetworkArgs(cidr=block.vpc_cidr, zones=block.zones, nat_per_zone=block.nat_per_zone),
        opts,
    )
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


def _provider(settings: Settings) -> aws.Provider:
    tags = {"Project": "airfield", "Environment": settings.environment, "ManagedBy": "Pulumi"}
    return aws.Provider(
        "aws", region=settings.aws_region, default_tags=aws.ProviderDefaultTagsArgs(tags=tags)
    )


def _balancer(settings: Settings, workload: Workload, network: Network) -> LoadBalancerArgs:
    return LoadBalancerArgs(
        workload=workload,
        vpc_id=network.vpc_id,
        subnet_ids=network.public_subnet_ids,
        domain=settings.domain,
        hosted_zone=settings.aws.hosted_zone,
        protected=settings.environment == "production",
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
