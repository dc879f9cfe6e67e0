"""The smallest database and the smallest node that hold what is asked for."""

import pytest

from infra.aws.cache import rounding
from infra.aws.store_size import (
    MAXMEMORY_MIB_BY_NODE_TYPE,
    cache_node_type,
    class_memory_gib,
    data_memory_mib,
    database_class,
    max_connections,
)
from infra.datastores import Redis


@pytest.mark.parametrize(
    ("memory_gib", "expected", "connections"),
    [
        (2, "db.t4g.small", 225),
        (4, "db.t4g.medium", 450),
        (5, "db.m7g.large", 901),
        (8, "db.m7g.large", 901),
        (33, "db.m7g.4xlarge", 5000),
        (256, "db.m7g.16xlarge", 5000),
    ],
)
def test_the_smallest_class_with_the_memory(memory_gib: int, expected: str, connections: int) -> None:
    assert (database_class(memory_gib), max_connections(memory_gib)) == (expected, connections)


def test_every_memory_that_may_be_asked_for_has_a_class() -> None:
    assert all(class_memory_gib(memory) >= memory for memory in range(2, 257))


@pytest.mark.parametrize(
    ("memory_mib", "expected"),
    [
        (256, "cache.t4g.micro"),
        (384, "cache.t4g.micro"),
        (385, "cache.t4g.small"),
        (1051, "cache.t4g.small"),
        (1052, "cache.t4g.medium"),
        (4096, "cache.m7g.large"),
        (65536, "cache.r7g.4xlarge"),
    ],
)
def test_the_smallest_node_with_room_for_the_data(memory_mib: int, expected: str) -> None:
    assert cache_node_type(memory_mib) == expected


def test_nodes_are_in_order_of_their_room() -> None:
    rooms = [data_memory_mib(node) for node in MAXMEMORY_MIB_BY_NODE_TYPE]
    assert rooms == sorted(rooms)


def test_the_operator_is_told_of_room_to_spare() -> None:
    assert rounding(Redis(memory_mib=600)) == (
        "airfield:redis: 600 MiB of data need a cache.t4g.small, which has room for 1051 MiB"
    )
    assert rounding(Redis(memory_mib=384)) is None
