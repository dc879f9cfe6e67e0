"""Cuts a VPC's addresses into subnets. Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Network

SUBNET_BITS = 8
"""Every subnet is a 256th of the VPC: a /24 of a /16."""
FIRST_PRIVATE, FIRST_PUBLIC = 1, 101


@dataclass(frozen=True, slots=True)
class ZoneSubnets:
    """The subnets of one availability zone."""

    number: int
    """Counted from 1."""
    private: str
    public: str


def zone_subnets(vpc: IPv4Network, zones: int) -> list[ZoneSubnets]:
    """The subnets of each zone: 10.0.1.0/24 and 10.0.101.0/24 for the first of 10.0.0.0/16.

    The addresses of a zone do not move when another is added.
    """
    pieces = list(vpc.subnets(prefixlen_diff=SUBNET_BITS))
    return [
        ZoneSubnets(index + 1, str(pieces[FIRST_PRIVATE + index]), str(pieces[FIRST_PUBLIC + index]))
        for index in range(zones)
    ]
