"""A stack on Google Cloud Run. Chooses nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

from infra.endpoint import Endpoint
from infra.gcp.apis import Apis, ApisArgs
from infra.gcp.cloud_run_service import CloudRunService, CloudRunServiceArgs
from infra.gcp.edge import Edge, EdgeArgs
from infra.gcp.network import Network, NetworkArgs
from infra.gcp.secrets import Secrets, SecretsArgs
from infra.variables import used_secrets, variables
from infra.workload import callees_first, calls
from stacks.images import images
from stacks.stack_file import Settings


def deploy_to_gcp(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares a network, and a service for each workload."""
    project = settings.gcp_project or ""
    provider = _provider(settings)
    suffix = random.RandomId(
        "suffix", byte_length=2, opts=pulumi.ResourceOptions(provider=random.Provider("random"))
    ).hex
    apis = Apis("apis", ApisArgs(project=project), pulumi.ResourceOptions(provider=provider))
    opts = pulumi.ResourceOptions(provider=provider, depends_on=[apis])
    network = Network("network", NetworkArgs(cidr=settings.gcp.subnet_cidr, region=settings.gcp_region), opts)
    image_of = images(settings)
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
        services[name] = CloudRunService(
            name,
            CloudRunServiceArgs(
                workload=workload,
                image=image_of[name].reference,
                environment=of_workload.plain,
                secrets={key: kept.references[key] for key in of_workload.secret},
                region=settings.gcp_region,
                subnet_id=network.subnet_id,
                suffix=suffix,
                behind_edge=settings.domain is not None,
                protected=settings.environment == "production",
            ),
            opts,
        )
    for caller, callee in calls(settings.workloads):
        services[callee].allow(caller, services[caller].member)
    urls = {name: services[name].url for name, workload in settings.workloads.items() if workload.public}
    return Endpoint(
        urls=urls | _edge(settings, services, opts),
        images={name: image.reference for name, image in image_of.items()},
    )


def _provider(settings: Settings) -> gcp.Provider:
    labels = {"project": "airfield", "environment": settings.environment}
    return gcp.Provider(
        "gcp", project=settings.gcp_project, region=settings.gcp_region, default_labels=labels
    )


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
    )
    return {name: Edge(name, args, opts).url}
