import json
from functools import cache
from typing import Any

import pytest

from tests.synth import Declared, Synthesis, synthesise_config

REPOSITORY = "111122223333.dkr.ecr.us-east-1.amazonaws.com/acme/airfield"
IMAGE = f"{REPOSITORY}@sha256:{'0' * 64}"


@cache
def said() -> Synthesis:
    """A public workload with every setting, and a private one with none."""
    api: dict[str, object] = {
        "public": True,
        "port": 8080,
        "command": ["python", "-m", "app"],
        "cpuMillicores": 1000,
        "memoryMib": 2048,
        "drainSeconds": 110,
        "health": {"startSeconds": 90, "command": ["/bin/check"]},
        "environment": {"LOG_LEVEL": "INFO"},
        "secrets": ["API_KEY"],
        "uses": ["postgres", "redis"],
    }
    return synthesise_config(
        {
            "airfield:target": "aws",
            "airfield:environment": "staging",
            "airfield:image": IMAGE,
            "airfield:workloads": {"api": api, "worker": {"cpuMillicores": 250}},
            "airfield:postgres": {"external": True},
            "airfield:redis": {"external": True},
            "airfield:secrets": {"API_KEY": "1", "DATABASE_URL": "2", "REDIS_URL": "3", "UNUSED": "4"},
            "airfield:aws": {"logRetentionDays": 90},
            "aws:region": "eu-west-1",
        }
    )


def service(name: str) -> Declared:
    return said()["ecs/service:Service", name]


def container(name: str) -> Any:  # noqa: ANN401  a JSON document
    (only,) = json.loads(said()["TaskDefinition", name].inputs["containerDefinitions"])
    return only


def test_the_service_replaces_tasks_in_halves_and_rolls_back_by_itself() -> None:
    inputs = service("api").inputs
    assert {key: value for key, value in inputs.items() if key not in REFERENCES} == {
        "desiredCount": 2,
        "launchType": "FARGATE",
        "deploymentMinimumHealthyPercent": 50,
        "deploymentMaximumPercent": 200,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "enableExecuteCommand": True,
        "healthCheckGracePeriodSeconds": 90,
        "propagateTags": "SERVICE",
        "waitForSteadyState": True,
    }


def test_a_migration_succeeds_before_its_task_answers() -> None:
    workload = {"migrate": ["app", "migrate"], "memoryMib": 1024, "secrets": ["API_KEY"]}
    config = {
        "airfield:target": "aws",
        "airfield:image": IMAGE,
        "airfield:workloads": {"api": workload},
        "airfield:secrets": {"API_KEY": "1"},
    }
    made = synthesise_config(config)
    served, first = json.loads(made["TaskDefinition", "api"].inputs["containerDefinitions"])
    assert served["dependsOn"] == [{"containerName": "api-migrate", "condition": "SUCCESS"}]
    only_served = {"dependsOn", "portMappings", "healthCheck", "stopTimeout"}
    logs = served["logConfiguration"]
    assert first == {
        **{key: value for key, value in served.items() if key not in only_served},
        "name": "api-migrate",
        "essential": False,
        "command": ["app", "migrate"],
        "logConfiguration": {
            **logs,
            "options": {**logs["options"], "awslogs-stream-prefix": "api-migrate"},
        },
    }
    assert made.warnings == []


REFERENCES = {
    "alarms",
    "cluster",
    "taskDefinition",
    "loadBalancers",
    "networkConfiguration",
    "serviceRegistries",
}


def test_tasks_run_in_private_subnets_without_a_public_address() -> None:
    network = service("api").inputs["networkConfiguration"]
    private = {f"Subnet network-private-{zone}" for zone in (1, 2, 3)}
    assert network["assignPublicIp"] is False
    assert len(network["subnets"]) == 3
    assert len(network["securityGroups"]) == 1
    assert {name for name in service("api").waits_for if name.startswith("Subnet ")} == private


def test_task_count_is_left_to_the_autoscaler() -> None:
    assert service("api").options["ignoreChanges"] == ["desiredCount"]


def test_tasks_start_only_when_they_can_reach_and_be_reached() -> None:
    awaited = service("api").waits_for
    assert awaited >= {
        "Listener api",
        "TargetGroup api",
        *(f"RouteTableAssociation network-private-{zone}-routed" for zone in (1, 2, 3)),
        "SecurityGroupEgressRule api-to-internet-443",
        "SecurityGroupIngressRule api-from-api-balancer",
    }


def test_the_balancer_meets_a_public_workload_on_its_port() -> None:
    (target,) = service("api").inputs["loadBalancers"]
    assert (target["containerName"], target["containerPort"]) == ("api", 8080)
    assert target["targetGroupArn"].startswith("arn:aws:elasticloadbalancing:")


def test_a_private_workload_has_no_balancer_and_no_grace_period() -> None:
    assert {"loadBalancers", "healthCheckGracePeriodSeconds"} & set(service("worker").inputs) == set()
    assert [each.name for each in said().of_type("lb/loadBalancer:LoadBalancer")] == ["api"]


