"""Which changed property makes Google Cloud replace a resource; where each entry is written. Holds no code.

Only the types that the stacks declare are here. A type that is missing is always updated in place.
"""

from collections.abc import Mapping

GCP_REPLACED_BY: Mapping[str, tuple[str, ...]] = {
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloud_run_v2_service
    "gcp:cloudrunv2/service:Service": ("location", "name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloud_run_v2_service_iam
    "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": (
        "condition",
        "location",
        "member",
        "name",
        "project",
        "role",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_backend_service
    "gcp:compute/backendService:BackendService": ("loadBalancingScheme", "name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_global_address
    "gcp:compute/globalAddress:GlobalAddress": (
        "address",
        "addressType",
        "description",
        "ipVersion",
        "name",
        "network",
        "prefixLength",
        "project",
        "purpose",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_global_forwarding_rule
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": (
        "description",
        "ipAddress",
        "ipProtocol",
        "ipVersion",
        "loadBalancingScheme",
        "name",
        "network",
        "portRange",
        "project",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_managed_ssl_certificate
    "gcp:compute/managedSslCertificate:ManagedSslCertificate": (
        "description",
        "managed",
        "name",
        "project",
        "type",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_network
    "gcp:compute/network:Network": ("autoCreateSubnetworks", "description", "name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_region_network_endpoint_group
    "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": (
        "cloudRun",
        "description",
        "name",
        "networkEndpointType",
        "project",
        "region",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_router
    "gcp:compute/router:Router": ("encryptedInterconnectRouter", "name", "network", "project", "region"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_router_nat
    "gcp:compute/routerNat:RouterNat": ("name", "project", "region", "router", "type"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_ssl_policy
    "gcp:compute/sSLPolicy:SSLPolicy": ("description", "name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_subnetwork
    "gcp:compute/subnetwork:Subnetwork": (
        "description",
        "ipCidrRange",
        "name",
        "network",
        "project",
        "region",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_target_http_proxy
    "gcp:compute/targetHttpProxy:TargetHttpProxy": ("description", "name", "project", "proxyBind"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_target_https_proxy
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": ("description", "name", "project", "proxyBind"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_url_map
    "gcp:compute/uRLMap:URLMap": ("name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_service
    "gcp:projects/service:Service": ("project", "service"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account
    "gcp:serviceaccount/account:Account": ("accountId", "project"),
}
