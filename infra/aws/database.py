"""The stack's PostgreSQL, on RDS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.customer_key import customer_key
from infra.aws.policies import assumed_by
from infra.aws.security_group import SecurityGroup
from infra.aws.store_size import database_class
from infra.datastores import Postgres

NAME = "airfield"
"""Of the database and of its user."""
BACKUP_WINDOW, MAINTENANCE_WINDOW = "03:00-04:00", "sun:04:00-sun:05:00"
"""UTC; the night's backup is made before the week's maintenance begins."""
EXPORTED_LOGS = ("postgresql", "upgrade")
MONITORING_SECONDS = 60
INSIGHTS_DAYS = 7
"""How far Database Insights looks back in its standard mode, which costs nothing.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.html
"""
MONITORING_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseArgs:
    """What a database is made of."""

    postgres: Postgres
    memory_gib: int
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""
    protected: bool
    """Whether Pulumi and AWS refuse to delete it."""
    log_retention_days: int


class Database(pulumi.ComponentResource):
    """One instance, encrypted, reached over TLS by those that are let in."""

    url: pulumi.Output[str]
    """With the password: a secret."""
    identifier: pulumi.Output[str]
    security_group: SecurityGroup

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Database", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protected)
        self.security_group = SecurityGroup(name, args.vpc_id, "The database", opts=self._child)
        suffix = random.RandomString(f"{name}-suffix", length=8, upper=False, special=False, opts=kept)
        self.identifier = pulumi.Output.concat(name, "-", suffix.result)
        password = random.RandomPassword(f"{name}-password", length=32, special=False, opts=kept)
        key = customer_key(name, "The database, its snapshots and its insights", kept)
        subnets = aws.rds.SubnetGroup(name, subnet_ids=args.subnet_ids, opts=self._child)
        instance = aws.rds.Instance(
            name,
            **settings(args),
            identifier=self.identifier,
            password=password.result,
            kms_key_id=key.arn,
            performance_insights_kms_key_id=key.arn,
            parameter_group_name=self._parameters(name, args.postgres.version).name,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group.id],
            monitoring_role_arn=self._monitoring_role(name),
            final_snapshot_identifier=pulumi.Output.concat(self.identifier, "-final"),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                depends_on=self._log_groups(name, args.log_retention_days),
                # RDS's storage autoscaling owns the size once the instance exists.
                ignore_changes=["allocatedStorage"],
            ),
        )
        self.url = pulumi.Output.secret(
            pulumi.Output.concat(
                f"postgresql://{NAME}:", password.result, "@", instance.endpoint, f"/{NAME}?sslmode=require"
            )
        )
        self.register_outputs({"identifier": self.identifier})

    def _parameters(self, name: str, version: str) -> aws.rds.ParameterGroup:
        return aws.rds.ParameterGroup(
            name,
            family=f"postgres{version}",
            parameters=[aws.rds.ParameterGroupParameterArgs(name="rds.force_ssl", value="1")],
            opts=self._child,
        )

    def _monitoring_role(self, name: str) -> pulumi.Output[str]:
        role = aws.iam.Role(
            f"{name}-monitoring",
            assume_role_policy=assumed_by("monitoring.rds.amazonaws.com"),
            opts=self._child,
        )
        granted = aws.iam.RolePolicyAttachment(
            f"{name}-monitoring", role=role.name, policy_arn=MONITORING_POLICY, opts=self._child
        )
        # Whoever takes the role's ARN waits until the role may do something.
        return pulumi.Output.all(role.arn, granted.id).apply(lambda arn_and_policy: arn_and_policy[0])

    def _log_groups(self, name: str, retention_days: int) -> list[aws.cloudwatch.LogGroup]:
        """Those that RDS writes to; made by RDS itself, they would be kept for ever."""
        return [
            aws.cloudwatch.LogGroup(
                f"{name}-{log}",
                name=pulumi.Output.concat("/aws/rds/instance/", self.identifier, "/", log),
                retention_in_days=retention_days,
                opts=self._child,
            )
            for log in EXPORTED_LOGS
        ]


class Settings(TypedDict):
    """What is known of an instance before anything is made."""

    engine: str
    engine_version: str
    allow_major_version_upgrade: bool
    auto_minor_version_upgrade: bool
    instance_class: str
    storage_type: str
    allocated_storage: int
    max_allocated_storage: int | None
    storage_encrypted: bool
    multi_az: bool
    publicly_accessible: bool
    db_name: str
    username: str
    backup_retention_period: int
    backup_window: str
    maintenance_window: str
    copy_tags_to_snapshot: bool
    skip_final_snapshot: bool
    delete_automated_backups: bool
    deletion_protection: bool
    database_insights_mode: str
    performance_insights_enabled: bool
    performance_insights_retention_period: int
    monitoring_interval: int
    enabled_cloudwatch_logs_exports: list[str]


def settings(args: DatabaseArgs) -> Settings:
    """A standby where it is asked for; a backup a night, and one last snapshot; changes wait for Sunday."""
    postgres = args.postgres
    grows = postgres.max_storage_gib > postgres.storage_gib
    return Settings(
        engine="postgres",
        engine_version=postgres.version,
        # The stack file names the major version: a changed one is meant.
        allow_major_version_upgrade=True,
        auto_minor_version_upgrade=True,
        instance_class=database_class(args.memory_gib),
        storage_type="gp3",
        allocated_storage=postgres.storage_gib,
        max_allocated_storage=postgres.max_storage_gib if grows else None,
        storage_encrypted=True,
        multi_az=postgres.highly_available,
        publicly_accessible=False,
        db_name=NAME,
        username=NAME,
        backup_retention_period=postgres.backup_days,
        backup_window=BACKUP_WINDOW,
        maintenance_window=MAINTENANCE_WINDOW,
        copy_tags_to_snapshot=True,
        skip_final_snapshot=False,
        delete_automated_backups=not args.protected,
        deletion_protection=args.protected,
        database_insights_mode="standard",
        performance_insights_enabled=True,
        performance_insights_retention_period=INSIGHTS_DAYS,
        monitoring_interval=MONITORING_SECONDS,
        enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
    )
