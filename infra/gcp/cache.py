"""Redis on Memorystore. Knows no workload.

Memorystore for Valkey logs clients in by IAM tokens that last an hour, which no URL can hold; passwords are
in its beta API only: https://cloud.google.com/memorystore/docs/valkey/manage-basic-auth
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pulumi
import pulumi_gcp as gcp

from infra.datastores import Redis
from infra.gcp.cache_size import cache_size

VERSION = "REDIS_7_2"
"""The newest: https://cloud.google.com/memorystore/docs/redis/supported-versions"""
MAINTENANCE_DAY = "SUNDAY"
MAINTENANCE_HOUR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheArgs:
    """What a cache is made of."""

    redis: Redis
    region: str
    network_id: pulumi.Input[str]
    private_services: pulumi.Resource
    """The peering through which the VPC reaches it."""
    protected: bool
    """Whether a deployment that would delete it is refused."""


class Cache(pulumi.ComponentResource):
    """An instance that asks for TLS and a password, which Memorystore draws itself."""

    url: pulumi.Output[str]
    """With the password: secret."""

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Cache", name, None, opts)
        size = cache_size(args.redis)
        instance = gcp.redis.Instance(
            name,
            region=args.region,
            redis_version=VERSION,
            tier=size.tier,
            memory_size_gb=size.memory_gib,
            replica_count=size.replicas,
            read_replicas_mode=size.read_replicas_mode,
            authorized_network=args.network_id,
            connect_mode="PRIVATE_SERVICE_ACCESS",
            auth_enabled=True,
            transit_encryption_mode="SERVER_AUTHENTICATION",
            # What is full drops what was used least, as a cache does.
            redis_configs={"maxmemory-policy": "allkeys-lru"},
            maintenance_policy=maintenance_policy(),
            deletion_protection=args.protected,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.private_services]),
        )
        authorities = instance.server_ca_certs.apply(
            lambda certificates: [certificate.cert or "" for certificate in certificates]
        )
        self.url = pulumi.Output.secret(
            pulumi.Output.all(instance.auth_string, instance.host, instance.port, authorities).apply(
                lambda parts: redis_url(parts[0], parts[1], parts[2], parts[3])
            )
        )
        self.register_outputs({})


def redis_url(password: str, host: str, port: int, authorities: Sequence[str]) -> str:
    """A URL that carries the instance's own certificate authorities, which nobody else's trust store has.

    Whoever shows a certificate of theirs is this instance: the name in it, an address, adds nothing.
    """
    trust = urlencode({"ssl_ca_data": "\n".join(authorities), "ssl_check_hostname": "false"})
    return f"rediss://:{password}@{host}:{port}/0?{trust}"


def maintenance_policy() -> gcp.redis.InstanceMaintenancePolicyArgs:
    """Sundays at 05:00 UTC, after the database's."""
    start = gcp.redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowStartTimeArgs(
        hours=MAINTENANCE_HOUR, minutes=0, seconds=0, nanos=0
    )
    window = gcp.redis.InstanceMaintenancePolicyWeeklyMaintenanceWindowArgs(
        day=MAINTENANCE_DAY, start_time=start
    )
    return gcp.redis.InstanceMaintenancePolicyArgs(weekly_maintenance_windows=[window])
