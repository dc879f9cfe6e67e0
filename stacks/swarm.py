"""A stack on Docker Swarm, on hardware of one's own. Chooses nothing."""

from collections.abc import Mapping

import pulumi
import pulumi_docker as docker

from infra.endpoint import Endpoint
from infra.swarm.names import physical_name
from infra.swarm.networks import Networks, NetworksArgs
from infra.swarm.workload import SwarmWorkload, SwarmWorkloadArgs
from infra.variables import secret_names, variables
from stacks.images import images
from stacks.stack_file import Settings
from stacks.swarm_edge import deploy_edge, edge_plan
from stacks.swarm_monitoring import deploy_monitoring
from stacks.swarm_parts import deploy_secrets, draw_passwords, passwords_for_people, paths
from stacks.swarm_stores import deploy_stores


def deploy_to_swarm(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares networks, secrets, the edge and the workloads, on the Swarm of the manager that is named."""
    block = settings.swarm
    registry = [docker.ProviderRegistryAuthArgs(address=block.registry)] if block.registry else None
    provider = docker.Provider("docker", host=settings.docker_host, registry_auth=registry)
    opts = pulumi.ResourceOptions(provider=provider)
    networks = Networks(
        "networks",
        NetworksArgs(namespace=block.namespace, paths=paths(settings), encrypted=block.encrypted_networks),
        opts,
    )
    passwords = draw_passwords(settings)
    files = deploy_secrets(settings, secrets, passwords, opts)
    stores = deploy_stores(settings, files, networks, opts)
    deploy_monitoring(settings, files, networks, opts)
    plan = edge_plan(settings, files)
    if plan:
        deploy_edge(settings, plan, files, networks, opts)
    image_of = images(settings)
    for name, workload in settings.workloads.items():
        given = variables(
            workload,
            environment=settings.environment,
            url_of=lambda callee: f"http://{callee}:{settings.workloads[callee].port}",
            secrets=dict.fromkeys(secret_names(workload), ""),
        )
        SwarmWorkload(
            name,
            SwarmWorkloadArgs(
                workload=workload,
                namespace=block.namespace,
                image=image_of[name].reference,
                environment=given.plain,
                secrets={secret: files[secret] for secret in given.secret},
                networks=networks.of(name),
                route=plan.routes.get(name) if plan else None,
            ),
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=stores)),
        )
    return Endpoint(
        urls=plan.urls if plan else {},
        images={name: image.reference for name, image in image_of.items()},
        services={
            name: {
                "target": "swarm",
                "host": settings.docker_host or "",
                "service": physical_name(block.namespace, name),
            }
            for name in settings.workloads
        },
        passwords=passwords_for_people(passwords),
    )
