"""PostgreSQL on Cloud SQL. Knows no workload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

from infra.datastores import PORT, Postgres
from infra.gcp.cloud_sql_tier import cloud_sql_tier
from infra.gcp.database_settings import database_settings

NAME = "airfield"
"""Of the database, and of the user that workloads log in as."""
PASSWORD_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArgs:
    """What a database is made of."""

    postgres: Postgres
    cpus: int
    memory_mib: int
    region: str
    network_id: pulumi.Input[str]
    private_services: pulumi.Resource
    """The peering through which the VPC reaches it."""
    labels: Mapping[str, str]
    """The stack's own: the provider's defaults do not reach what Cloud SQL calls user labels."""
    protected: bool
    """Whether neither Pulumi nor Google Cloud deletes it."""


class Database(pulumi.ComponentResource):
    """An instance without a public address, one database in it, and one user."""

    instance_name: pulumi.Output[str]
    url: pulumi.Output[str]
    """With the password: secret."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Database", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        instance = gcp.sql.DatabaseInstance(
            name,
            region=args.region,
            database_version=f"POSTGRES_{args.postgres.version}",
            deletion_protection=args.protected,
            settings=database_settings(
                args.postgres,
                tier=cloud_sql_tier(args.cpus, args.memory_mib),
                network_id=args.network_id,
                labels=args.labels,
                protected=args.protected,
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                depends_on=[args.private_services],
                # Cloud SQL lets the disk grow by itself; the first size would shrink it, which makes it anew.
                ignore_changes=["settings.diskSize"],
            ),
        )
        self.instance_name = instance.name
        user, database = self._user(), self._database(protected=args.protected)
        self.url = pulumi.Output.concat(
            *("postgresql://", user.name, ":", user.password.apply(str)),
            *("@", instance.private_ip_address, f":{PORT['postgres']}/", database.name),
            "?sslmode=require",
        )
        self.register_outputs({"instanceName": self.instance_name})

    def _user(self) -> gcp.sql.User:
        password = random.RandomPassword(
            f"{self._name}-password", length=PASSWORD_LENGTH, special=False, opts=self._child
        )
        return gcp.sql.User(
            f"{self._name}-user",
            name=NAME,
            instance=self.instance_name,
            password=password.result,
            # PostgreSQL keeps a user who owns tables; the user goes with the instance.
            deletion_policy="ABANDON",
            opts=self._child,
        )

    def _database(self, *, protected: bool) -> gcp.sql.Database:
        return gcp.sql.Database(
            f"{self._name}-database",
            name=NAME,
            instance=self.instance_name,
            # PostgreSQL keeps a database with open connections; it goes with the instance.
            deletion_policy="ABANDON",
            opts=pulumi.ResourceOptions(parent=self, protect=protected),
        )
