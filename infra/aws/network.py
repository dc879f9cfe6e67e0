"""A VPC over several zones: public subnets for what the internet meets, private ones for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from infra.aws.flow_logs import FlowLogs, FlowLogsArgs
from infra.aws.subnets import ZoneSubnets, zone_subnets

CLUSTER_TAGS = {
    "public": {"kubernetes.io/role/elb": "1"},
    "private": {"kubernetes.io/role/internal-elb": "1"},
}
"""By which a cluster finds subnets for its load balancers.

https://docs.aws.amazon.com/eks/latest/userguide/tag-subnets-auto.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What a network is made of."""

    cidr: IPv4Network
    zones: int
    """How many availability zones."""
    nat_per_zone: bool
    """One NAT gateway a zone, or a single one."""
    serves_cluster: bool
    """Whether a Kubernetes cluster puts its load balancers here."""
    region: str
    log_retention_days: int


class Network(pulumi.ComponentResource):
    """The stack's own VPC."""

    vpc_id: pulumi.Output[str]
    public_subnet_ids: Sequence[pulumi.Output[str]]
    private_subnet_ids: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Network", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        self._serves_cluster = args.serves_cluster
        self._private_routes: list[aws.ec2.RouteTable] = []
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=str(args.cidr),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": name},
            opts=self._child,
        )
        self.vpc_id = vpc.id
        # Declared without rules, the group that every forgotten resource falls into lets nothing through.
        aws.ec2.DefaultSecurityGroup(f"{name}-closed", vpc_id=vpc.id, opts=self._child)
        zones = zone_subnets(args.cidr, args.zones)
        zone_names = aws.get_availability_zones_output(
            state="available",
            # Local Zones must be opted into, and have neither NAT gateways nor Fargate.
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            opts=pulumi.InvokeOptions(parent=self),
        ).names.apply(lambda found: enough(found, args.zones))
        internet = self._internet()
        public = {zone.number: self._public(zone, zone_names, internet) for zone in zones}
        gateways = [
            self._nat(number, public[number]) for number in public if args.nat_per_zone or number == 1
        ]
        private = [
            self._private(zone, zone_names, gateways[index % len(gateways)])
            for index, zone in enumerate(zones)
        ]
        self.public_subnet_ids, self.private_subnet_ids = list(public.values()), private
        self._storage(args.region)
        FlowLogs(
            f"{name}-flows",
            FlowLogsArgs(vpc_id=vpc.id, log_retention_days=args.log_retention_days),
            opts=self._child,
        )
        self.register_outputs({"vpcId": self.vpc_id})

    def _internet(self) -> aws.ec2.RouteTable:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet", vpc_id=self.vpc_id, tags={"Name": self._name}, opts=self._child
        )
        return self._routes("public", gateway_id=gateway.id)

    def _public(
        self, zone: ZoneSubnets, zone_names: pulumi.Output[Sequence[str]], routes: aws.ec2.RouteTable
    ) -> pulumi.Output[str]:
        return self._subnet(f"public-{zone.number}", zone.public, zone_names[zone.number - 1], routes)

    def _private(
        self, zone: ZoneSubnets, zone_names: pulumi.Output[Sequence[str]], nat: aws.ec2.NatGateway
    ) -> pulumi.Output[str]:
        role = f"private-{zone.number}"
        routes = self._routes(role, nat_gateway_id=nat.id)
        self._private_routes.append(routes)
        return self._subnet(role, zone.private, zone_names[zone.number - 1], routes)

    def _storage(self, region: str) -> None:
        """The way to S3 that costs nothing: image layers lie there, and a NAT gateway charges by the GiB."""
        aws.ec2.VpcEndpoint(
            f"{self._name}-storage",
            vpc_id=self.vpc_id,
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=[routes.id for routes in self._private_routes],
            tags={"Name": self._name},
            opts=self._child,
        )

    def _nat(self, number: int, subnet_id: pulumi.Input[str]) -> aws.ec2.NatGateway:
        name = f"{self._name}-nat-{number}"
        tags = {"Name": name}
        address = aws.ec2.Eip(f"{name}-address", domain="vpc", tags=tags, opts=self._child)
        return aws.ec2.NatGateway(
            name, allocation_id=address.allocation_id, subnet_id=subnet_id, tags=tags, opts=self._child
        )

    def _routes(
        self,
        role: str,
        gateway_id: pulumi.Input[str] | None = None,
        nat_gateway_id: pulumi.Input[str] | None = None,
    ) -> aws.ec2.RouteTable:
        name = f"{self._name}-{role}"
        way_out = aws.ec2.RouteTableRouteArgs(
            cidr_block="0.0.0.0/0", gateway_id=gateway_id, nat_gateway_id=nat_gateway_id
        )
        return aws.ec2.RouteTable(
            f"{name}-routes", vpc_id=self.vpc_id, routes=[way_out], tags={"Name": name}, opts=self._child
        )

    def _subnet(
        self, role: str, cidr: str, zone_name: pulumi.Input[str], routes: aws.ec2.RouteTable
    ) -> pulumi.Output[str]:
        name = f"{self._name}-{role}"
        found_by = CLUSTER_TAGS[role.partition("-")[0]] if self._serves_cluster else {}
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc_id,
            cidr_block=cidr,
            availability_zone=zone_name,
            map_public_ip_on_launch=False,
            tags={"Name": name, **found_by},
            opts=self._child,
        )
        routed = aws.ec2.RouteTableAssociation(
            f"{name}-routed", subnet_id=subnet.id, route_table_id=routes.id, opts=self._child
        )
        # Whoever takes the subnet's id waits for its way out: without it AWS refuses a load balancer
        # and a NAT gateway, and a task cannot pull its image.
        return pulumi.Output.all(subnet.id, routed.id).apply(lambda subnet_and_route: subnet_and_route[0])


def enough(zone_names: Sequence[str], zones: int) -> Sequence[str]:
    """The first `zones` of a region's zones.

    Raises:
        pulumi.RunError: the region has fewer.
    """
    if len(zone_names) < zones:
        raise pulumi.RunError(f"airfield:aws.zones: the region has {len(zone_names)} zones, not {zones}")
    return sorted(zone_names)[:zones]
