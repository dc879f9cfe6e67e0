"""What the flat program on Google Cloud watches its workloads with: alerts, a check, a dashboard, logs."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp
from flat_gcp_ground import PROJECT, REGION, labels, opts, suffix

TITLE = "airfield production"
CHECK_PASSED = "monitoring.googleapis.com/uptime_check/check_passed"


def of_service(service_name: pulumi.Input[str], metric: str, further: str = "") -> pulumi.Output[str]:
    """The filter that finds a service's metric."""
    return pulumi.Output.concat(
        f'resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/{metric}"',
        ' AND resource.labels.service_name="',
        service_name,
        f'"{further}',
    )


def aggregation(
    seconds: int, aligner: str, reducer: str
) -> gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgsDict:
    """One value for each so many seconds."""
    return {
        "alignment_period": f"{seconds}s",
        "per_series_aligner": aligner,
        "cross_series_reducer": reducer,
    }


def alert_on_errors(name: str, service_name: pulumi.Input[str]) -> None:
    """Too many answers are 5xx, for an hour and still now."""
    failed = ' AND metric.labels.response_code_class="5xx"'
    gcp.monitoring.AlertPolicy(
        f"{name}-errors",
        display_name=f"{TITLE}: {name}: too many 5xx",
        combiner="AND",
        conditions=[
            {
                "display_name": f"share of 5xx over {seconds // 60} minutes",
                "condition_threshold": {
                    "filter": of_service(service_name, "request_count", failed),
                    "aggregations": [aggregation(seconds, "ALIGN_RATE", "REDUCE_SUM")],
                    "denominator_filter": of_service(service_name, "request_count"),
                    "denominator_aggregations": [aggregation(seconds, "ALIGN_RATE", "REDUCE_SUM")],
                    "comparison": "COMPARISON_GT",
                    "threshold_value": 0.0144,
                    "duration": "0s",
                },
            }
            for seconds in (3600, 300)
        ],
        severity="CRITICAL",
        documentation={"content": "Objective: 99.9 % do not fail.", "mime_type": "text/markdown"},
        alert_strategy={"auto_close": "1800s"},
        user_labels=labels,
        opts=opts,
    )


def alert_on_latency(name: str, service_name: pulumi.Input[str]) -> None:
    """The slowest of 20 requests takes too long."""
    gcp.monitoring.AlertPolicy(
        f"{name}-latency",
        display_name=f"{TITLE}: {name}: slow answers",
        combiner="AND",
        conditions=[
            {
                "display_name": "95th percentile of the latency",
                "condition_threshold": {
                    "filter": of_service(service_name, "request_latencies"),
                    "aggregations": [aggregation(300, "ALIGN_DELTA", "REDUCE_PERCENTILE_95")],
                    "comparison": "COMPARISON_GT",
                    "threshold_value": 1000,
                    "duration": "300s",
                },
            }
        ],
        severity="WARNING",
        documentation={"content": "Objective: 95 of 100 in less than 1 s.", "mime_type": "text/markdown"},
        alert_strategy={"auto_close": "1800s"},
        user_labels=labels,
        opts=opts,
    )


def alert_on_instances(name: str, service_name: pulumi.Input[str]) -> None:
    """No further instance may start."""
    gcp.monitoring.AlertPolicy(
        f"{name}-instances",
        display_name=f"{TITLE}: {name}: as many instances as may run",
        combiner="AND",
        conditions=[
            {
                "display_name": "instances",
                "condition_threshold": {
                    "filter": of_service(service_name, "container/instance_count"),
                    "aggregations": [aggregation(60, "ALIGN_MAX", "REDUCE_SUM")],
                    "comparison": "COMPARISON_GT",
                    "threshold_value": 99,
                    "duration": "300s",
                },
            }
        ],
        severity="WARNING",
        documentation={"content": "The limit is 100: raise it.", "mime_type": "text/markdown"},
        alert_strategy={"auto_close": "1800s"},
        user_labels=labels,
        opts=opts,
    )


