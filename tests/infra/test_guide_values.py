"""Every value of the deployment guide that the foundation carries, a row each: what, expected, where."""

import json
from typing import Any, cast

import pytest

from tests.committed import landed

Where = tuple[str, str, str, str]
Row = tuple[str, object, Where]


def at(value: object, path: str) -> object:
    """`a/0/b` of a nested value, JSON documents opened on the way; a key that is not there is None."""
    for part in path.split("/"):
        opened: Any = json.loads(value) if isinstance(value, str) else value
        value = cast("object", opened[int(part)] if isinstance(opened, list) else opened.get(part))
    return value


def aws(kind: str, name: str, path: str) -> Where:
    return "aws", kind, name, path


def run(path: str) -> Where:
    return "gcp", "cloudrunv2/service:Service", "api", f"template/{path}"


def pod(path: str) -> Where:
    return "kubernetes", "Deployment", "api", f"spec/template/spec/{path}"


def cluster(kind: str, name: str, path: str) -> Where:
    return "kubernetes", kind, name, path


TASK, SERVICE = ("ecs/taskDefinition:TaskDefinition", "api"), ("ecs/service:Service", "api")
CONTAINER, LOGS = "containerDefinitions/0", "containerDefinitions/0/logConfiguration"
CHECK, MAIN = "containerDefinitions/0/healthCheck", ("ecs/cluster:Cluster", "cluster")
TARGET, CPU = ("appautoscaling/target:Target", "api"), ("appautoscaling/policy:Policy", "api-cpu")
TRACKING = "targetTrackingScalingPolicyConfiguration"
EXEC = "configuration/executeCommandConfiguration"
VPC = ("ec2/vpc:Vpc", "network")

