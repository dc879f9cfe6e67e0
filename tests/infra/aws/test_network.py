from functools import cache
from ipaddress import IPv4Network

import pulumi
import pytest

from infra.aws.network import Network, NetworkArgs, enough
from tests.synth import Synthesis, synthesise

ZONES = [1, 2, 3]


@cache
def network(zones: int = 3, *, nat_per_zone: bool = True) -> Synthesis:
    args = NetworkArgs(
        cidr=IPv4Network("10.0.0.0/16"),
        zones=zones,
        nat_per_zone=nat_per_zone,
        serves_cluster=False,
        region="us-east-1",
        log_retention_days=14,
    )
    return synthesise(lambda: Network("network", args))


def test_the_vpc_resolves_names() -> None:
    assert network()["Vpc", "network"].inputs == {
        "cidrBlock": "10.0.0.0/16",
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "tags": {"Name": "network"},
    }


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("role", "first"), [("private", 1), ("public", 101)])
def test_every_zone_has_a_subnet_of_each_kind_and_none_gives_out_public_addresses(
    zone: int, role: str, first: int
) -> None:
    subnet = network()["Subnet", f"network-{role}-{zone}"]
    assert {key: value for key, value in subnet.inputs.items() if key != "vpcId"} == {
        "availabilityZone": f"us-east-1{'abc'[zone - 1]}",
        "cidrBlock": f"10.0.{first + zone - 1}.0/24",
        "mapPublicIpOnLaunch": False,
        "tags": {"Name": f"network-{role}-{zone}"},
    }


@pytest.mark.parametrize("zone", ZONES)
def test_a_private_subnet_leaves_through_its_own_zones_gateway(zone: int) -> None:
    routes = network()["RouteTable", f"network-private-{zone}-routes"]
    (way_out,) = routes.inputs["routes"]
    assert set(way_out) == {"cidrBlock", "natGatewayId"}
    assert way_out["cidrBlock"] == "0.0.0.0/0"
    assert f"NatGateway network-nat-{zone}" in routes.waits_for


def test_the_gateways_stand_in_the_public_subnet_of_their_zone() -> None:
    assert {gateway.name: gateway.waits_for & PUBLIC for gateway in network().of_type("NatGateway")} == {
        f"network-nat-{zone}": {f"Subnet network-public-{zone}"} for zone in ZONES
    }


PUBLIC = {f"Subnet network-public-{zone}" for zone in ZONES}


def test_a_single_gateway_serves_every_zone_where_that_is_asked_for() -> None:
    shared = network(nat_per_zone=False)
    assert [gateway.name for gateway in shared.of_type("NatGateway")] == ["network-nat-1"]
    assert [address.name for address in shared.of_type("Eip")] == ["network-nat-1-address"]
    for zone in ZONES:
        routes = shared["RouteTable", f"network-private-{zone}-routes"]
        assert "NatGateway network-nat-1" in routes.waits_for


def test_only_public_subnets_are_routed_to_the_internet_gateway() -> None:
    routed = {
        association.name: any("InternetGateway" in waited for waited in tables.waits_for)
        for association in network().of_type("RouteTableAssociation")
        for tables in network().of_type("RouteTable")
        if f"RouteTable {tables.name}" in association.waits_for
    }
    assert routed == {
        f"network-{role}-{zone}-routed": role == "public" for role in ("private", "public") for zone in ZONES
    }


def test_the_group_that_every_forgotten_resource_falls_into_has_no_rule() -> None:
    assert set(network()["DefaultSecurityGroup", "network-closed"].inputs) == {"vpcId"}


def test_two_zones_make_two_of_everything() -> None:
    assert len(network(zones=2).of_type(":Subnet")) == 4
    assert len(network(zones=2).of_type("NatGateway")) == 2


@pytest.mark.parametrize("zone", ZONES)
def test_a_gateway_waits_until_its_subnet_has_a_way_out(zone: int) -> None:
    gateway = network()["NatGateway", f"network-nat-{zone}"]
    assert f"RouteTableAssociation network-public-{zone}-routed" in gateway.waits_for


def test_everything_is_a_child_of_the_network() -> None:
    children = [r for r in network().resources if r.type != "airfield:aws:Network"]
    parents = {"airfield:aws:Network network", "airfield:aws:FlowLogs network-flows"}
    assert {child.parent for child in children} == parents


def test_the_first_zones_of_a_region_are_used() -> None:
    assert enough(["us-east-1c", "us-east-1a", "us-east-1b"], 2) == ["us-east-1a", "us-east-1b"]


def test_a_region_with_too_few_zones_is_told() -> None:
    with pytest.raises(pulumi.RunError, match=r"^airfield:aws\.zones: the region has 2 zones, not 3$"):
        enough(["us-west-1a", "us-west-1c"], 3)


@pytest.mark.parametrize("zones", [2, 3])
def test_private_subnets_reach_s3_without_a_nat_gateway(zones: int) -> None:
    said = network(zones)
    (endpoint,) = said.of_type("VpcEndpoint")
    assert {key: endpoint.inputs[key] for key in ("serviceName", "vpcEndpointType")} == {
        "serviceName": "com.amazonaws.us-east-1.s3",
        "vpcEndpointType": "Gateway",
    }
    assert len(endpoint.inputs["routeTableIds"]) == zones
    assert {f"RouteTable network-private-{zone + 1}-routes" for zone in range(zones)} <= endpoint.waits_for


def test_every_connection_is_logged_whether_it_was_let_through_or_not() -> None:
    said = network()
    (flows,) = said.of_type("FlowLog")
    assert {
        key: value
        for key, value in flows.inputs.items()
        if key in {"trafficType", "logDestinationType", "maxAggregationInterval"}
    } == {"trafficType": "ALL", "logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600}
    assert {"Vpc network", "Role network-flows", "RolePolicy network-flows"} <= flows.waits_for
    assert said["LogGroup", "network-flows"].inputs == {"retentionInDays": 14}
