"""A workload as a service of the Swarm."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.health_command import health_command
from infra.swarm.files import Mounted
from infra.swarm.program import Check, Program
from infra.swarm.service import Running, declare_service
from infra.swarm.traefik_labels import Route, route_labels
from infra.workload import Workload

USER = "1000:1000"
"""The image's user."""
DRAIN_SECONDS = 5
"""How long a task still serves after it was told to stop, until the edge has noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmWorkloadArgs:
    """What a service is made of."""

    workload: Workload
    namespace: str
    image: pulumi.Input[str]
    environment: Mapping[str, pulumi.Input[str]]
    """Plain variables."""
    secrets: Mapping[str, Mounted]
    """Secret variables, each of which the container finds as a file, and the path of it as NAME_FILE."""
    networks: Mapping[str, pulumi.Input[str]]
    route: Route | None
    """The way in; None: nobody outside of the Swarm calls it."""


class SwarmWorkload(pulumi.ComponentResource):
    """One service of as many tasks as the workload has replicas at least."""

    def __init__(
        self, name: str, args: SwarmWorkloadArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:swarm:SwarmWorkload", name, None, opts)
        running = Running(
            namespace=args.namespace,
            program=program(args),
            replicas=args.workload.scaling.min_replicas,
            networks=args.networks,
            labels=route_labels(name, args.workload, args.route) if args.route else {},
            order="start-first",
        )
        declare_service(name, running, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def program(args: SwarmWorkloadArgs) -> Program:
    """The workload's container."""
    workload = args.workload
    files = {f"{name}_FILE": mounted.path for name, mounted in args.secrets.items()}
    return Program(
        image=args.image,
        arguments=workload.command,
        environment={**args.environment, **files},
        user=USER,
        secrets=tuple(args.secrets.values()),
        check=Check(command=tuple(health_command(workload)), start_seconds=workload.health.start_seconds),
        millicores=workload.cpu_millicores,
        memory_mib=workload.memory_mib,
        reserved_millicores=workload.cpu_request_millicores or workload.cpu_millicores,
        reserved_mib=workload.memory_request_mib or workload.memory_mib,
        stop_seconds=DRAIN_SECONDS + workload.drain_seconds,
    )
