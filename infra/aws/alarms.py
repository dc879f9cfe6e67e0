"""When somebody must look: alarms on what will hurt users soon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.store_size import max_connections
from infra.datastores import Postgres

BUSY_PERCENT = 90
CONNECTIONS_SHARE = 0.8
LOW_STORAGE_SHARE = 0.05
"""RDS grows storage when a tenth is left; at half of that, it did not.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
"""
OCTETS_A_GIB = 1024**3
PERIOD_SECONDS = 300
Dimensions = Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsArgs:
    """Alarms, by their role."""

    alarms: Mapping[str, aws.cloudwatch.MetricAlarmArgs]


class Alarms(pulumi.ComponentResource):
    """The alarms of one thing."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Alarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for role, alarm in args.alarms.items():
            aws.cloudwatch.MetricAlarm(f"{name}-{role}", alarm, opts=child)
        self.register_outputs({})


def endpoint_alarms(
    balancer: Dimensions, topic_arn: pulumi.Input[str]
) -> dict[str, aws.cloudwatch.MetricAlarmArgs]:
    """A public workload that serves with fewer tasks than it should, whether users notice or not."""
    return {
        "unhealthy": alarm(
            "A task does not answer the load balancer's checks",
            ("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum"),
            balancer,
            topic_arn,
            above=0,
        ),
    }


def service_alarms(
    service: Dimensions, topic_arn: pulumi.Input[str]
) -> dict[str, aws.cloudwatch.MetricAlarmArgs]:
    """A service whose autoscaler has come to its end."""
    return {
        "cpu": alarm(
            "Tasks are busy although the autoscaler adds some: it may have come to maxReplicas",
            ("AWS/ECS", "CPUUtilization", "Average"),
            service,
            topic_arn,
            above=BUSY_PERCENT,
        )
    }


def database_alarms(
    identifier: pulumi.Input[str], postgres: Postgres, memory_gib: int, topic_arn: pulumi.Input[str]
) -> dict[str, aws.cloudwatch.MetricAlarmArgs]:
    """A database that runs out of storage, connections or CPU."""
    database = {"DBInstanceIdentifier": identifier}
    return {
        "storage": alarm(
            "Hardly any storage is left, and RDS did not add any: it may have come to maxStorageGib",
            ("AWS/RDS", "FreeStorageSpace", "Minimum"),
            database,
            topic_arn,
            below=int(postgres.storage_gib * LOW_STORAGE_SHARE * OCTETS_A_GIB),
        ),
        "connections": alarm(
            "Four fifths of the connections are taken",
            ("AWS/RDS", "DatabaseConnections", "Maximum"),
            database,
            topic_arn,
            above=int(max_connections(memory_gib) * CONNECTIONS_SHARE),
        ),
        "cpu": alarm(
            "The database is busy",
            ("AWS/RDS", "CPUUtilization", "Average"),
            database,
            topic_arn,
            above=BUSY_PERCENT,
        ),
    }


def cache_alarms(
    node_ids: Sequence[pulumi.Input[str]], topic_arn: pulumi.Input[str]
) -> dict[str, aws.cloudwatch.MetricAlarmArgs]:
    """Nodes that forget for want of memory."""
    return {
        f"evictions-{number}": alarm(
            "The cache drops what has not expired: its memory is full",
            ("AWS/ElastiCache", "Evictions", "Sum"),
            {"CacheClusterId": node_id},
            topic_arn,
            above=0,
        )
        for number, node_id in enumerate(node_ids, start=1)
    }


def alarm(  # noqa: PLR0913  one for each thing that an alarm says
    why: str,
    metric: tuple[str, str, str],
    dimensions: Dimensions,
    topic_arn: pulumi.Input[str],
    *,
    above: float | None = None,
    below: float | None = None,
) -> aws.cloudwatch.MetricAlarmArgs:
    """Tells when a metric's statistic stays beyond a bound for a quarter of an hour, and when it is back."""
    namespace, metric_name, statistic = metric
    return aws.cloudwatch.MetricAlarmArgs(
        alarm_description=why,
        namespace=namespace,
        metric_name=metric_name,
        statistic=statistic,
        dimensions=dimensions,
        comparison_operator="GreaterThanThreshold" if below is None else "LessThanThreshold",
        threshold=above if below is None else below,
        period=PERIOD_SECONDS,
        evaluation_periods=3,
        treat_missing_data="notBreaching",
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn],
    )
