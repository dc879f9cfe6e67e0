"""A stack on Google Cloud Run. Chooses nothing."""

from collections.abc import Iterator, Mapping

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

from infra.datastores import URL_VARIABLE
from infra.endpoint import Endpoint
from infra.gcp.apis import Apis, ApisArgs
from infra.gcp.cache import Cache, CacheArgs
from infra.gcp.cloud_run_service import CloudRunService, CloudRunServiceArgs
from infra.gcp.database import Database, DatabaseArgs
from infra.gcp.edge import Edge, EdgeArgs
from infra.gcp.log_retention import LogRetention, LogRetentionArgs
from infra.gcp.monitoring import Monitoring, MonitoringArgs, WatchedDatabase, WatchedService
from infra.gcp.network import Network, NetworkArgs
from infra.gcp.pipeline import Pipeline, PipelineArgs
from infra.gcp.registry import Registry, RegistryArgs
from infra.gcp.secrets import Secrets, SecretsArgs
from infra.gcp.service_template import max_instances
from infra.variables import used_secrets, variables
from infra.workload import callees_first, calls
from stacks.images import images
from stacks.stack_file import Settings

ALWAYS_NEEDED = ("compute", "iam", "logging", "monitoring", "run", "secretmanager", "servicenetworking")


def deploy_to_gcp(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, the data stores in it, and a service for each workload."""
    randomness = random.Provider("random")
    opts = pulumi.ResourceOptions(providers=[_provider(settings), randomness])
    suffix = random.RandomId("suffix", byte_length=2, opts=pulumi.ResourceOptions(provider=randomness)).hex
    network = Network("network", NetworkArgs(cidr=settings.gcp.subnet_cidr, region=settings.gcp_region), opts)
    registry = _registry(settings, opts)
    image_of = {name: image.reference for name, image in images(settings).items()}
    database, cache = _database(settings, network, opts), _cache(settings, network, opts)
    stores = {"postgres": database, "redis": cache}
    made = {URL_VARIABLE[name]: store.url for name, store in stores.items() if store}
    services = _services(
        settings, network, image_of=image_of, secrets={**secrets, **made}, suffix=suffix, opts=opts
    )
    urls = {name: services[name].url for name, workload in settings.workloads.items() if workload.public}
    urls |= _edge(settings, services, opts)
    _watch(settings, services, urls, database, opts)
    _keep_logs(settings, services, suffix, opts)
    _pipeline(settings, registry, suffix, opts)
    return Endpoint(
        urls=urls,
        images=image_of,
        services={
            name: {
                "target": "gcp",
                "project": settings.gcp_project or "",
                "region": settings.gcp_region,
                "service": service.name,
            }
            for name, service in services.items()
        },
    )


def _services(  # noqa: PLR0913  everything that is made before meets here
    settings: Settings,
    network: Network,
    *,
    image_of: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Output[str]],
    suffix: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> dict[str, CloudRunService]:
    """A service for each workload, each after those that it calls, which it knows by their URLs."""
    kept = Secrets(
        "secrets", SecretsArgs(values=used_secrets(settings.workloads, secrets), suffix=suffix), opts
    )
    services: dict[str, CloudRunService] = {}
    for name in callees_first(settings.workloads):
        workload = settings.workloads[name]
        of_workload = variables(
            workload,
            environment=settings.environment,
            url_of=lambda callee: services[callee].url,
            secrets=secrets,
        )
        args = CloudRunServiceArgs(
            workload=workload,
            image=image_of[name],
            environment=of_workload.plain,
            secrets={key: kept.references[key] for key in of_workload.secret},
            region=settings.gcp_region,
            subnet_id=network.subnet_id,
            suffix=suffix,
            behind_edge=settings.domain is not None,
            protected=_is_production(settings),
        )
        services[name] = CloudRunService(name, args, opts)
    for caller, callee in calls(settings.workloads):
        services[callee].allow(caller, services[caller].member)
    return services


def _keep_logs(
    settings: Settings,
    services: Mapping[str, CloudRunService],
    suffix: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> None:
    args = LogRetentionArgs(
        project=settings.gcp_project or "",
        region=settings.gcp_region,
        days=settings.gcp.log_retention_days,
        service_names=[service.name for service in services.values()],
        suffix=suffix,
    )
    LogRetention("logs", args, opts)


def _labels(settings: Settings) -> dict[str, str]:
    return {"project": "airfield", "environment": settings.environment}


def _is_production(settings: Settings) -> bool:
    return settings.environment == "production"


def _provider(settings: Settings) -> gcp.Provider:
    """Comes after the APIs: what it makes waits for them, which a component's children would not."""
    project, region = settings.gcp_project, settings.gcp_region
    enabling = gcp.Provider("gcp-apis", project=project, region=region)
    apis = Apis(
        "apis",
        ApisArgs(project=project or "", names=sorted({*ALWAYS_NEEDED, *_apis(settings)})),
        pulumi.ResourceOptions(provider=enabling),
    )
    return gcp.Provider(
        "gcp",
        project=project,
        region=region,
        default_labels=_labels(settings),
        opts=pulumi.ResourceOptions(depends_on=[apis]),
    )


def _apis(settings: Settings) -> Iterator[str]:
    """What only some stacks need."""
    if settings.postgres and not settings.postgres.external:
        yield "sqladmin"
    if settings.redis and not settings.redis.external:
        yield "redis"
    if settings.gcp.dns_zone:
        yield "dns"
    if settings.gcp.registry:
        yield "artifactregistry"
    if settings.gcp.pipeline:
        yield from ("cloudbuild", "cloudresourcemanager", "iamcredentials", "sts")


def _registry(settings: Settings, opts: pulumi.ResourceOptions) -> Registry | None:
    if settings.gcp.registry is None:
        return None
    args = RegistryArgs(
        repository_id=settings.gcp.registry, project=settings.gcp_project or "", region=settings.gcp_region
    )
    return Registry("registry", args, opts)


def _pipeline(
    settings: Settings,
    registry: Registry | None,
    suffix: pulumi.Output[str],
    opts: pulumi.ResourceOptions,
) -> None:
    pipeline = settings.gcp.pipeline
    if pipeline is None or registry is None:
        return
    args = PipelineArgs(
        project=settings.gcp_project or "",
        repository=pipeline.repository,
        branch=pipeline.branch,
        stack=pipeline.stack,
        environment=settings.environment,
        state_bucket=pipeline.state_bucket,
        registry_address=registry.address,
        suffix=suffix,
    )
    Pipeline("pipeline", args, opts)


def _database(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> Database | None:
    if settings.postgres is None or settings.postgres.external:
        return None
    args = DatabaseArgs(
        postgres=settings.postgres,
        cpus=settings.gcp.database_cpus,
        memory_mib=settings.gcp.database_memory_mib,
        region=settings.gcp_region,
        network_id=network.network_id,
        private_services=network.private_services,
        labels=_labels(settings),
        protected=_is_production(settings),
    )
    return Database("database", args, opts)


def _cache(settings: Settings, network: Network, opts: pulumi.ResourceOptions) -> Cache | None:
    if settings.redis is None or settings.redis.external:
        return None
    args = CacheArgs(
        redis=settings.redis,
        region=settings.gcp_region,
        network_id=network.network_id,
        private_services=network.private_services,
        protected=_is_production(settings),
    )
    return Cache("cache", args, opts)


def _watch(
    settings: Settings,
    services: Mapping[str, CloudRunService],
    urls: Mapping[str, pulumi.Output[str]],
    database: Database | None,
    opts: pulumi.ResourceOptions,
) -> None:
    watched = {
        name: WatchedService(
            service_name=services[name].name,
            max_instances=max_instances(workload.scaling),
            host=urls[name].apply(lambda url: url.removeprefix("https://")) if name in urls else None,
            path=workload.health.liveness_path,
        )
        for name, workload in settings.workloads.items()
    }
    asked = settings.postgres
    args = MonitoringArgs(
        project=settings.gcp_project or "",
        title=f"airfield {settings.environment}",
        services=watched,
        database=WatchedDatabase(instance_name=database.instance_name, max_storage_gib=asked.max_storage_gib)
        if database and asked
        else None,
        slo=settings.slo,
        email=settings.gcp.alert_email,
        channels=settings.gcp.alert_channels,
        labels=_labels(settings),
    )
    Monitoring("monitoring", args, opts)


def _edge(
    settings: Settings, services: Mapping[str, CloudRunService], opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Where the public workload answers once there is a domain."""
    if settings.domain is None:
        return {}
    (name,) = (name for name, workload in settings.workloads.items() if workload.public)
    args = EdgeArgs(
        domain=settings.domain,
        service_name=services[name].name,
        region=settings.gcp_region,
        dns_zone=settings.gcp.dns_zone,
        requests_a_minute=settings.gcp.requests_a_minute,
    )
    return {name: Edge(name, args, opts).url}
