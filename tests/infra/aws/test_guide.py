"""The values that operators know from the deployment guide, each where it arrives."""

import json
from typing import Any

import pytest

from tests.infra.aws.example import everything

# what the guide says: (type, name, path of the input, value)
GUIDE: dict[str, tuple[str, str, str, Any]] = {
    "task CPU": ("ecs/taskDefinition:TaskDefinition", "api", "cpu", "1024"),
    "task memory": ("ecs/taskDefinition:TaskDefinition", "api", "memory", "2048"),
    "task network": ("ecs/taskDefinition:TaskDefinition", "api", "networkMode", "awsvpc"),
    "launch type": ("ecs/service:Service", "api", "launchType", "FARGATE"),
    "no public address": ("ecs/service:Service", "api", "networkConfiguration.assignPublicIp", False),
    "most tasks in a deployment": ("ecs/service:Service", "api", "deploymentMaximumPercent", 200),
    "least tasks in a deployment": ("ecs/service:Service", "api", "deploymentMinimumHealthyPercent", 50),
    "circuit breaker": ("ecs/service:Service", "api", "deploymentCircuitBreaker.enable", True),
    "rollback": ("ecs/service:Service", "api", "deploymentCircuitBreaker.rollback", True),
    "exec": ("ecs/service:Service", "api", "enableExecuteCommand", True),
    "least tasks": ("appautoscaling/target:Target", "api", "minCapacity", 2),
    "most tasks": ("appautoscaling/target:Target", "api", "maxCapacity", 10),
    "CPU target": (
        "appautoscaling/policy:Policy",
        "api-cpu",
        "targetTrackingScalingPolicyConfiguration.targetValue",
        70,
    ),
    "scale-out cooldown": (
        "appautoscaling/policy:Policy",
        "api-cpu",
        "targetTrackingScalingPolicyConfiguration.scaleOutCooldown",
        300,
    ),
    "scale-in cooldown": (
        "appautoscaling/policy:Policy",
        "api-cpu",
        "targetTrackingScalingPolicyConfiguration.scaleInCooldown",
        300,
    ),
    "VPC": ("ec2/vpc:Vpc", "network", "cidrBlock", "10.0.0.0/16"),
    "first private subnet": ("ec2/subnet:Subnet", "network-private-1", "cidrBlock", "10.0.1.0/24"),
    "third private subnet": ("ec2/subnet:Subnet", "network-private-3", "cidrBlock", "10.0.3.0/24"),
    "first public subnet": ("ec2/subnet:Subnet", "network-public-1", "cidrBlock", "10.0.101.0/24"),
    "third public subnet": ("ec2/subnet:Subnet", "network-public-3", "cidrBlock", "10.0.103.0/24"),
    "host names": ("ec2/vpc:Vpc", "network", "enableDnsHostnames", True),
    "balancer on the internet": ("lb/loadBalancer:LoadBalancer", "api", "internal", False),
    "balancer stays": ("lb/loadBalancer:LoadBalancer", "api", "enableDeletionProtection", True),
    "access logs": ("lb/loadBalancer:LoadBalancer", "api", "accessLogs.enabled", True),
    "exec sessions logged": (
        "ecs/cluster:Cluster",
        "cluster",
        "configuration.executeCommandConfiguration.logging",
        "OVERRIDE",
    ),
    "engine": ("rds/instance:Instance", "database", "engine", "postgres"),
    "storage": ("rds/instance:Instance", "database", "allocatedStorage", 20),
    "most storage": ("rds/instance:Instance", "database", "maxAllocatedStorage", 100),
    "encrypted": ("rds/instance:Instance", "database", "storageEncrypted", True),
    "backups": ("rds/instance:Instance", "database", "backupRetentionPeriod", 7),
    "backup window": ("rds/instance:Instance", "database", "backupWindow", "03:00-04:00"),
    "maintenance window": ("rds/instance:Instance", "database", "maintenanceWindow", "sun:04:00-sun:05:00"),
    "final snapshot": ("rds/instance:Instance", "database", "skipFinalSnapshot", False),
    "insights": ("rds/instance:Instance", "database", "performanceInsightsEnabled", True),
    "monitoring": ("rds/instance:Instance", "database", "monitoringInterval", 60),
    "cache port": ("elasticache/replicationGroup:ReplicationGroup", "cache", "port", 6379),
    "cache nodes": ("elasticache/replicationGroup:ReplicationGroup", "cache", "numCacheClusters", 2),
    "failover": ("elasticache/replicationGroup:ReplicationGroup", "cache", "automaticFailoverEnabled", True),
    "several zones": ("elasticache/replicationGroup:ReplicationGroup", "cache", "multiAzEnabled", True),
    "cache encrypted": (
        "elasticache/replicationGroup:ReplicationGroup",
        "cache",
        "atRestEncryptionEnabled",
        True,
    ),
    "cache over TLS": (
        "elasticache/replicationGroup:ReplicationGroup",
        "cache",
        "transitEncryptionEnabled",
        True,
    ),
}


@pytest.mark.parametrize("value", GUIDE)
def test_the_guides_value_arrives(value: str) -> None:
    kind, name, path, expected = GUIDE[value]
    found: Any = everything()[kind, name].inputs
    for key in path.split("."):
        found = found[key]
    assert found == expected


def test_every_resource_is_tagged_through_the_provider() -> None:
    tags = everything()["pulumi:providers:aws", "aws"].inputs["defaultTags"]
    assert json.loads(tags) == {
        "tags": {"Project": "airfield", "Environment": "production", "ManagedBy": "Pulumi"}
    }
