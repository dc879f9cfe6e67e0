"""What the flat program on Google Cloud shares between its workloads: APIs, provider, network."""

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

PROJECT = "acme-production"
REGION = "us-central1"

labels = {"project": "airfield", "environment": "production"}
enabling = pulumi.ResourceOptions(provider=gcp.Provider("gcp-apis", project=PROJECT, region=REGION))
first = gcp.projects.Service(
    "apis-serviceusage",
    project=PROJECT,
    service="serviceusage.googleapis.com",
    disable_on_destroy=False,
    opts=enabling,
)
apis = [
    gcp.projects.Service(
        f"apis-{api}",
        project=PROJECT,
        service=f"{api}.googleapis.com",
        disable_on_destroy=False,
        opts=pulumi.ResourceOptions(provider=enabling.provider, depends_on=[first]),
    )
    for api in ("compute", "iam", "logging", "monitoring", "run", "secretmanager", "servicenetworking")
]
provider = gcp.Provider(
    "gcp",
    project=PROJECT,
    region=REGION,
    default_labels=labels,
    opts=pulumi.ResourceOptions(depends_on=[first, *apis]),
)
opts = pulumi.ResourceOptions(provider=provider)

network = gcp.compute.Network("network", auto_create_subnetworks=False, opts=opts)
subnet = gcp.compute.Subnetwork(
    "network-subnet",
    network=network.id,
    region=REGION,
    ip_cidr_range="10.0.0.0/20",
    private_ip_google_access=True,
    opts=opts,
)
router = gcp.compute.Router("network-router", network=network.id, region=REGION, opts=opts)
gcp.compute.RouterNat(
    "network-nat",
    router=router.name,
    region=REGION,
    nat_ip_allocate_option="AUTO_ONLY",
    source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
    opts=opts,
)
gcp.compute.Firewall(
    "network-closed",
    network=network.id,
    direction="INGRESS",
    priority=65534,
    denies=[{"protocol": "all"}],
    source_ranges=["0.0.0.0/0"],
    log_config={"metadata": "EXCLUDE_ALL_METADATA"},
    opts=opts,
)
private_services = gcp.compute.GlobalAddress(
    "network-private-services",
    network=network.id,
    purpose="VPC_PEERING",
    address_type="INTERNAL",
    prefix_length=20,
    opts=opts,
)
gcp.servicenetworking.Connection(
    "network-private-services",
    network=network.id,
    service="servicenetworking.googleapis.com",
    reserved_peering_ranges=[private_services.name],
    deletion_policy="REMOVE_PEERING",
    opts=opts,
)
random_provider = random.Provider("random")
suffix = random.RandomId("suffix", byte_length=2, opts=pulumi.ResourceOptions(provider=random_provider)).hex
