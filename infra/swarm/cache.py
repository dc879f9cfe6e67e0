"""Redis in the Swarm: one server on the node that has its volume."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.datastores import Redis
from infra.swarm import stores
from infra.swarm.files import Configs, ConfigsArgs, Mounted
from infra.swarm.service import Running, declare_service


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache is made of."""

    redis: Redis
    namespace: str
    password: Mounted
    networks: Mapping[str, pulumi.Input[str]]


class Cache(pulumi.ComponentResource):
    """A cache."""

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Cache", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        files = ConfigsArgs(namespace=args.namespace, files=stores.cache_files(args.redis))
        configs = Configs(name, files, child).mounted
        running = Running(
            namespace=args.namespace,
            program=stores.cache(name, args.redis, args.password, configs),
            replicas=1,
            networks=args.networks,
            constraints=(stores.WITH_DATA,),
        )
        declare_service(name, running, child)
        self.register_outputs({})
