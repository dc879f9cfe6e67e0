"""The VPC through which workloads call each other."""

from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_gcp as gcp


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What a network is made of."""

    cidr: IPv4Network
    region: str


class Network(pulumi.ComponentResource):
    """One subnet that reaches Google's services inside, and the internet through a NAT gateway."""

    network_id: pulumi.Output[str]
    subnet_id: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        network = gcp.compute.Network(name, auto_create_subnetworks=False, opts=child)
        subnet = gcp.compute.Subnetwork(
            f"{name}-subnet",
            network=network.id,
            region=args.region,
            ip_cidr_range=str(args.cidr),
            private_ip_google_access=True,
            opts=child,
        )
        router = gcp.compute.Router(f"{name}-router", network=network.id, region=args.region, opts=child)
        gcp.compute.RouterNat(
            f"{name}-nat",
            router=router.name,
            region=args.region,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
            opts=child,
        )
        self.network_id, self.subnet_id = network.id, subnet.id
        self.register_outputs({"networkId": self.network_id})
