"""Which way leads into a stack on Docker Swarm."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.swarm.edge import Edge, EdgeArgs
from infra.swarm.files import Mounted
from infra.swarm.names import physical_name
from infra.swarm.networks import Networks
from infra.swarm.paths import EDGE, SOCKET, path
from infra.swarm.traefik import (
    DASHBOARD_USERS,
    HTTP,
    HTTP_PORT,
    HTTPS,
    HTTPS_PORT,
    Acme,
    Way,
)
from infra.swarm.traefik_labels import Route
from infra.workload import Workload
from stacks.stack_file import Settings

RESOLVER = "acme"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgePlan:
    """How the public workloads are met."""

    way: Way
    ports: Mapping[int, int]
    """Ports of the container by those of the node."""
    routes: Mapping[str, Route]
    urls: Mapping[str, str]


def public_workloads(settings: Settings) -> dict[str, Workload]:
    """Those that the internet may call."""
    return {name: workload for name, workload in settings.workloads.items() if workload.public}


def edge_plan(settings: Settings, files: Mapping[str, Mounted]) -> EdgePlan | None:
    """By the domain with TLS, or each on a port of its own; None where nobody is public."""
    public = public_workloads(settings)
    if not public:
        return None
    return (
        _by_domain(settings, settings.domain, files) if settings.domain else _by_port(settings, list(public))
    )


def deploy_edge(
    settings: Settings,
    plan: EdgePlan,
    files: Mapping[str, Mounted],
    networks: Networks,
    opts: pulumi.ResourceOptions,
) -> Edge:
    """Declares it."""
    block = settings.swarm
    wanted = (block.certificate_secret, block.certificate_key_secret, DASHBOARD_USERS)
    return Edge(
        EDGE,
        EdgeArgs(
            namespace=block.namespace,
            way=plan.way,
            ports=plan.ports,
            workloads=public_workloads(settings),
            requests_per_minute=block.requests_per_minute,
            secrets=tuple(files[name] for name in wanted if name and name in files),
            networks=networks.of(EDGE),
            socket_networks=networks.of(SOCKET),
        ),
        opts,
    )


def _by_domain(settings: Settings, domain: str, files: Mapping[str, Mounted]) -> EdgePlan:
    block = settings.swarm
    given = block.certificate_secret is not None and block.certificate_key_secret is not None
    (name,) = public_workloads(settings)
    route = Route(
        entry_point=HTTPS,
        rule=f"Host(`{domain}`)",
        network=physical_name(block.namespace, path(EDGE, name).name),
        certificate_resolver=None if given else RESOLVER,
        encrypted=True,
    )
    way = Way(
        entry_points={HTTP: HTTP_PORT, HTTPS: HTTPS_PORT},
        redirected_to=block.https_port,
        acme=None if given else Acme(email=block.acme_email, directory=block.acme_directory),
        certificate=(files[block.certificate_secret].path, files[block.certificate_key_secret].path)
        if block.certificate_secret and block.certificate_key_secret
        else None,
        dashboard_domain=block.dashboard_domain,
    )
    return EdgePlan(
        way=way,
        ports={block.http_port: HTTP_PORT, block.https_port: HTTPS_PORT},
        routes={name: route},
        urls={name: f"https://{domain}{_port(block.https_port, 443)}"},
    )


def _by_port(settings: Settings, public: list[str]) -> EdgePlan:
    block = settings.swarm
    listening = {name: HTTP_PORT + 10 * index for index, name in enumerate(public)}
    published = {name: block.http_port + index for index, name in enumerate(public)}
    return EdgePlan(
        way=Way(entry_points=listening),
        ports={published[name]: port for name, port in listening.items()},
        routes={
            name: Route(
                entry_point=name,
                rule="PathPrefix(`/`)",
                network=physical_name(block.namespace, path(EDGE, name).name),
            )
            for name in public
        },
        urls={name: f"http://{block.address}{_port(port, 80)}" for name, port in published.items()},
    )


def _port(port: int, usual: int) -> str:
    return "" if port == usual else f":{port}"
