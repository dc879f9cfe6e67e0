from ipaddress import IPv4Network
from itertools import combinations

import pytest

from infra.aws.subnets import ZoneSubnets, zone_subnets


def test_three_zones_of_the_usual_network() -> None:
    assert zone_subnets(IPv4Network("10.0.0.0/16"), 3) == [
        ZoneSubnets(1, "10.0.1.0/24", "10.0.101.0/24"),
        ZoneSubnets(2, "10.0.2.0/24", "10.0.102.0/24"),
        ZoneSubnets(3, "10.0.3.0/24", "10.0.103.0/24"),
    ]


def test_the_smallest_network_that_is_allowed_still_has_sizes_that_aws_allows() -> None:
    assert zone_subnets(IPv4Network("172.16.0.0/20"), 2) == [
        ZoneSubnets(1, "172.16.0.16/28", "172.16.6.80/28"),
        ZoneSubnets(2, "172.16.0.32/28", "172.16.6.96/28"),
    ]


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.1.128.0/17", "192.168.0.0/20"])
@pytest.mark.parametrize("zones", [2, 3, 4, 5, 6])
def test_no_subnet_overlaps_another_or_leaves_the_network(cidr: str, zones: int) -> None:
    vpc = IPv4Network(cidr)
    subnets = [IPv4Network(s) for zone in zone_subnets(vpc, zones) for s in (zone.private, zone.public)]
    assert len(subnets) == 2 * zones
    assert all(subnet.subnet_of(vpc) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


def test_the_subnets_of_a_zone_stay_when_a_zone_is_added() -> None:
    vpc = IPv4Network("10.0.0.0/16")
    assert zone_subnets(vpc, 6)[:2] == zone_subnets(vpc, 2)
