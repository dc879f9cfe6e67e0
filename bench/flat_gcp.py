"""The production stack on Google Cloud as one would write it by hand: resource after resource."""

import pulumi
import pulumi_gcp as gcp
import pulumi_random as random

PROJECT = "acme-production"
REGION = "us-central1"
IMAGE = "ghcr.io/acme/airfield@sha256:" + "0" * 64

labels = {"project": "airfield", "environment": "production", "managed-by": "pulumi"}
provider = gcp.Provider("gcp", project=PROJECT, region=REGION, default_labels=labels)
opts = pulumi.ResourceOptions(provider=provider)

apis = [
    gcp.projects.Service(
        f"apis-{api}",
        project=PROJECT,
        service=f"{api}.googleapis.com",
        disable_on_destroy=False,
        opts=opts,
    )
    for api in ("compute", "iam", "run", "secretmanager")
]
enabled = pulumi.ResourceOptions(provider=provider, depends_on=apis)

network = gcp.compute.Network("network", auto_create_subnetworks=False, opts=enabled)
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
random_provider = random.Provider("random")
suffix = random.RandomId("suffix", byte_length=2, opts=pulumi.ResourceOptions(provider=random_provider)).hex

count = pulumi.Config().get_int("count") or 1
for name in ["api", *(f"api-{number}" for number in range(2, count + 1))]:
    public = name == "api"
    account = gcp.serviceaccount.Account(
        name,
        account_id=pulumi.Output.concat(name, "-", suffix),
        display_name=f"Cloud Run service {name}",
        opts=enabled,
    )
    service = gcp.cloudrunv2.Service(
        name,
        location=REGION,
        deletion_protection=True,
        ingress="INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if public else "INGRESS_TRAFFIC_INTERNAL_ONLY",
        template={
            "service_account": account.email,
            "execution_environment": "EXECUTION_ENVIRONMENT_GEN2",
            "max_instance_request_concurrency": 80,
            "timeout": "300s",
            "scaling": {"min_instance_count": 2, "max_instance_count": 100},
            "vpc_access": {
                "network_interfaces": [{"subnetwork": subnet.id}],
                "egress": "PRIVATE_RANGES_ONLY",
            },
            "containers": [
                {
                    "image": IMAGE,
                    "ports": {"container_port": 8000},
                    "envs": [
                        {"name": "ENVIRONMENT", "value": "production"},
                        {"name": "LOG_LEVEL", "value": "INFO"},
                    ],
                    "resources": {
                        "limits": {"cpu": "1", "memory": "2048Mi"},
                        "cpu_idle": False,
                        "startup_cpu_boost": True,
                    },
                    "startup_probe": {
                        "http_get": {"path": "/ready"},
                        "period_seconds": 5,
                        "timeout_seconds": 3,
                        "failure_threshold": 12,
                    },
                    "liveness_probe": {
                        "http_get": {"path": "/health"},
                        "initial_delay_seconds": 30,
                        "period_seconds": 10,
                        "timeout_seconds": 5,
                        "failure_threshold": 3,
                    },
                }
            ],
        },
        traffics=[{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
        opts=enabled,
    )
    if not public:
        continue
    gcp.cloudrunv2.ServiceIamMember(
        "api-invoked-by-anyone",
        name=service.name,
        location=REGION,
        role="roles/run.invoker",
        member="allUsers",
        opts=opts,
    )
    group = gcp.compute.RegionNetworkEndpointGroup(
        "api",
        region=REGION,
        network_endpoint_type="SERVERLESS",
        cloud_run={"service": service.name},
        opts=enabled,
    )
    backend = gcp.compute.BackendService(
        "api", load_balancing_scheme="EXTERNAL_MANAGED", backends=[{"group": group.id}], opts=enabled
    )
    certificate = gcp.compute.ManagedSslCertificate(
        "api", managed={"domains": ["api.example.com"]}, opts=enabled
    )
    policy = gcp.compute.SSLPolicy("api", profile="MODERN", min_tls_version="TLS_1_2", opts=enabled)
    address = gcp.compute.GlobalAddress("api", opts=enabled)
    secure = gcp.compute.TargetHttpsProxy(
        "api",
        url_map=gcp.compute.URLMap("api", default_service=backend.id, opts=enabled).id,
        ssl_certificates=[certificate.id],
        ssl_policy=policy.id,
        opts=enabled,
    )
    redirect = gcp.compute.URLMap(
        "api-redirect",
        default_url_redirect={
            "https_redirect": True,
            "redirect_response_code": "MOVED_PERMANENTLY_DEFAULT",
            "strip_query": False,
        },
        opts=enabled,
    )
    plain = gcp.compute.TargetHttpProxy("api-redirect", url_map=redirect.id, opts=enabled)
    for rule, port, proxy in (("api", "443", secure.id), ("api-redirect", "80", plain.id)):
        gcp.compute.GlobalForwardingRule(
            rule,
            load_balancing_scheme="EXTERNAL_MANAGED",
            ip_address=address.address,
            port_range=port,
            target=proxy,
            opts=enabled,
        )
