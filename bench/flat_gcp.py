"""The production stack on Google Cloud as one would write it by hand: resource after resource."""

import pulumi
import pulumi_gcp as gcp
from flat_gcp_ground import REGION, opts, subnet, suffix
from flat_gcp_watch import (
    alert_on_instances,
    alert_on_silence,
    check,
    keep_logs,
    measure,
    show,
)

DOMAIN = "api.example.com"
IMAGE = "ghcr.io/acme/airfield@sha256:" + "0" * 64

service_names: dict[str, pulumi.Output[str]] = {}
count = pulumi.Config().get_int("count") or 1
for name in ["api", *(f"api-{number}" for number in range(2, count + 1))]:
    public = name == "api"
    account = gcp.serviceaccount.Account(
        name,
        account_id=pulumi.Output.concat(name, "-", suffix),
        display_name=f"Cloud Run service {name}",
        opts=opts,
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
            "scaling": {"min_instance_count": 2, "max_instance_count": 100, "cpu_utilization": 0.7},
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
        opts=opts,
    )
    service_names[name] = service.name
    measure(name, service.name)
    alert_on_instances(name, service.name)
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
        opts=opts,
    )
    armor = gcp.compute.SecurityPolicy(
        "api",
        type="CLOUD_ARMOR",
        rules=[
            {
                "priority": 1000,
                "action": "throttle",
                "description": "Requests a minute of one address",
                "match": {"versioned_expr": "SRC_IPS_V1", "config": {"src_ip_ranges": ["*"]}},
                "rate_limit_options": {
                    "conform_action": "allow",
                    "exceed_action": "deny(429)",
                    "enforce_on_key": "IP",
                    "rate_limit_threshold": {"count": 600, "interval_sec": 60},
                },
            },
            {
                "priority": 2147483647,
                "action": "allow",
                "description": "Everything else",
                "match": {"versioned_expr": "SRC_IPS_V1", "config": {"src_ip_ranges": ["*"]}},
            },
        ],
        opts=opts,
    )
    backend = gcp.compute.BackendService(
        "api",
        load_balancing_scheme="EXTERNAL_MANAGED",
        backends=[{"group": group.id}],
        security_policy=armor.id,
        log_config={"enable": True, "sample_rate": 1},
        opts=opts,
    )
    certificate = gcp.compute.ManagedSslCertificate("api", managed={"domains": [DOMAIN]}, opts=opts)
    policy = gcp.compute.SSLPolicy("api", profile="MODERN", min_tls_version="TLS_1_2", opts=opts)
    address = gcp.compute.GlobalAddress("api", opts=opts)
    secure = gcp.compute.TargetHttpsProxy(
        "api",
        url_map=gcp.compute.URLMap("api", default_service=backend.id, opts=opts).id,
        ssl_certificates=[certificate.id],
        ssl_policy=policy.id,
        opts=opts,
    )
    redirect = gcp.compute.URLMap(
        "api-redirect",
        default_url_redirect={
            "https_redirect": True,
            "redirect_response_code": "MOVED_PERMANENTLY_DEFAULT",
            "strip_query": False,
        },
        opts=opts,
    )
    plain = gcp.compute.TargetHttpProxy("api-redirect", url_map=redirect.id, opts=opts)
    for rule, port, proxy in (("api", "443", secure.id), ("api-redirect", "80", plain.id)):
        gcp.compute.GlobalForwardingRule(
            rule,
            load_balancing_scheme="EXTERNAL_MANAGED",
            ip_address=address.address,
            port_range=port,
            target=proxy,
            opts=opts,
        )
    alert_on_silence("api", check("api", DOMAIN))
show(service_names)
keep_logs(service_names)