def check(name: str, host: str) -> pulumi.Output[str]:
    """Asks the path from outside each minute."""
    return gcp.monitoring.UptimeCheckConfig(
        name,
        display_name=f"{TITLE}: {name}",
        period="60s",
        timeout="10s",
        http_check={
            "path": "/health",
            "port": 443,
            "use_ssl": True,
            "validate_ssl": True,
            "request_method": "GET",
        },
        monitored_resource={"type": "uptime_url", "labels": {"project_id": PROJECT, "host": host}},
        user_labels=labels,
        opts=opts,
    ).uptime_check_id


def alert_on_silence(name: str, check_id: pulumi.Input[str]) -> None:
    """From more than one place in the world, the service does not answer."""
    asked = f'resource.type="uptime_url" AND metric.type="{CHECK_PASSED}" AND metric.labels.check_id="'
    gcp.monitoring.AlertPolicy(
        f"{name}-uptime",
        display_name=f"{TITLE}: {name}: no answer",
        combiner="AND",
        conditions=[
            {
                "display_name": "failed checks",
                "condition_threshold": {
                    "filter": pulumi.Output.concat(asked, check_id, '"'),
                    "aggregations": [aggregation(1200, "ALIGN_NEXT_OLDER", "REDUCE_COUNT_FALSE")],
                    "comparison": "COMPARISON_GT",
                    "threshold_value": 1,
                    "duration": "60s",
                },
            }
        ],
        severity="CRITICAL",
        documentation={"content": "The path is asked from outside.", "mime_type": "text/markdown"},
        alert_strategy={"auto_close": "1800s"},
        user_labels=labels,
        opts=opts,
    )


def show(service_names: Mapping[str, pulumi.Output[str]]) -> None:
    """Three charts for each workload, side by side."""
    charts = (
        ("requests a second", "request_count", "ALIGN_RATE", "REDUCE_SUM"),
        ("95th percentile of the latency (ms)", "request_latencies", "ALIGN_DELTA", "REDUCE_PERCENTILE_95"),
        ("instances", "container/instance_count", "ALIGN_MAX", "REDUCE_SUM"),
    )
    tiles = [
        {
            "xPos": column * 16,
            "yPos": row * 12,
            "width": 16,
            "height": 12,
            "widget": {
                "title": f"{name}: {title}",
                "xyChart": {"dataSets": [line(of_service(service_name, metric), aligner, reducer)]},
            },
        }
        for row, (name, service_name) in enumerate(service_names.items())
        for column, (title, metric, aligner, reducer) in enumerate(charts)
    ]
    content = {"displayName": TITLE, "mosaicLayout": {"columns": 48, "tiles": tiles}}
    gcp.monitoring.Dashboard("monitoring", dashboard_json=pulumi.Output.json_dumps(content), opts=opts)


def line(found: pulumi.Output[str], aligner: str, reducer: str) -> Mapping[str, object]:
    """A value a minute."""
    each_minute = {
        "alignmentPeriod": "60s",
        "perSeriesAligner": aligner,
        "crossSeriesReducer": reducer,
    }
    query = {"timeSeriesFilter": {"filter": found, "aggregation": each_minute}}
    return {"timeSeriesQuery": query, "plotType": "LINE"}


def keep_logs(service_names: Mapping[str, pulumi.Output[str]]) -> None:
    """A log bucket of the stack's own."""
    bucket = gcp.logging.ProjectBucketConfig(
        "logs",
        project=PROJECT,
        location=REGION,
        bucket_id=pulumi.Output.concat("airfield-", suffix),
        retention_days=30,
        opts=opts,
    )
    any_of = pulumi.Output.all(*service_names.values()).apply(
        lambda names: " OR ".join(f'"{each}"' for each in sorted(names))
    )
    gcp.logging.ProjectSink(
        "logs",
        destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
        filter=pulumi.Output.concat(
            'resource.type="cloud_run_revision" AND resource.labels.service_name=(', any_of, ")"
        ),
        opts=opts,
    )
