"""Which changed property makes Google Cloud replace a resource; where each entry is written. Holds no code.

Only the types that the stacks declare are here. A type that is missing is always updated in place.
"""

from collections.abc import Mapping

GCP_REPLACED_BY: Mapping[str, tuple[str, ...]] = {
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloud_run_v2_job
    "gcp:cloudrunv2/job:Job": ("location", "name", "project"),
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
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/artifact_registry_repository
    "gcp:artifactregistry/repository:Repository": (
        "format",
        "kmsKeyName",
        "location",
        "mode",
        "project",
        "repositoryId",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloudbuild_trigger
    "gcp:cloudbuild/trigger:Trigger": ("location", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_firewall
    "gcp:compute/firewall:Firewall": ("direction", "name", "network", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_security_policy
    "gcp:compute/securityPolicy:SecurityPolicy": ("name", "project", "type"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/iam_workload_identity_pool
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": ("mode", "project", "workloadIdentityPoolId"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/iam_workload_identity_pool_provider
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": (
        "project",
        "workloadIdentityPoolId",
        "workloadIdentityPoolProviderId",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_service
    "gcp:monitoring/customService:CustomService": ("project", "serviceId"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_slo
    "gcp:monitoring/slo:Slo": ("project", "service", "sloId"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_iam
    "gcp:projects/iAMMember:IAMMember": ("condition", "member", "project", "role"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/redis_instance
    "gcp:redis/instance:Instance": (
        "alternativeLocationId",
        "authorizedNetwork",
        "connectMode",
        "customerManagedKey",
        "locationId",
        "name",
        "project",
        "region",
        "reservedIpRange",
        "tier",
        "transitEncryptionMode",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/secret_manager_secret
    "gcp:secretmanager/secret:Secret": ("project", "replication", "secretId"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/secret_manager_secret_iam
    "gcp:secretmanager/secretIamMember:SecretIamMember": (
        "condition",
        "member",
        "project",
        "role",
        "secretId",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/secret_manager_secret_version
    "gcp:secretmanager/secretVersion:SecretVersion": ("secret", "secretData"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account_iam
    "gcp:serviceaccount/iAMMember:IAMMember": ("condition", "member", "role", "serviceAccountId"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/service_networking_connection
    "gcp:servicenetworking/connection:Connection": ("network", "service"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database
    "gcp:sql/database:Database": ("instance", "name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance
    "gcp:sql/databaseInstance:DatabaseInstance": (
        "encryptionKeyName",
        "masterInstanceName",
        "name",
        "project",
        "region",
        "settings.diskType",
    ),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_user
    "gcp:sql/user:User": ("host", "instance", "name", "project", "type"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/storage_bucket_iam
    "gcp:storage/bucketIAMMember:BucketIAMMember": ("bucket", "condition", "member", "role"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/logging_project_bucket_config
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ("bucketId", "location", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/logging_project_sink
    "gcp:logging/projectSink:ProjectSink": ("name", "project"),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_alert_policy
    "gcp:monitoring/alertPolicy:AlertPolicy": ("project",),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_dashboard
    "gcp:monitoring/dashboard:Dashboard": ("project",),
    # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/monitoring_uptime_check_config
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": (
        "httpCheck.requestMethod",
        "monitoredResource",
        "project",
        "resourceGroup",
    ),
}