def test_every_workload_is_found_by_its_name() -> None:
    registration = said()["servicediscovery/service:Service", "worker"]
    assert registration.inputs["name"] == "worker"
    assert registration.inputs["dnsConfig"]["dnsRecords"] == [{"type": "A", "ttl": 10}]
    assert "Service worker" in service("worker").waits_for


def test_the_task_is_bought_in_a_size_that_fargate_sells() -> None:
    inputs = said()["TaskDefinition", "api"].inputs
    kept = ("family", "cpu", "memory", "networkMode", "requiresCompatibilities", "volumes")
    assert {key: inputs[key] for key in kept} == {
        "family": "api",
        "cpu": "1024",
        "memory": "2048",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "volumes": [{"name": "tmp"}, {"name": "exec-state"}, {"name": "exec-logs"}],
    }


def test_the_container_is_hardened_and_told_everything() -> None:
    definition = container("api")
    definition["logConfiguration"]["options"].pop("awslogs-group")
    for secret in definition["secrets"]:
        secret["valueFrom"] = secret["valueFrom"].partition("/")[0]
    kept_in = "arn:aws:secretsmanager:us-east-1:111122223333:secret"
    assert definition == {
        "name": "api",
        "image": IMAGE,
        "essential": True,
        "command": ["python", "-m", "app"],
        "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
        "environment": [
            {"name": "ENVIRONMENT", "value": "staging"},
            {"name": "LOG_LEVEL", "value": "INFO"},
        ],
        "secrets": [
            {"name": name, "valueFrom": kept_in} for name in ("API_KEY", "DATABASE_URL", "REDIS_URL")
        ],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-region": "eu-west-1",
                "awslogs-stream-prefix": "api",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
        "healthCheck": {
            "command": ["CMD", "/bin/check"],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 90,
        },
        "user": "1000",
        "readonlyRootFilesystem": True,
        "mountPoints": [
            {"sourceVolume": "tmp", "containerPath": "/tmp"},  # noqa: S108  the image's scratch
            {"sourceVolume": "exec-state", "containerPath": "/var/lib/amazon"},
            {"sourceVolume": "exec-logs", "containerPath": "/var/log/amazon"},
        ],
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "stopTimeout": 120,
    }


def test_an_image_keeps_its_own_command_where_none_is_set() -> None:
    assert "command" not in container("worker")


def test_logs_go_to_the_workloads_own_group() -> None:
    group = container("api")["logConfiguration"]["options"]["awslogs-group"]
    assert group.startswith("api-")
    assert said()["LogGroup", "api"].inputs == {"retentionInDays": 90}


def test_a_task_is_defined_only_when_its_roles_may_do_their_work() -> None:
    assert said()["TaskDefinition", "api"].waits_for >= {
        "RolePolicy api-execution",
        "RolePolicy api-task",
        "SecretVersion secrets-API_KEY",
    }


def test_the_execution_role_reads_exactly_the_tasks_secrets() -> None:
    policy = json.loads(said()["RolePolicy", "api-execution"].inputs["policy"])
    logs, secrets, login, pull = policy["Statement"]
    assert [len(logs["Resource"]), logs["Resource"][0][-2:]] == [1, ":*"]
    assert secrets["Action"] == ["secretsmanager:GetSecretValue"]
    assert len(secrets["Resource"]) == 3
    for arn, name in zip(secrets["Resource"], ("API_KEY", "DATABASE_URL", "REDIS_URL"), strict=True):
        assert f"secrets-{name}" in arn
    assert login["Action"] == ["ecr:GetAuthorizationToken"]
    assert pull["Resource"] == ["arn:aws:ecr:us-east-1:111122223333:repository/acme/airfield"]
    worker = json.loads(said()["RolePolicy", "worker-execution"].inputs["policy"])
    assert "secretsmanager:GetSecretValue" not in json.dumps(worker)


def test_a_secret_that_nobody_gets_is_not_kept() -> None:
    assert [secret.name for secret in said().of_type("secretsmanager/secret:Secret")] == [
        "secrets-API_KEY",
        "secrets-DATABASE_URL",
        "secrets-REDIS_URL",
    ]


@pytest.mark.parametrize(
    ("workload", "ports"), [("api", {443, 5432, 6379}), ("worker", {443})], ids=["uses both", "uses none"]
)
def test_tasks_leave_only_for_tls_and_the_stores_they_use(workload: str, ports: set[int]) -> None:
    rules = [rule for rule in said().of_type("EgressRule") if rule.name.startswith(f"{workload}-to-internet")]
    assert {rule.inputs["fromPort"] for rule in rules} == ports
    assert {rule.inputs["toPort"] for rule in rules} == ports


def test_everything_is_tagged_by_the_provider() -> None:
    provider = said()["pulumi:providers:aws", "aws"].inputs
    assert json.loads(provider["defaultTags"]) == {
        "tags": {"Project": "airfield", "Environment": "staging", "ManagedBy": "Pulumi"}
    }
    assert provider["region"] == "eu-west-1"
