"""The stack's Redis, on ElastiCache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.customer_key import customer_key
from infra.aws.security_group import SecurityGroup
from infra.aws.store_size import cache_node_type, data_memory_mib
from infra.datastores import PORT, Redis

ENGINE, VERSION, PARAMETER_GROUP = "valkey", "8.2", "default.valkey8"
"""The open continuation of Redis 7.2: the same protocol at four fifths of the price.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
"""
SNAPSHOT_WINDOW, MAINTENANCE_WINDOW = "03:00-04:00", "sun:04:00-sun:05:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache is made of."""

    redis: Redis
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""
    protected: bool
    """Whether Pulumi refuses to delete it."""
    log_retention_days: int


class Cache(pulumi.ComponentResource):
    """A primary with its copies in other zones, encrypted, reached over TLS with a token."""

    url: pulumi.Output[str]
    """With the token: a secret."""
    node_ids: Sequence[pulumi.Output[str]]
    security_group: SecurityGroup

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Cache", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=args.protected)
        told = rounding(args.redis)
        if told:
            pulumi.log.info(told, resource=self)
        self.security_group = SecurityGroup(name, args.vpc_id, "The cache", opts=child)
        token = random.RandomPassword(f"{name}-password", length=32, special=False, opts=kept)
        logs = aws.cloudwatch.LogGroup(f"{name}-slow", retention_in_days=args.log_retention_days, opts=child)
        subnets = aws.elasticache.SubnetGroup(name, subnet_ids=args.subnet_ids, opts=child)
        nodes, copied = 1 + args.redis.replicas, args.redis.replicas > 0
        group = aws.elasticache.ReplicationGroup(
            name,
            description="Of the stack's workloads",
            engine=ENGINE,
            engine_version=VERSION,
            parameter_group_name=PARAMETER_GROUP,
            auto_minor_version_upgrade=True,
            node_type=cache_node_type(args.redis.memory_mib),
            num_cache_clusters=nodes,
            automatic_failover_enabled=copied,
            multi_az_enabled=copied,
            port=PORT["redis"],
            subnet_group_name=subnets.name,
            security_group_ids=[self.security_group.id],
            at_rest_encryption_enabled=True,
            kms_key_id=customer_key(name, "The cache and its snapshots", kept).arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            auth_token=token.result,
            # The provider hands a new token over at once; the old one works until the tasks have it.
            # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
            auth_token_update_strategy="ROTATE",  # noqa: S106  a word of the provider
            snapshot_retention_limit=1,
            snapshot_window=SNAPSHOT_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            log_delivery_configurations=[slow_log(logs.name)],
            opts=kept,
        )
        self.node_ids = [pulumi.Output.concat(group.id, f"-{node:03}") for node in range(1, nodes + 1)]
        self.url = pulumi.Output.secret(
            pulumi.Output.concat(
                "rediss://:", token.result, "@", group.primary_endpoint_address, f":{PORT['redis']}/0"
            )
        )
        self.register_outputs({})


def slow_log(
    log_group_name: pulumi.Input[str],
) -> aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs:
    """Writes slow commands to a log group."""
    return aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
        destination=log_group_name,
        destination_type="cloudwatch-logs",
        log_format="text",
        log_type="slow-log",
    )


def rounding(redis: Redis) -> str | None:
    """What an operator is told when there is room for more than was asked; None when there is not."""
    node_type = cache_node_type(redis.memory_mib)
    room_mib = data_memory_mib(node_type)
    if room_mib == redis.memory_mib:
        return None
    asked = f"airfield:redis: {redis.memory_mib} MiB of data"
    return f"{asked} need a {node_type}, which has room for {room_mib} MiB"
