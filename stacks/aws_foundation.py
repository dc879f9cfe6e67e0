"""What every stack on AWS stands on: provider, network, data stores. Knows nothing of what runs above."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.alarms import Alarms, AlarmsArgs, cache_alarms, database_alarms
from infra.aws.backups import Backups, BackupsArgs
from infra.aws.cache import Cache, CacheArgs
from infra.aws.cdn import GLOBAL_REGION, ROLE, Cdn, CdnArgs
from infra.aws.certificate import Certificate
from infra.aws.dashboard import Dashboard, DashboardArgs
from infra.aws.database import Database, DatabaseArgs
from infra.aws.deploy_roles import DeployRoles, DeployRolesArgs
from infra.aws.network import Network, NetworkArgs
from infra.aws.notifications import Notifications, NotificationsArgs
from infra.aws.registry import Registry, RegistryArgs
from infra.aws.security_group import SecurityGroup
from infra.datastores import URL_VARIABLE
from stacks.stack_file import CdnSettings, Settings


def options(settings: Settings) -> pulumi.ResourceOptions:
    """Explicit providers; tags that everything carries."""
    tags = {"Project": "airfield", "Environment": settings.environment, "ManagedBy": "Pulumi"}
    provider = aws.Provider(
        "aws", region=settings.aws_region, default_tags=aws.ProviderDefaultTagsArgs(tags=tags)
    )
    return pulumi.ResourceOptions(providers=[provider, random.Provider("random")])


def protected(settings: Settings) -> bool:
    """Whether what holds data, and what the internet meets, must not go by mistake."""
    return settings.environment == "production"


def network(settings: Settings, opts: pulumi.ResourceOptions) -> Network:
    """The stack's own VPC."""
    block = settings.aws
    args = NetworkArgs(
        cidr=block.vpc_cidr,
        zones=block.zones,
        nat_per_zone=block.nat_per_zone,
        serves_cluster=settings.target == "eks",
        region=settings.aws_region,
        log_retention_days=block.log_retention_days,
    )
    return Network("network", args, opts)


def extras(settings: Settings, opts: pulumi.ResourceOptions) -> None:
    """What a stack makes only when it is named: a registry, backups, roles for deployments."""
    block = settings.aws
    if block.registry:
        args = RegistryArgs(repository=block.registry, protected=protected(settings))
        Registry("registry", args, opts)
    if block.backup_bucket:
        Backups("backups", BackupsArgs(protected=protected(settings)), opts)
    if block.deploy:
        DeployRoles("deploy", DeployRolesArgs(**dict(block.deploy), environment=settings.environment), opts)


def topic_arn(settings: Settings, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Where alarms are told."""
    return Notifications("alarms", NotificationsArgs(emails=settings.aws.alarm_emails), opts).topic_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The data stores that the stack makes itself."""

    database: Database | None
    cache: Cache | None

    def urls(self) -> dict[str, pulumi.Output[str]]:
        """Each one's URL, by the variable that carries it."""
        return {URL_VARIABLE[name]: store.url for name, store in self._made().items()}

    def security_groups(self) -> Mapping[str, SecurityGroup]:
        """Each one's security group, by the name that workloads use."""
        return {name: store.security_group for name, store in self._made().items()}

    def _made(self) -> dict[str, Database | Cache]:
        return {name: store for name, store in (("postgres", self.database), ("redis", self.cache)) if store}


def store_alarms(
    settings: Settings, stores: Stores, topic_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """Alarms of the data stores that the stack makes itself."""
    if stores.database and settings.postgres:
        alarms = database_alarms(
            stores.database.identifier, settings.postgres, settings.aws.database_memory_gib, topic_arn
        )
        Alarms("database", AlarmsArgs(alarms=alarms), opts)
    if stores.cache:
        Alarms("cache", AlarmsArgs(alarms=cache_alarms(stores.cache.node_ids, topic_arn)), opts)


Dimensions = Mapping[str, Mapping[str, pulumi.Input[str]]]


def dashboard(
    settings: Settings,
    stores: Stores,
    opts: pulumi.ResourceOptions,
    *,
    balancers: Dimensions,
    services: Dimensions,
) -> None:
    """One page for the whole stack."""
    args = DashboardArgs(
        environment=settings.environment,
        region=settings.aws_region,
        slo=settings.slo,
        balancers=balancers,
        services=services,
        database_identifier=stores.database.identifier if stores.database else None,
        cache_node_ids=stores.cache.node_ids if stores.cache else (),
    )
    Dashboard("dashboard", args, opts)


def cdn(
    settings: Settings,
    asked: CdnSettings,
    certificate: Certificate,
    balancer_dns_name: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """CloudFront in front of the load balancer of the one public workload that a stack with a domain has."""
    (workload,) = (each for each in settings.workloads.values() if each.public)
    at_home = settings.aws_region == GLOBAL_REGION
    args = CdnArgs(
        domain=certificate.domain,
        zone_id=certificate.zone_id,
        certificate_arn=certificate.arn if at_home else certificate.also_in(GLOBAL_REGION),
        balancer_dns_name=balancer_dns_name,
        balancer_address=certificate.address,
        timeout_seconds=workload.timeout_seconds,
        static_path=asked.static_path,
        firewall=asked.firewall,
        protected=protected(settings),
    )
    Cdn(ROLE, args, opts)


def stores(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> Stores:
    """Those that are asked for, and not run by somebody else."""
    return Stores(database=_database(settings, network, opts), cache=_cache(settings, network, opts))


def _database(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> Database | None:
    if settings.postgres is None or settings.postgres.external:
        return None
    args = DatabaseArgs(
        postgres=settings.postgres,
        memory_gib=settings.aws.database_memory_gib,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        protected=protected(settings),
        log_retention_days=settings.aws.log_retention_days,
    )
    return Database("database", args, opts)


def _cache(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> Cache | None:
    if settings.redis is None or settings.redis.external:
        return None
    args = CacheArgs(
        redis=settings.redis,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        protected=protected(settings),
        log_retention_days=settings.aws.log_retention_days,
    )
    return Cache("cache", args, opts)
