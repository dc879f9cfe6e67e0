from functools import cache

import pulumi_aws as aws
import pytest

from infra.aws.autoscaling import Autoscaling, AutoscalingArgs
from infra.aws.cluster import Cluster, ClusterArgs, url_in_namespace
from infra.aws.secrets import Secrets, SecretsArgs
from infra.aws.security_group import SecurityGroup
from infra.slo import Slo
from infra.workload import Scaling
from tests.synth import Synthesis, synthesise


@cache
def cluster() -> Synthesis:
    return synthesise(lambda: Cluster("cluster", ClusterArgs(vpc_id="vpc-1", log_retention_days=14)))


def scaled(scaling: Scaling) -> Synthesis:
    args = AutoscalingArgs(
        scaling=scaling, cluster_name="main", service_name="api-1", load_balancer=None, slo=Slo()
    )
    return synthesise(lambda: Autoscaling("api", args))


def two_groups() -> Synthesis:
    def program() -> None:
        web, orders = (SecurityGroup(name, "vpc-1", f"Tasks of {name}") for name in ("web", "orders"))
        web.allow_from_anywhere(80)
        web.allow_to(orders, 8001)
        orders.allow_to_anywhere(443)

    return synthesise(program)


def test_the_cluster_has_insights_and_logs_what_is_typed_in_exec_sessions() -> None:
    log_group = cluster()["LogGroup", "cluster-exec"]
    assert log_group.inputs == {"retentionInDays": 14}
    ecs = cluster()["ecs/cluster:Cluster", "cluster"]
    logging = ecs.inputs["configuration"]["executeCommandConfiguration"]
    assert ecs.inputs["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert logging["logging"] == "OVERRIDE"
    assert logging["logConfiguration"]["cloudWatchLogGroupName"].startswith("cluster-exec-")
    assert ecs.waits_for == {"LogGroup cluster-exec"}


def test_the_stack_has_private_names_in_its_own_network() -> None:
    assert cluster()["PrivateDnsNamespace", "cluster-names"].inputs == {
        "name": "airfield.internal",
        "vpc": "vpc-1",
    }
    assert url_in_namespace("orders", 8001) == "http://orders.airfield.internal:8001"


@pytest.mark.parametrize(
    ("scaling", "range_"),
    [
        (Scaling(), (2, 10)),
        (Scaling(min_replicas=1, max_replicas=3), (1, 3)),
        (Scaling(min_replicas=12), (12, 12)),
        (Scaling(min_replicas=12, max_replicas=40), (12, 40)),
    ],
    ids=str,
)
def test_tasks_stay_between_least_and_most(scaling: Scaling, range_: tuple[int, int]) -> None:
    assert scaled(scaling)["Target", "api"].inputs == {
        "minCapacity": range_[0],
        "maxCapacity": range_[1],
        "resourceId": "service/main/api-1",
        "scalableDimension": "ecs:service:DesiredCount",
        "serviceNamespace": "ecs",
    }


@pytest.mark.parametrize(
    ("role", "metric", "percent"),
    [("cpu", "ECSServiceAverageCPUUtilization", 65), ("memory", "ECSServiceAverageMemoryUtilization", 75)],
)
def test_an_average_is_held_at_its_target(role: str, metric: str, percent: int) -> None:
    assert scaled(Scaling(cpu_percent=65, memory_percent=75))["Policy", f"api-{role}"].inputs == {
        "policyType": "TargetTrackingScaling",
        "resourceId": "service/main/api-1",
        "scalableDimension": "ecs:service:DesiredCount",
        "serviceNamespace": "ecs",
        "targetTrackingScalingPolicyConfiguration": {
            "predefinedMetricSpecification": {"predefinedMetricType": metric},
            "targetValue": percent,
            "scaleInCooldown": 300,
            "scaleOutCooldown": 300,
        },
    }


def test_memory_plays_no_part_in_scaling_where_it_is_null() -> None:
    policies = scaled(Scaling(memory_percent=None)).of_type("Policy")
    assert [policy.name for policy in policies] == ["api-cpu"]


def test_policies_wait_for_what_they_scale() -> None:
    assert all("Target api" in policy.waits_for for policy in scaled(Scaling()).of_type("Policy"))


def test_a_security_group_starts_closed() -> None:
    inputs = {group.name: group.inputs for group in two_groups().of_type("ec2/securityGroup:SecurityGroup")}
    assert inputs == {
        name: {"vpcId": "vpc-1", "description": f"Tasks of {name}", "tags": {"Name": name}}
        for name in ("web", "orders")
    }


def test_a_path_between_two_groups_is_opened_at_both_ends() -> None:
    said = two_groups()
    ends = {
        group: said["ec2/securityGroup:SecurityGroup", group].inputs["tags"]["Name"]
        for group in ("web", "orders")
    }
    out, into = (
        said["SecurityGroupEgressRule", "web-to-orders"],
        said["SecurityGroupIngressRule", "orders-from-web"],
    )
    tcp_8001 = {"ipProtocol": "tcp", "fromPort": 8001, "toPort": 8001}
    assert ends == {"web": "web", "orders": "orders"}
    assert {key: out.inputs[key] for key in tcp_8001} == tcp_8001
    assert {key: into.inputs[key] for key in tcp_8001} == tcp_8001
    assert out.inputs["securityGroupId"] == into.inputs["referencedSecurityGroupId"]
    assert into.inputs["securityGroupId"] == out.inputs["referencedSecurityGroupId"]
    assert out.inputs["securityGroupId"] != into.inputs["securityGroupId"]
    assert (out.parent, into.parent) == (
        "airfield:aws:SecurityGroup web",
        "airfield:aws:SecurityGroup orders",
    )


@pytest.mark.parametrize(
    ("kind", "name", "port"),
    [
        ("SecurityGroupIngressRule", "web-from-internet-80", 80),
        ("SecurityGroupEgressRule", "orders-to-internet-443", 443),
    ],
)
def test_the_internet_is_met_on_one_port_at_a_time(kind: str, name: str, port: int) -> None:
    rule = two_groups()[kind, name].inputs
    assert {key: value for key, value in rule.items() if key != "securityGroupId"} == {
        "description": name.partition("-")[2].replace("-", " "),
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "cidrIpv4": "0.0.0.0/0",
    }


def test_a_task_finds_a_secret_by_its_arn_and_version() -> None:
    def program() -> None:
        kept = Secrets("secrets", SecretsArgs(values={"API_KEY": "hush"}))
        aws.cloudwatch.LogGroup("seen", name=kept.references["API_KEY"].value_from)

    said = synthesise(program)
    version = said["SecretVersion", "secrets-API_KEY"]
    arn, _, version_id = said["LogGroup", "seen"].inputs["name"].partition(":::")
    assert version.inputs == {"secretId": arn, "secretString": {"secret": "hush"}}
    assert version_id
    assert ":" not in version_id
    assert said["Secret", "secrets-API_KEY"].inputs == {}
    assert said["LogGroup", "seen"].waits_for == {"Secret secrets-API_KEY", "SecretVersion secrets-API_KEY"}
