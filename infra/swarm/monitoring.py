"""What watches a stack on a Swarm, in services beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.swarm.files import Configs, ConfigsArgs, Mounted
from infra.swarm.monitoring_parts import GRAFANA_PORT, ON_EVERY_NODE, Part, Watched, parts
from infra.swarm.networks import Networks
from infra.swarm.program import Program
from infra.swarm.service import Running, declare_service
from infra.swarm.stores import WITH_DATA
from infra.swarm.traefik_labels import Route, service_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringArgs:
    """What monitoring is made of."""

    watched: Watched
    secrets: Mapping[str, Mounted]
    networks: Networks
    grafana_route: Route | None
    """The way in to Grafana; None: it is met by nobody outside of the Swarm."""


class Monitoring(pulumi.ComponentResource):
    """Prometheus, Alertmanager, Grafana, Loki, and on every node Alloy, cAdvisor and node-exporter."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Monitoring", name, None, opts)
        child, namespace = pulumi.ResourceOptions(parent=self), args.watched.namespace
        for part_name, part in parts(args.watched).items():
            files = ConfigsArgs(namespace=namespace, files=part.files)
            configs = Configs(part_name, files, child).mounted if part.files else ()
            route = args.grafana_route if part_name == "grafana" else None
            running = Running(
                namespace=namespace,
                program=program(part, configs, args.secrets),
                replicas=None if part_name in ON_EVERY_NODE else 1,
                networks=args.networks.of(part_name),
                constraints=(WITH_DATA,) if part.volumes and part_name not in ON_EVERY_NODE else (),
                labels=service_labels(part_name, GRAFANA_PORT, route) if route else {},
            )
            declare_service(part_name, running, child)
        self.register_outputs({})


def program(part: Part, configs: tuple[Mounted, ...], secrets: Mapping[str, Mounted]) -> Program:
    """As all programs are hardened."""
    return Program(
        image=part.image,
        arguments=part.arguments,
        user=part.user,
        scratch=part.scratch,
        volumes=part.volumes,
        host_paths=part.host_paths,
        secrets=tuple(secrets[name] for name in part.secrets),
        configs=configs,
        check=part.check,
        millicores=500,
        memory_mib=part.memory_mib,
        reserved_millicores=50,
        reserved_mib=part.memory_mib // 4,
    )
