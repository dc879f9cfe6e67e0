"""The VPC through which workloads call each other and reach their data stores. Knows no workload."""

from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_gcp as gcp

PRIVATE_SERVICES_PREFIX_LENGTH = 20
"""Cloud SQL takes a /24 a region out of the range, and Memorystore a /29 or /28 an instance.

https://cloud.google.com/vpc/docs/configure-private-services-access
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What a network is made of."""

    cidr: IPv4Network
    region: str


class Network(pulumi.ComponentResource):
    """One subnet that reaches Google's services inside, and the internet through a NAT gateway."""

    network_id: pulumi.Output[str]
    subnet_id: pulumi.Output[str]
    private_services: pulumi.Resource
    """What a data store waits for: before the peering stands, it could have no private address."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Network", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        network = gcp.compute.Network(name, auto_create_subnetworks=False, opts=self._child)
        self.network_id = network.id
        subnet = gcp.compute.Subnetwork(
            f"{name}-subnet",
            network=network.id,
            region=args.region,
            ip_cidr_range=str(args.cidr),
            private_ip_google_access=True,
            opts=self._child,
        )
        self.subnet_id = subnet.id
        self._way_out(args.region)
        self._close()
        self.private_services = self._private_services()
        self.register_outputs({"networkId": self.network_id})

    def _way_out(self, region: str) -> None:
        router = gcp.compute.Router(
            f"{self._name}-router", network=self.network_id, region=region, opts=self._child
        )
        gcp.compute.RouterNat(
            f"{self._name}-nat",
            router=router.name,
            region=region,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
            opts=self._child,
        )

    def _close(self) -> None:
        """A VPC lets nothing in anyway; said aloud, it is also logged, and a rule added later stands out."""
        gcp.compute.Firewall(
            f"{self._name}-closed",
            network=self.network_id,
            direction="INGRESS",
            priority=65534,
            denies=[gcp.compute.FirewallDenyArgs(protocol="all")],
            source_ranges=["0.0.0.0/0"],
            log_config=gcp.compute.FirewallLogConfigArgs(metadata="EXCLUDE_ALL_METADATA"),
            opts=self._child,
        )

    def _private_services(self) -> pulumi.Resource:
        name = f"{self._name}-private-services"
        addresses = gcp.compute.GlobalAddress(
            name,
            network=self.network_id,
            purpose="VPC_PEERING",
            address_type="INTERNAL",
            prefix_length=PRIVATE_SERVICES_PREFIX_LENGTH,
            opts=self._child,
        )
        return gcp.servicenetworking.Connection(
            name,
            network=self.network_id,
            service="servicenetworking.googleapis.com",
            reserved_peering_ranges=[addresses.name],
            # Google holds on to the connection for days after the last data store is gone.
            deletion_policy="REMOVE_PEERING",
            opts=self._child,
        )
