"""What Memorystore for Redis sells. Pure."""

from dataclasses import dataclass
from math import ceil

from infra.datastores import Redis

LEAST_GIB_WITH_READ_REPLICAS = 5
"""https://cloud.google.com/memorystore/docs/redis/read-replicas-overview"""


@dataclass(frozen=True, slots=True)
class CacheSize:
    """A tier with its memory and copies."""

    tier: str
    memory_gib: int
    replicas: int
    read_replicas_mode: str


def cache_size(redis: Redis) -> CacheSize:
    """The smallest that holds so much, so many times; with one copy, it stands ready and answers no reads.

    https://cloud.google.com/memorystore/docs/redis/redis-tiers
    """
    memory_gib = ceil(redis.memory_mib / 1024)
    if redis.replicas == 0:
        return CacheSize("BASIC", memory_gib, 0, "READ_REPLICAS_DISABLED")
    if redis.replicas == 1:
        return CacheSize("STANDARD_HA", memory_gib, 1, "READ_REPLICAS_DISABLED")
    enough_gib = max(memory_gib, LEAST_GIB_WITH_READ_REPLICAS)
    return CacheSize("STANDARD_HA", enough_gib, redis.replicas, "READ_REPLICAS_ENABLED")
