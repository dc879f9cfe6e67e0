"""How a service tells Traefik who may reach it, by labels under `deploy`. Pure.

https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/swarm/
"""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.workload import Workload

MIDDLEWARES = "rate-limit@file,security-headers@file,retry@file"
"""Of the file beside Traefik: they are the same for every service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way in to one service."""

    entry_point: str
    rule: str
    """Which requests are meant: https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/"""
    network: str
    """The network through which Traefik reaches it."""
    certificate_resolver: str | None = None
    """Who obtains the certificate; None: one is given, or there is none."""
    encrypted: bool = False


def service_labels(name: str, port: int, route: Route) -> dict[str, str]:
    """A router for the route, and the port behind it."""
    router, server = f"traefik.http.routers.{name}", f"traefik.http.services.{name}.loadbalancer"
    labels = {
        "traefik.enable": "true",
        "traefik.swarm.network": route.network,
        f"{router}.entrypoints": route.entry_point,
        f"{router}.rule": route.rule,
        f"{router}.service": name,
        f"{server}.server.port": str(port),
    }
    if route.encrypted:
        labels[f"{router}.tls"] = "true"
    if route.certificate_resolver:
        labels[f"{router}.tls.certresolver"] = route.certificate_resolver
    return labels


def route_labels(name: str, workload: Workload, route: Route) -> Mapping[str, str]:
    """As for any service; besides, each task is asked whether it is ready, and what all services have."""
    server = f"traefik.http.services.{name}.loadbalancer"
    return {
        **service_labels(name, workload.port, route),
        f"traefik.http.routers.{name}.middlewares": MIDDLEWARES,
        f"{server}.serverstransport": f"{name}@file",
        f"{server}.healthcheck.path": workload.health.readiness_path,
        f"{server}.healthcheck.interval": "1s",
        f"{server}.healthcheck.timeout": "3s",
    }
