"""The edge of a stack: Traefik on managers, which sees the Swarm through a proxy of the Docker socket."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.observability.document import as_yaml
from infra.pinned_images import SOCKET_PROXY, TRAEFIK
from infra.swarm.files import SECRETS_PATH, Configs, ConfigsArgs, Mounted
from infra.swarm.paths import EDGE, SOCKET
from infra.swarm.program import Check, Program
from infra.swarm.service import Running, declare_service
from infra.swarm.traefik import ACME_PATH, RULES_PATH, SOCKET_PORT, Way, arguments, check_command, rules
from infra.workload import Workload

ON_MANAGERS = "node.role==manager"
WITH_CERTIFICATES = "node.labels.airfield.edge==true"
"""The one manager that keeps the certificates that were obtained."""
NOBODY = "65532:65532"
ROOT = "0:0"
ALLOWED = r"(/v1\.[0-9]+)?/(_ping|version|services|tasks|networks|nodes/[a-z0-9]+)"
"""What Traefik asks of the engine, of which nothing changes anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeArgs:
    """What an edge is made of."""

    namespace: str
    way: Way
    ports: Mapping[int, int]
    """Ports of the container by those of the node."""
    workloads: Mapping[str, Workload]
    """The public ones."""
    requests_per_minute: int
    secrets: tuple[Mounted, ...]
    """Files of a given certificate, and of who may see the dashboard."""
    networks: Mapping[str, pulumi.Input[str]]
    socket_networks: Mapping[str, pulumi.Input[str]]


class Edge(pulumi.ComponentResource):
    """Traefik, and what stands between it and the socket."""

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Edge", name, None, opts)
        text = as_yaml(rules(args.way, args.workloads, args.requests_per_minute, SECRETS_PATH))
        files = Configs(
            name,
            ConfigsArgs(namespace=args.namespace, files={RULES_PATH: text}),
            pulumi.ResourceOptions(parent=self),
        )
        socket = declare_service(
            SOCKET,
            Running(
                namespace=args.namespace,
                program=socket_proxy(),
                replicas=None,
                networks=args.socket_networks,
                constraints=(ON_MANAGERS,),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        kept = args.way.acme is not None
        declare_service(
            name,
            Running(
                namespace=args.namespace,
                program=traefik(args, files.mounted),
                # Whoever obtains certificates is one, since replicas of it share none.
                replicas=1 if kept else None,
                networks=args.networks,
                constraints=(ON_MANAGERS, WITH_CERTIFICATES) if kept else (ON_MANAGERS,),
                ports=args.ports,
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[socket]),
        )
        self.register_outputs({})


def traefik(args: EdgeArgs, configs: tuple[Mounted, ...]) -> Program:
    """Faces the internet, and so has neither the socket nor a right."""
    kept = args.way.acme is not None
    return Program(
        image=TRAEFIK,
        entry_point=("traefik",),
        arguments=tuple(arguments(args.namespace, args.way, SOCKET)),
        # Without a capability root is nobody but the owner of the volume.
        user=ROOT if kept else NOBODY,
        volumes={f"{EDGE}-certificates": ACME_PATH} if kept else {},
        secrets=args.secrets,
        configs=configs,
        check=Check(command=check_command(), start_seconds=30),
        millicores=1000,
        memory_mib=512,
        reserved_millicores=100,
        reserved_mib=128,
        stop_seconds=30,
    )


def socket_proxy() -> Program:
    """Answers what it is told to allow: https://github.com/wollomatic/socket-proxy."""
    return Program(
        image=SOCKET_PROXY,
        arguments=(
            "-listenip=0.0.0.0",
            f"-proxyport={SOCKET_PORT}",
            f"-allowfrom={EDGE}",
            f"-allowGET={ALLOWED}",
            "-allowHEAD=/_ping",
            "-allowhealthcheck",
        ),
        # Owner of the socket, and nothing else: no capability is left.
        user=ROOT,
        scratch=(),
        host_paths={"/var/run/docker.sock": "/var/run/docker.sock"},
        check=Check(command=("./healthcheck",), start_seconds=10),
        millicores=200,
        memory_mib=64,
        reserved_millicores=20,
        reserved_mib=16,
    )
