"""A stack on AWS ECS Fargate. Chooses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.aws.access_logs import AccessLogs, AccessLogsArgs
from infra.aws.alarms import Alarms, AlarmsArgs, endpoint_alarms, service_alarms
from infra.aws.burn_alarms import BurnAlarms, BurnAlarmsArgs
from infra.aws.cluster import Cluster, ClusterArgs, url_in_namespace
from infra.aws.fargate_service import FargateService, FargateServiceArgs
from infra.aws.load_balancer import LoadBalancer, LoadBalancerArgs
from infra.aws.network import Network
from infra.aws.secrets import Secrets, SecretsArgs
from infra.endpoint import Endpoint
from infra.image import Image
from infra.variables import used_secrets, variables
from infra.workload import calls
from stacks import aws_foundation as foundation
from stacks.images import images
from stacks.stack_file import CdnSettings, Settings


def deploy_to_aws(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, data stores, a cluster, a service for each workload, and who watches them."""
    opts = foundation.options(settings)
    network = foundation.network(settings, opts)
    stores = foundation.stores(settings, network, opts)
    topic_arn = foundation.topic_arn(settings, opts)
    fronts = _fronts(settings, network, topic_arn, opts)
    image_of = images(settings)
    below = Below(network=network, stores=stores, fronts=fronts, images=image_of)
    services = _services(settings, {**secrets, **stores.urls()}, below, opts)
    for caller, callee in calls(settings.workloads):
        services[caller].security_group.allow_to(
            services[callee].security_group, settings.workloads[callee].port
        )
    for name, service in services.items():
        alarms = service_alarms(service.dimensions, topic_arn)
        Alarms(f"{name}-tasks", AlarmsArgs(alarms=alarms), opts)
    if settings.aws.cdn:
        _cdn(settings, settings.aws.cdn, fronts, opts)
    foundation.extras(settings, opts)
    foundation.store_alarms(settings, stores, topic_arn, opts)
    foundation.dashboard(
        settings,
        stores,
        opts,
        balancers={name: front.balancer.dimensions for name, front in fronts.items()},
        services={name: service.dimensions for name, service in services.items()},
    )
    return Endpoint(
        urls={name: front.balancer.url for name, front in fronts.items()},
        images={name: image.reference for name, image in image_of.items()},
        services={
            name: {
                "target": "aws",
                "region": settings.aws_region,
                "cluster": service.dimensions["ClusterName"],
                "service": service.dimensions["ServiceName"],
            }
            for name, service in services.items()
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """How the internet meets a workload, and the alarm that undoes a deployment."""

    balancer: LoadBalancer
    rollback_alarm_name: pulumi.Output[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """What services stand on."""

    network: Network
    stores: foundation.Stores
    fronts: Mapping[str, Front]
    images: Mapping[str, Image]


def _fronts(
    settings: Settings, network: Network, topic_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> dict[str, Front]:
    """A load balancer and its alarms for each public workload."""
    public = {name: workload for name, workload in settings.workloads.items() if workload.public}
    if not public:
        return {}
    args = AccessLogsArgs(
        retention_days=settings.aws.log_retention_days, protected=foundation.protected(settings)
    )
    logs = AccessLogs("access-logs", args, opts)
    fronts: dict[str, Front] = {}
    for name, workload in public.items():
        args = LoadBalancerArgs(
            workload=workload,
            vpc_id=network.vpc_id,
            subnet_ids=network.public_subnet_ids,
            domain=settings.domain,
            hosted_zone=settings.aws.hosted_zone,
            protected=foundation.protected(settings),
            behind_edge=settings.aws.cdn is not None,
            access_log_bucket=logs.bucket_name,
        )
        balancer = LoadBalancer(name, args, opts)
        Alarms(name, AlarmsArgs(alarms=endpoint_alarms(balancer.dimensions, topic_arn)), opts)
        watched = BurnAlarms(
            name,
            BurnAlarmsArgs(balancer=balancer.dimensions, slo=settings.slo, topic_arn=topic_arn),
            opts,
        )
        fronts[name] = Front(balancer=balancer, rollback_alarm_name=watched.rollback_alarm_name)
    return fronts


def _cdn(
    settings: Settings, asked: CdnSettings, fronts: Mapping[str, Front], opts: pulumi.ResourceOptions
) -> None:
    (front,) = fronts.values()
    certificate = front.balancer.certificate
    assert certificate, "a load balancer with a domain has a certificate"  # noqa: S101
    foundation.cdn(settings, asked, certificate, front.balancer.dns_name, opts)


def _services(
    settings: Settings,
    secrets: Mapping[str, pulumi.Output[str]],
    below: Below,
    opts: pulumi.ResourceOptions,
) -> dict[str, FargateService]:
    """A cluster, and every workload in it."""
    retention_days = settings.aws.log_retention_days
    args = ClusterArgs(vpc_id=below.network.vpc_id, log_retention_days=retention_days)
    cluster = Cluster("cluster", args, opts)
    kept = Secrets("secrets", SecretsArgs(values=used_secrets(settings.workloads, secrets)), opts)
    services: dict[str, FargateService] = {}
    for name, workload in settings.workloads.items():
        front = below.fronts.get(name)
        injected = variables(
            workload,
            environment=settings.environment,
            url_of=lambda callee: url_in_namespace(callee, settings.workloads[callee].port),
            secrets=secrets,
        )
        args = FargateServiceArgs(
            workload=workload,
            image=below.images[name],
            environment=injected.plain,
            secrets={key: kept.references[key] for key in injected.secret},
            cluster=cluster,
            vpc_id=below.network.vpc_id,
            subnet_ids=below.network.private_subnet_ids,
            load_balancer=front.balancer if front else None,
            rollback_alarm_name=front.rollback_alarm_name if front else None,
            log_retention_days=retention_days,
            region=settings.aws_region,
            slo=settings.slo,
            stores=below.stores.security_groups(),
        )
        services[name] = FargateService(name, args, opts)
    return services
