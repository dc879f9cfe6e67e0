"""Somebody is told when users suffer, and before a store runs full; deployments that hurt are undone."""

import json
from typing import Any

import pytest

from infra.aws.autoscaling import requests_a_minute
from infra.slo import Slo
from infra.workload import Scaling
from tests.infra.aws.example import changed, everything
from tests.synth import synthesise_config

# namespace, metric, statistic, comparison, threshold
ALARMS: dict[str, tuple[str, str, str, str, float]] = {
    "api-unhealthy": ("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", "GreaterThanThreshold", 0),
    "api-tasks-cpu": ("AWS/ECS", "CPUUtilization", "Average", "GreaterThanThreshold", 90),
    "model-tasks-cpu": ("AWS/ECS", "CPUUtilization", "Average", "GreaterThanThreshold", 90),
    "database-storage": ("AWS/RDS", "FreeStorageSpace", "Minimum", "LessThanThreshold", 1024**3),
    "database-connections": ("AWS/RDS", "DatabaseConnections", "Maximum", "GreaterThanThreshold", 360),
    "database-cpu": ("AWS/RDS", "CPUUtilization", "Average", "GreaterThanThreshold", 90),
    "cache-evictions-1": ("AWS/ElastiCache", "Evictions", "Sum", "GreaterThanThreshold", 0),
    "cache-evictions-2": ("AWS/ElastiCache", "Evictions", "Sum", "GreaterThanThreshold", 0),
}


def alarms() -> dict[str, dict[str, Any]]:
    """But those of the objective: test_burn_alarms.py has them."""
    found = {each.name: each.inputs for each in everything().of_type("MetricAlarm")}
    return {name: alarm for name, alarm in found.items() if not name.endswith(("-long", "-short"))}


def test_there_are_these_alarms_and_no_others() -> None:
    assert set(alarms()) == set(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_its_metric(name: str) -> None:
    found = alarms()[name]
    assert (
        found["namespace"],
        found["metricName"],
        found["statistic"],
        found["comparisonOperator"],
        found["threshold"],
    ) == ALARMS[name]
    assert (found["period"], found["evaluationPeriods"], found["treatMissingData"]) == (
        300,
        3,
        "notBreaching",
    )


def test_an_alarm_names_what_it_watches() -> None:
    said = everything()
    balancer = said["lb/loadBalancer:LoadBalancer", "api"].name
    watched = {name: found.get("dimensions") for name, found in alarms().items()}
    identifier = said["rds/instance:Instance", "database"].inputs["identifier"]
    assert watched["database-cpu"] == {"DBInstanceIdentifier": identifier}
    assert [watched[f"cache-evictions-{node}"] for node in (1, 2)] == [
        {"CacheClusterId": f"cache-5e1ecee-00{node}"} for node in (1, 2)
    ]
    assert set(alarms()["api-tasks-cpu"]["dimensions"]) == {"ClusterName", "ServiceName"}
    assert alarms()["api-unhealthy"]["dimensions"]["LoadBalancer"].startswith(f"app/{balancer}-")


def test_every_alarm_tells_when_it_rings_and_when_it_ends() -> None:
    (topic,) = everything().of_type("sns/topicPolicy:TopicPolicy")
    assert {(*found["alarmActions"], *found["okActions"]) for found in alarms().values()} == {
        (topic.inputs["arn"], topic.inputs["arn"])
    }


def test_the_topic_is_encrypted_and_cloudwatch_of_this_account_alone_publishes() -> None:
    said = everything()
    (statement,) = json.loads(said["sns/topicPolicy:TopicPolicy", "alarms"].inputs["policy"])["Statement"]
    by_this_account = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["sns:Publish"],
        "Resource": said["sns/topicPolicy:TopicPolicy", "alarms"].inputs["arn"],
        "Condition": by_this_account,
    }
    assert said["sns/topic:Topic", "alarms"].inputs["kmsMasterKeyId"].startswith("alarms-key-")
    key = said["kms/key:Key", "alarms-key"].inputs
    assert json.loads(key["policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": by_this_account,
        },
    ]


def test_addresses_are_told() -> None:
    said = synthesise_config(changed(aws={"alarmEmails": ["ops@example.com"]}))
    (told,) = said.of_type("TopicSubscription")
    assert (told.inputs["protocol"], told.inputs["endpoint"]) == ("email", "ops@example.com")


@pytest.mark.parametrize(
    ("scaling", "slo", "expected"),
    [
        ({}, {}, None),
        ({"concurrency": 80}, {}, 4800),
        ({"concurrency": 80}, {"p95_milliseconds": 500}, 9600),
        ({"concurrency": 1}, {"p95_milliseconds": 60000}, 1),
    ],
)
def test_a_concurrency_becomes_requests_a_minute(
    scaling: dict[str, int], slo: dict[str, int], expected: int | None
) -> None:
    assert requests_a_minute(Scaling(**scaling), Slo(**slo)) == expected


def test_public_tasks_are_added_by_requests() -> None:
    said = everything()
    policies = [policy.name for policy in said.of_type("appautoscaling/policy:Policy")]
    assert policies == ["api-cpu", "api-memory", "api-requests", "model-cpu", "model-memory"]
    tracking = said["Policy", "api-requests"].inputs["targetTrackingScalingPolicyConfiguration"]
    metric = tracking["predefinedMetricSpecification"]
    assert (tracking["targetValue"], metric["predefinedMetricType"]) == (4800, "ALBRequestCountPerTarget")
    kind, balancer, _, _, targets, _ = metric["resourceLabel"].split("/")
    assert (kind, balancer[:4], targets[:4]) == ("app", "api-", "api-")


def test_one_page_shows_the_stack() -> None:
    dashboard = everything()["cloudwatch/dashboard:Dashboard", "dashboard"].inputs
    assert dashboard["dashboardName"].startswith("airfield-production-")
    widgets = json.loads(dashboard["dashboardBody"])["widgets"]
    assert [widget["properties"]["title"] for widget in widgets] == [
        "api: burn rate of errors",
        "api: burn rate of latency",
        "api: budgets left, percent",
        "api: requests",
        "api: 5xx",
        "api: seconds",
        "api: tasks, percent",
        "model: tasks, percent",
        "database: CPU, percent",
        "database: connections",
        "database: free storage, octets",
        "cache: memory, percent",
        "cache: evictions",
    ]
    places = [(widget["x"], widget["y"]) for widget in widgets]
    assert len(set(places)) == len(places)
    assert places[:4] == [(0, 0), (8, 0), (16, 0), (0, 6)]
    assert {widget["properties"]["region"] for widget in widgets} == {"us-east-1"}
