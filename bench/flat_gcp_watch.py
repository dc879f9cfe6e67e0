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


def measure(name: str, service_name: pulumi.Input[str]) -> None:
    """An objective each for errors and latency, and three alerts on how fast its budget goes."""
    whole = gcp.monitoring.CustomService(name, display_name=f"{TITLE}: {name}", user_labels=labels, opts=opts)
    total = of_service(service_name, "request_count")
    failed = of_service(service_name, "request_count", ' AND metric.labels.response_code_class="5xx"')
    durations = of_service(service_name, "request_latencies")
    indicators: dict[str, gcp.monitoring.SloRequestBasedSliArgsDict] = {
        "errors": {"good_total_ratio": {"total_service_filter": total, "bad_service_filter": failed}},
        "latency": {"distribution_cut": {"distribution_filter": durations, "range": {"max": 1000}}},
    }
    counts = {"errors": (failed, (9, 9, 9)), "latency": (total, (19, 33, 66))}
    rates = {"errors": (14.4, 6, 3), "latency": (10, 6, 3)}
    for role, goal in (("errors", 0.999), ("latency", 0.95)):
        slo = gcp.monitoring.Slo(
            f"{name}-{role}",
            service=whole.service_id,
            display_name=f"{goal:.1%} of requests are good",
            goal=goal,
            rolling_period_days=30,
            request_based_sli=indicators[role],
            user_labels=labels,
            opts=opts,
        )
        counted, fewest = counts[role]
        for place, (pace, windows, seconds) in enumerate(PACES):
            burning = [
                above(
                    pulumi.Output.concat('select_slo_burn_rate("', slo.name, f'", "{window}s")'),
                    rates[role][place],
                )
                for window in windows
            ]
            alert_on_burn(f"{name}-{role}-{pace}", [*burning, above(counted, fewest[place], seconds)])


PACES = (
    ("fast", (3600, 300), 300),
    ("slow", (21600, 1800), 21600),
    ("ticket", (86400, 7200), 86400),
)
"""Long and short window in seconds, and that in which enough requests must be bad."""


def above(
    found: pulumi.Output[str], value: float, seconds: int = 0
) -> gcp.monitoring.AlertPolicyConditionArgs:
    """More than a value, counted over so many seconds where they are said."""
    aggregations = [
        gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
            alignment_period=f"{seconds}s",
            per_series_aligner="ALIGN_DELTA",
            cross_series_reducer="REDUCE_SUM",
        )
    ]
    return gcp.monitoring.AlertPolicyConditionArgs(
        display_name=f"requests within {seconds} s" if seconds else "burn rate",
        condition_threshold=gcp.monitoring.AlertPolicyConditionConditionThresholdArgs(
            filter=found,
            aggregations=aggregations if seconds else None,
            comparison="COMPARISON_GT",
            threshold_value=value,
            duration="0s",
        ),
    )


def alert_on_burn(name: str, conditions: list[gcp.monitoring.AlertPolicyConditionArgs]) -> None:
    """The budget goes too fast over both windows, and enough requests are bad."""
    gcp.monitoring.AlertPolicy(
        name,
        display_name=f"{TITLE}: {name}",
        combiner="AND",
        conditions=conditions,
        severity="WARNING" if name.endswith("ticket") else "CRITICAL",
        documentation={"content": "The budget goes too fast.", "mime_type": "text/markdown"},
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
