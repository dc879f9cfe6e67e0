"""PostgreSQL in the Swarm: one server on the node that has its volume, and a dump every night."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.datastores import Postgres
from infra.swarm import stores
from infra.swarm.files import Configs, ConfigsArgs, Mounted
from infra.swarm.service import Running, declare_service


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArgs:
    """What a database is made of."""

    postgres: Postgres
    namespace: str
    password: Mounted
    networks: Mapping[str, pulumi.Input[str]]
    backup_networks: Mapping[str, pulumi.Input[str]]


class Database(pulumi.ComponentResource):
    """A database, and what saves it."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Database", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        backup = f"{name}-backup"
        prepared = Configs(
            name, ConfigsArgs(namespace=args.namespace, files=stores.preparation()), child
        ).mounted
        scripts = stores.backup_scripts(stores.password_name(name))
        saved = Configs(backup, ConfigsArgs(namespace=args.namespace, files=scripts), child).mounted
        server = declare_service(
            name,
            Running(
                namespace=args.namespace,
                program=stores.database(name, args.postgres, args.password, prepared),
                replicas=1,
                networks=args.networks,
                constraints=(stores.WITH_DATA,),
            ),
            child,
        )
        declare_service(
            backup,
            Running(
                namespace=args.namespace,
                program=stores.database_backup(name, args.postgres, args.password, saved),
                replicas=1,
                networks=args.backup_networks,
                constraints=(stores.WITH_DATA,),
            ),
            pulumi.ResourceOptions(parent=self, depends_on=[server]),
        )
        self.register_outputs({})
