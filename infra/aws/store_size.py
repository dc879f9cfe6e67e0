"""Which sizes RDS and ElastiCache sell. Pure."""

from math import floor

DATABASE_CLASS_BY_MEMORY_GIB = {
    2: "db.t4g.small",
    4: "db.t4g.medium",
    8: "db.m7g.large",
    16: "db.m7g.xlarge",
    32: "db.m7g.2xlarge",
    64: "db.m7g.4xlarge",
    128: "db.m7g.8xlarge",
    192: "db.m7g.12xlarge",
    256: "db.m7g.16xlarge",
}
"""Graviton classes that run every PostgreSQL from 15 on; burstable below 8 GiB, where nothing else is sold.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""
OCTETS_A_CONNECTION = 9531392
MAX_CONNECTIONS = 5000
"""RDS sets max_connections to the memory divided by these octets, and to no more than this.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
"""

MAXMEMORY_MIB_BY_NODE_TYPE = {
    "cache.t4g.micro": 512,
    "cache.t4g.small": 1402,
    "cache.t4g.medium": 3164,
    "cache.m7g.large": 6537,
    "cache.r7g.large": 13386,
    "cache.r7g.xlarge": 26952,
    "cache.r7g.2xlarge": 54083,
    "cache.r7g.4xlarge": 108346,
}
"""What the engine may use of a node.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
"""
DATA_SHARE = 0.75
"""The rest is reserved for snapshots and failover.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html
"""


def database_class(memory_gib: int) -> str:
    """The smallest class with this memory; there is one, since the setting ends where the table does."""
    return DATABASE_CLASS_BY_MEMORY_GIB[class_memory_gib(memory_gib)]


def class_memory_gib(memory_gib: int) -> int:
    """The memory of that class."""
    return next(sold for sold in DATABASE_CLASS_BY_MEMORY_GIB if sold >= memory_gib)


def max_connections(memory_gib: int) -> int:
    """How many connections a database of this class takes."""
    return min(class_memory_gib(memory_gib) * 1024**3 // OCTETS_A_CONNECTION, MAX_CONNECTIONS)


def data_memory_mib(node_type: str) -> int:
    """What a node has room for."""
    return floor(MAXMEMORY_MIB_BY_NODE_TYPE[node_type] * DATA_SHARE)


def cache_node_type(memory_mib: int) -> str:
    """The smallest node with room for this; there is one, since the specification ends at 64 GiB."""
    return next(each for each in MAXMEMORY_MIB_BY_NODE_TYPE if data_memory_mib(each) >= memory_mib)
