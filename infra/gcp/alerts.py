"""When somebody is told that a stack is not well. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_gcp import monitoring

BUSY_CPU = 0.8
FULL_DISK = 0.85
"""Of what the disk may grow to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing that is told."""

    role: str
    title: str
    severity: Literal["CRITICAL", "WARNING"]
    conditions: Sequence[monitoring.AlertPolicyConditionArgs]
    """All of them at once."""
    advice: str


def instances(service_name: pulumi.Input[str], max_instances: int) -> Alert:
    """No further instance may start."""
    threshold = above(
        of_service(service_name, "container/instance_count"),
        # There is no "at least" among the comparisons.
        max_instances - 1,
        aggregation(60, "ALIGN_MAX", "REDUCE_SUM"),
        seconds=300,
    )
    return Alert(
        role="instances",
        title="as many instances as may run",
        severity="WARNING",
        conditions=[condition("instances", threshold)],
        advice=f"The limit is {max_instances}: raise scaling.maxReplicas, or see who asks so much.",
    )


def disk(database_id: pulumi.Input[str], max_storage_gib: int) -> Alert:
    """The disk nears the size that it may not outgrow."""
    threshold = above(
        of_database(database_id, "disk/bytes_used"),
        int(max_storage_gib * 1024**3 * FULL_DISK),
        aggregation(300, "ALIGN_MEAN", "REDUCE_SUM"),
        seconds=0,
    )
    return Alert(
        role="disk",
        title="the database's disk is nearly full",
        severity="CRITICAL",
        conditions=[condition("bytes used", threshold)],
        advice=f"The disk may grow to {max_storage_gib} GiB: raise postgres.maxStorageGib.",
    )


def cpu(database_id: pulumi.Input[str]) -> Alert:
    """The database has been busy for long."""
    threshold = above(
        of_database(database_id, "cpu/utilization"),
        BUSY_CPU,
        aggregation(300, "ALIGN_MEAN", "REDUCE_MAX"),
        seconds=900,
    )
    return Alert(
        role="cpu",
        title="the database is busy",
        severity="WARNING",
        conditions=[condition("CPU utilisation", threshold)],
        advice="See Query Insights for what takes the time, or raise gcp.databaseCpus.",
    )


def uptime(check_id: pulumi.Input[str]) -> Alert:
    """From more than one place in the world, the service does not answer."""
    passed = "monitoring.googleapis.com/uptime_check/check_passed"
    threshold = above(
        pulumi.Output.concat(
            f'resource.type="uptime_url" AND metric.type="{passed}" AND metric.labels.check_id="',
            check_id,
            '"',
        ),
        1,
        aggregation(1200, "ALIGN_NEXT_OLDER", "REDUCE_COUNT_FALSE"),
        seconds=60,
    )
    return Alert(
        role="uptime",
        title="no answer",
        severity="CRITICAL",
        conditions=[condition("failed checks", threshold)],
        advice="The path is asked from outside each minute.",
    )


def of_service(service_name: pulumi.Input[str], metric: str, *further: str) -> pulumi.Output[str]:
    """https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run."""
    return pulumi.Output.concat(
        f'resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/{metric}"',
        ' AND resource.labels.service_name="',
        service_name,
        '"',
        *(f" AND {condition}" for condition in further),
    )


def of_database(database_id: pulumi.Input[str], metric: str) -> pulumi.Output[str]:
    """https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql."""
    return pulumi.Output.concat(
        f'resource.type="cloudsql_database" AND metric.type="cloudsql.googleapis.com/database/{metric}"',
        ' AND resource.labels.database_id="',
        database_id,
        '"',
    )


def condition(
    name: str, threshold: monitoring.AlertPolicyConditionConditionThresholdArgs
) -> monitoring.AlertPolicyConditionArgs:
    """One of those that must hold."""
    return monitoring.AlertPolicyConditionArgs(display_name=name, condition_threshold=threshold)


def above(
    filter_: pulumi.Input[str],
    value: float,
    aggregation: monitoring.AlertPolicyConditionConditionThresholdAggregationArgs,
    *,
    seconds: int,
) -> monitoring.AlertPolicyConditionConditionThresholdArgs:
    """More than a value, for so long."""
    return monitoring.AlertPolicyConditionConditionThresholdArgs(
        filter=filter_,
        aggregations=[aggregation],
        comparison="COMPARISON_GT",
        threshold_value=value,
        duration=f"{seconds}s",
    )


def aggregation(
    seconds: int, aligner: str, reducer: str
) -> monitoring.AlertPolicyConditionConditionThresholdAggregationArgs:
    """One value for so many seconds of all series."""
    return monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
        alignment_period=f"{seconds}s", per_series_aligner=aligner, cross_series_reducer=reducer
    )