ON_AWS: list[Row] = [
    ("task cpu", "1024", aws(*TASK, "cpu")),
    ("task memory", "2048", aws(*TASK, "memory")),
    ("task network mode", "awsvpc", aws(*TASK, "networkMode")),
    ("task compatibility", ["FARGATE"], aws(*TASK, "requiresCompatibilities")),
    ("container name", "api", aws(*TASK, f"{CONTAINER}/name")),
    ("container is essential", True, aws(*TASK, f"{CONTAINER}/essential")),
    ("container port", 8000, aws(*TASK, f"{CONTAINER}/portMappings/0/containerPort")),
    ("container protocol", "tcp", aws(*TASK, f"{CONTAINER}/portMappings/0/protocol")),
    ("ENVIRONMENT", {"name": "ENVIRONMENT", "value": "production"}, aws(*TASK, f"{CONTAINER}/environment/0")),
    ("LOG_LEVEL", {"name": "LOG_LEVEL", "value": "INFO"}, aws(*TASK, f"{CONTAINER}/environment/1")),
    ("log driver", "awslogs", aws(*TASK, f"{LOGS}/logDriver")),
    ("log region", "us-east-1", aws(*TASK, f"{LOGS}/options/awslogs-region")),
    ("log stream prefix", "api", aws(*TASK, f"{LOGS}/options/awslogs-stream-prefix")),
    ("health check interval", 30, aws(*TASK, f"{CHECK}/interval")),
    ("health check timeout", 5, aws(*TASK, f"{CHECK}/timeout")),
    ("health check retries", 3, aws(*TASK, f"{CHECK}/retries")),
    ("health check start period", 60, aws(*TASK, f"{CHECK}/startPeriod")),
    ("launch type", "FARGATE", aws(*SERVICE, "launchType")),
    ("public address", False, aws(*SERVICE, "networkConfiguration/assignPublicIp")),
    ("balanced container", "api", aws(*SERVICE, "loadBalancers/0/containerName")),
    ("balanced port", 8000, aws(*SERVICE, "loadBalancers/0/containerPort")),
    ("most tasks in a deployment", 200, aws(*SERVICE, "deploymentMaximumPercent")),
    ("fewest tasks in a deployment", 50, aws(*SERVICE, "deploymentMinimumHealthyPercent")),
    ("circuit breaker", True, aws(*SERVICE, "deploymentCircuitBreaker/enable")),
    ("rollback", True, aws(*SERVICE, "deploymentCircuitBreaker/rollback")),
    ("exec", True, aws(*SERVICE, "enableExecuteCommand")),
    ("most tasks", 10, aws(*TARGET, "maxCapacity")),
    ("fewest tasks", 2, aws(*TARGET, "minCapacity")),
    ("scaled dimension", "ecs:service:DesiredCount", aws(*TARGET, "scalableDimension")),
    ("scaled namespace", "ecs", aws(*TARGET, "serviceNamespace")),
    ("scaling policy", "TargetTrackingScaling", aws(*CPU, "policyType")),
    (
        "scaling metric",
        "ECSServiceAverageCPUUtilization",
        aws(*CPU, f"{TRACKING}/predefinedMetricSpecification/predefinedMetricType"),
    ),
    ("scaling target", 70, aws(*CPU, f"{TRACKING}/targetValue")),
    ("scale-out cooldown", 300, aws(*CPU, f"{TRACKING}/scaleOutCooldown")),
    ("scale-in cooldown", 300, aws(*CPU, f"{TRACKING}/scaleInCooldown")),
    ("VPC addresses", "10.0.0.0/16", aws(*VPC, "cidrBlock")),
    ("VPC DNS hostnames", True, aws(*VPC, "enableDnsHostnames")),
    ("VPC DNS support", True, aws(*VPC, "enableDnsSupport")),
    *(
        (f"{role} subnet {n}", f"10.0.{first + n}.0/24", aws(":Subnet", f"network-{role}-{n}", "cidrBlock"))
        for role, first in (("private", 0), ("public", 100))
        for n in (1, 2, 3)
    ),
    *(
        (f"zone {n}", f"us-east-1{zone}", aws(":Subnet", f"network-private-{n}", "availabilityZone"))
        for n, zone in enumerate("abc", 1)
    ),
    ("container insights", {"name": "containerInsights", "value": "enabled"}, aws(*MAIN, "settings/0")),
    ("exec logging", "OVERRIDE", aws(*MAIN, f"{EXEC}/logging")),
    ("balancer is internal", False, aws("lb/loadBalancer:LoadBalancer", "api", "internal")),
    ("balancer type", "application", aws("lb/loadBalancer:LoadBalancer", "api", "loadBalancerType")),
    ("deletion protection", True, aws("lb/loadBalancer:LoadBalancer", "api", "enableDeletionProtection")),
    ("region", "us-east-1", aws("pulumi:providers:aws", "aws", "region")),
    ("tag Environment", "production", aws("pulumi:providers:aws", "aws", "defaultTags/tags/Environment")),
]
ONE = "containers/0"
ON_GCP: list[Row] = [
    ("execution environment", "EXECUTION_ENVIRONMENT_GEN2", run("executionEnvironment")),
    ("fewest instances", 2, run("scaling/minInstanceCount")),
    ("most instances", 100, run("scaling/maxInstanceCount")),
    ("concurrency", 80, run("maxInstanceRequestConcurrency")),
    ("timeout", "300s", run("timeout")),
    ("cpu", "1", run(f"{ONE}/resources/limits/cpu")),
    ("memory of 2Gi", "2048Mi", run(f"{ONE}/resources/limits/memory")),
    ("cpu throttling", False, run(f"{ONE}/resources/cpuIdle")),
    ("port", 8000, run(f"{ONE}/ports/containerPort")),
    ("ENVIRONMENT", {"name": "ENVIRONMENT", "value": "production"}, run(f"{ONE}/envs/0")),
    ("liveness path", "/health", run(f"{ONE}/livenessProbe/httpGet/path")),
    ("liveness delay", 30, run(f"{ONE}/livenessProbe/initialDelaySeconds")),
    ("liveness period", 10, run(f"{ONE}/livenessProbe/periodSeconds")),
    ("unauthenticated", "allUsers", ("gcp", "ServiceIamMember", "api-invoked-by-allUsers", "member")),
    ("region", "us-central1", ("gcp", "cloudrunv2/service:Service", "api", "location")),
]
ROLLING, HPA = "spec/strategy", ("HorizontalPodAutoscaler", "api-autoscaler")
HTTP = ("core/v1:Service", "api-service")
ON_KUBERNETES: list[Row] = [
    ("strategy", "RollingUpdate", cluster("Deployment", "api", f"{ROLLING}/type")),
    ("most absent", 1, cluster("Deployment", "api", f"{ROLLING}/rollingUpdate/maxUnavailable")),
    ("most surplus", 1, cluster("Deployment", "api", f"{ROLLING}/rollingUpdate/maxSurge")),
    ("non-root", True, pod("securityContext/runAsNonRoot")),
    ("user", 1000, pod("securityContext/runAsUser")),
    ("group of volumes", 2000, pod("securityContext/fsGroup")),
    ("container name", "api", pod(f"{ONE}/name")),
    ("port", 8000, pod(f"{ONE}/ports/0/containerPort")),
    ("protocol", "TCP", pod(f"{ONE}/ports/0/protocol")),
    ("liveness path", "/health", pod(f"{ONE}/livenessProbe/httpGet/path")),
    ("liveness delay", 30, pod(f"{ONE}/livenessProbe/initialDelaySeconds")),
    ("liveness period", 10, pod(f"{ONE}/livenessProbe/periodSeconds")),
    ("liveness timeout", 5, pod(f"{ONE}/livenessProbe/timeoutSeconds")),
    ("liveness failures", 3, pod(f"{ONE}/livenessProbe/failureThreshold")),
    ("readiness delay", 5, pod(f"{ONE}/readinessProbe/initialDelaySeconds")),
    ("readiness period", 5, pod(f"{ONE}/readinessProbe/periodSeconds")),
    ("readiness timeout", 3, pod(f"{ONE}/readinessProbe/timeoutSeconds")),
    ("readiness failures", 3, pod(f"{ONE}/readinessProbe/failureThreshold")),
    ("privilege escalation", False, pod(f"{ONE}/securityContext/allowPrivilegeEscalation")),
    ("read-only root", True, pod(f"{ONE}/securityContext/readOnlyRootFilesystem")),
    ("dropped capabilities", ["ALL"], pod(f"{ONE}/securityContext/capabilities/drop")),
    ("scratch", "/tmp", pod(f"{ONE}/volumeMounts/0/mountPath")),  # noqa: S108  the guide's path
    ("scratch volume", {"name": "tmp", "emptyDir": {}}, pod("volumes/0")),
    ("nodes", {"kubernetes.io/os": "linux"}, pod("nodeSelector")),
    ("service type", "ClusterIP", cluster(*HTTP, "spec/type")),
    ("service port", 80, cluster(*HTTP, "spec/ports/0/port")),
    ("service protocol", "TCP", cluster(*HTTP, "spec/ports/0/protocol")),
    ("service port name", "http", cluster(*HTTP, "spec/ports/0/name")),
    ("fewest pods", 2, cluster(*HPA, "spec/minReplicas")),
    ("most pods", 10, cluster(*HPA, "spec/maxReplicas")),
    ("cpu metric", "cpu", cluster(*HPA, "spec/metrics/0/resource/name")),
    ("cpu target", 70, cluster(*HPA, "spec/metrics/0/resource/target/averageUtilization")),
    ("memory metric", "memory", cluster(*HPA, "spec/metrics/1/resource/name")),
    ("memory target", 80, cluster(*HPA, "spec/metrics/1/resource/target/averageUtilization")),
    (
        "scale down",
        {
            "stabilizationWindowSeconds": 300,
            "policies": [{"type": "Percent", "value": 10, "periodSeconds": 60}],
        },
        cluster(*HPA, "spec/behavior/scaleDown"),
    ),
    (
        "scale up",
        {
            "stabilizationWindowSeconds": 0,
            "policies": [
                {"type": "Percent", "value": 100, "periodSeconds": 15},
                {"type": "Pods", "value": 4, "periodSeconds": 15},
            ],
            "selectPolicy": "Max",
        },
        cluster(*HPA, "spec/behavior/scaleUp"),
    ),
    ("ingress path", "/", cluster("Ingress", "api-ingress", "spec/rules/0/http/paths/0/path")),
    ("ingress path type", "Prefix", cluster("Ingress", "api-ingress", "spec/rules/0/http/paths/0/pathType")),
    ("ingress class", "nginx", cluster("Ingress", "api-ingress", "spec/ingressClassName")),
]

