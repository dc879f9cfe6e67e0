"""What an operator sees at a glance. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.gcp.objective import BURNS, burn_rate_of

COLUMNS = 48
TILE_WIDTH, TILE_HEIGHT = 16, 12
REQUESTS = 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision"'
LATENCIES = 'metric.type="run.googleapis.com/request_latencies" resource.type="cloud_run_revision"'
INSTANCES = 'metric.type="run.googleapis.com/container/instance_count" resource.type="cloud_run_revision"'
DATABASE = 'resource.type="cloudsql_database" metric.type="cloudsql.googleapis.com/database'


def dashboard(
    title: str,
    service_names: Mapping[str, str],
    objectives: Mapping[str, Mapping[str, str]],
    database_id: str | None,
) -> dict[str, Any]:
    """Six charts for each workload, by its name, and three for the database.

    https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
    """
    charts = [
        chart
        for workload, service_name in sorted(service_names.items())
        for chart in (
            *budget_charts(workload, objectives[workload]),
            *service_charts(workload, f'resource.label.service_name="{service_name}"'),
        )
    ]
    if database_id:
        charts += database_charts(f'resource.label.database_id="{database_id}"')
    return {"displayName": title, "mosaicLayout": {"columns": COLUMNS, "tiles": tiles(charts)}}


def budget_charts(workload: str, slo_names: Mapping[str, str]) -> list[dict[str, Any]]:
    """How fast the budgets go, at 1 within a month, and what is left of them.

    https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/api/timeseries-selectors
    """
    drawn = aggregation("ALIGN_MEAN", "REDUCE_NONE")
    return [
        *(
            chart(
                f"{workload}: burn rate of {role}",
                {
                    f"{burn.long_minutes // 60} h": burn_rate_of(slo_names[role], burn.long_minutes)
                    for burn in BURNS
                },
                drawn,
            )
            for role in ("errors", "latency")
        ),
        chart(
            f"{workload}: budgets left, of a month's",
            {role: f'select_slo_budget_fraction("{slo_names[role]}")' for role in ("errors", "latency")},
            drawn,
        ),
    ]


def service_charts(workload: str, of_it: str) -> list[dict[str, Any]]:
    """Requests, latency and instances."""
    return [
        chart(
            f"{workload}: requests a second, by class",
            f"{REQUESTS} {of_it}",
            aggregation("ALIGN_RATE", "REDUCE_SUM", "metric.label.response_code_class"),
        ),
        chart(
            f"{workload}: 95th percentile of the latency (ms)",
            f"{LATENCIES} {of_it}",
            aggregation("ALIGN_DELTA", "REDUCE_PERCENTILE_95"),
        ),
        chart(
            f"{workload}: instances, by state",
            f"{INSTANCES} {of_it}",
            aggregation("ALIGN_MAX", "REDUCE_SUM", "metric.label.state"),
        ),
    ]


def database_charts(of_it: str) -> list[dict[str, Any]]:
    """CPU, disk and connections."""
    return [
        chart(title, f'{DATABASE}/{metric}" {of_it}', aggregation("ALIGN_MEAN", "REDUCE_SUM"))
        for title, metric in (
            ("database: CPU utilisation", "cpu/utilization"),
            ("database: bytes used", "disk/bytes_used"),
            ("database: connections", "postgresql/num_backends"),
        )
    ]


def aggregation(aligner: str, reducer: str, *grouped_by: str) -> dict[str, Any]:
    """A value a minute."""
    return {
        "alignmentPeriod": "60s",
        "perSeriesAligner": aligner,
        "crossSeriesReducer": reducer,
        "groupByFields": list(grouped_by),
    }


def chart(title: str, filters: str | Mapping[str, str], aggregated: Mapping[str, Any]) -> dict[str, Any]:
    """Lines over time; several filters have a legend each."""
    by_legend = {"": filters} if isinstance(filters, str) else filters
    sets = [
        {
            "timeSeriesQuery": {"timeSeriesFilter": {"filter": each, "aggregation": dict(aggregated)}},
            "plotType": "LINE",
            **({"legendTemplate": legend} if legend else {}),
        }
        for legend, each in by_legend.items()
    ]
    return {"title": title, "xyChart": {"dataSets": sets}}


def tiles(charts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Side by side, as many as fit, then the next row."""
    in_a_row = COLUMNS // TILE_WIDTH
    return [
        {
            "xPos": index % in_a_row * TILE_WIDTH,
            "yPos": index // in_a_row * TILE_HEIGHT,
            "width": TILE_WIDTH,
            "height": TILE_HEIGHT,
            "widget": dict(each),
        }
        for index, each in enumerate(charts)
    ]
