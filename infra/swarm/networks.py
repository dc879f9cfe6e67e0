"""The overlay networks of a stack."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from infra.swarm.names import STACK_LABEL, physical_name
from infra.swarm.paths import Path, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworksArgs:
    """What networks are made of."""

    namespace: str
    paths: Iterable[Path]
    encrypted: bool
    """Whether what goes from node to node is encrypted: https://docs.docker.com/engine/network/drivers/overlay/"""


class Networks(pulumi.ComponentResource):
    """One network for each path."""

    def __init__(self, name: str, args: NetworksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Networks", name, None, opts)
        self._paths = list(args.paths)
        self._ids = {
            path.name: docker.Network(
                f"{name}-{path.name}",
                name=physical_name(args.namespace, path.name),
                driver="overlay",
                internal=path.internal,
                options={"encrypted": "true"} if args.encrypted else {},
                labels=[docker.NetworkLabelArgs(label=STACK_LABEL, value=args.namespace)],
                opts=pulumi.ResourceOptions(parent=self),
            ).id
            for path in self._paths
        }
        self.register_outputs({})

    def of(self, member: str) -> Mapping[str, pulumi.Output[str]]:
        """The id of each network that a service is on, by the network's name."""
        return {name: self._ids[name] for name in joined(self._paths, member)}