ROWS = [*ON_AWS, *ON_GCP, *ON_KUBERNETES]


@pytest.mark.parametrize(
    ("where", "expected"),
    [pytest.param(where, expected, id=f"{where[0]}: {what}") for what, expected, where in ROWS],
)
def test_the_guides_value_is_declared(where: Where, expected: object) -> None:
    target, kind, name, path = where
    assert at(landed("prod", target)[kind, name].inputs, path) == expected


def test_a_hundred_values_of_the_guide_are_held() -> None:
    assert len(ROWS) >= 100


def test_the_container_asks_the_guides_path() -> None:
    command = at(landed("prod", "aws")[TASK].inputs, f"{CHECK}/command/3")
    assert "http://127.0.0.1:8000/health" in str(command)


def test_tasks_are_registered_for_discovery_and_sessions_are_logged() -> None:
    said = landed("prod", "aws")
    assert at(said[SERVICE].inputs, "serviceRegistries/registryArn")
    assert at(said[MAIN].inputs, f"{EXEC}/logConfiguration/cloudWatchLogGroupName")


def test_every_zone_has_a_nat_gateway_and_there_is_no_vpn() -> None:
    said = landed("prod", "aws")
    assert (len(said.of_type("NatGateway")), len(said.of_type("VpnGateway"))) == (3, 0)


def test_a_service_without_a_domain_takes_all_traffic() -> None:
    service = landed("staging", "gcp")["cloudrunv2/service:Service", "api"]
    assert service.inputs["ingress"] == "INGRESS_TRAFFIC_ALL"
