"""What watches a stack on Docker Swarm."""

from collections.abc import Iterator, Mapping

import pulumi

from infra.swarm.files import SECRETS_PATH, Mounted
from infra.swarm.monitoring import Monitoring, MonitoringArgs
from infra.swarm.monitoring_parts import Watched, monitoring_paths
from infra.swarm.names import physical_name
from infra.swarm.networks import Networks
from infra.swarm.paths import EDGE, Path, path
from infra.swarm.traefik import HTTPS
from infra.swarm.traefik_labels import Route
from stacks.stack_file import Settings
from stacks.swarm_edge import RESOLVER, public_workloads
from stacks.swarm_stores import BACKUP, own_stores


def watched(settings: Settings) -> Watched | None:
    """What is watched; None where nothing is to be."""
    block = settings.swarm
    if block.monitoring == "none":
        return None
    metered = {name: (w.port, w.metrics_path) for name, w in settings.workloads.items() if w.metrics_path}
    webhook, own = block.alert_webhook_secret, own_stores(settings)
    return Watched(
        slo=settings.slo,
        namespace=block.namespace,
        metrics=metered,
        stores=tuple(own.values()),
        backups=(BACKUP,) if "postgres" in own else (),
        has_edge=bool(public_workloads(settings)),
        retention_days=block.retention_days,
        webhook_path=f"{SECRETS_PATH}/{webhook}" if webhook else None,
    )


def all_monitoring_paths(settings: Settings) -> Iterator[Path]:
    """The ways between what watches and what is watched."""
    found = watched(settings)
    if found:
        yield from monitoring_paths(found)
        if settings.swarm.grafana_domain:
            yield path(EDGE, "grafana")


def deploy_monitoring(
    settings: Settings, files: Mapping[str, Mounted], networks: Networks, opts: pulumi.ResourceOptions
) -> None:
    """Declares it, where it is asked for."""
    found = watched(settings)
    if found:
        args = MonitoringArgs(
            watched=found, secrets=files, networks=networks, grafana_route=_grafana_route(settings)
        )
        Monitoring("monitoring", args, opts)


def _grafana_route(settings: Settings) -> Route | None:
    block = settings.swarm
    if not block.grafana_domain:
        return None
    return Route(
        entry_point=HTTPS,
        rule=f"Host(`{block.grafana_domain}`)",
        network=physical_name(block.namespace, path(EDGE, "grafana").name),
        certificate_resolver=None if block.certificate_secret else RESOLVER,
        encrypted=True,
    )
