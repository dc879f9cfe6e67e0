"""What is shown: the dashboards, and where Grafana finds their data. Pure.

https://grafana.com/docs/grafana/latest/administration/provisioning/
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.observability.burn_rate import LATENCY, MONTH_DAYS, errors
from infra.observability.objective import BUCKETS, ERROR_RATIO, ERRORS, REQUESTS, WINDOWS_MINUTES, duration
from infra.slo import Slo

COLUMNS = 2
PANEL_WIDTH = 12
PANEL_HEIGHT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One graph."""

    title: str
    query: str
    legend: str = "{{workload}}"
    unit: str = "short"
    """https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts"""
    source: str = "prometheus"
    kind: str = "timeseries"


def dashboards(slo: Slo, namespace: str) -> dict[str, str]:
    """Each dashboard's file, by its name."""
    boards = {
        "service-overview": ("Service overview", service_overview(namespace)),
        "error-budget": ("Error budget", error_budget(slo, namespace)),
        "data-stores": ("Data stores", data_stores(namespace)),
        "logs": ("Logs", logs(namespace)),
    }
    return {
        f"{name}.json": json.dumps(dashboard(f"airfield-{name}", title, panels), indent=1, sort_keys=True)
        for name, (title, panels) in boards.items()
    }


def dashboard(uid: str, title: str, panels: Sequence[Panel]) -> dict[str, object]:
    """A dashboard as Grafana imports it, two panels a row."""
    return {
        "uid": uid,
        "title": title,
        "tags": ["airfield"],
        "editable": False,
        "schemaVersion": 39,
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


def service_overview(namespace: str) -> list[Panel]:
    """Rate, errors and duration of each workload, and what its pods do."""
    own = f'namespace="{namespace}"'
    return [
        Panel(title="Requests", query=f"{REQUESTS}{{{own}}}", unit="reqps"),
        Panel(title="Errors", query=f'{ERROR_RATIO}{{{own},window="5m"}}', unit="percentunit"),
        Panel(
            title="95th percentile",
            query=f"histogram_quantile(0.95, {BUCKETS}{{{own}}})",
            unit="s",
        ),
        Panel(
            title="Requests by endpoint",
            query=f"sum by (workload, endpoint, status) (rate(http_requests_total{{{own}}}[5m]))",
            legend="{{workload}} {{endpoint}} {{status}}",
            unit="reqps",
        ),
        Panel(
            title="Requests being answered",
            query=f"sum by (workload) (http_active_connections{{{own}}})",
        ),
        Panel(
            title="Ready replicas",
            query=f"kube_deployment_status_replicas_ready{{{own}}}",
            legend="{{deployment}}",
        ),
        Panel(
            title="Restarts",
            query=f"sum by (pod) (increase(kube_pod_container_status_restarts_total{{{own}}}[1h]))",
            legend="{{pod}}",
        ),
        Panel(
            title="Memory of the process",
            query=f"sum by (workload, pod) (process_resident_memory_bytes{{{own}}})",
            legend="{{pod}}",
            unit="bytes",
        ),
    ]


def error_budget(slo: Slo, namespace: str) -> list[Panel]:
    """What is left of each budget, and how fast it goes: at 1 it lasts the month.

    The share of slow requests lies between two buckets, where the objective does:
    https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_fraction
    """
    own, month = f'namespace="{namespace}"', f"{MONTH_DAYS}d"
    seconds, failing = slo.p95_milliseconds / 1000, errors(slo).budget
    failed = f"sum_over_time({ERRORS}{{{own}}}[{month}]) / sum_over_time({REQUESTS}{{{own}}}[{month}])"
    slow = [
        f"label_replace((1 - histogram_fraction(0, {seconds:g}, sum_over_time({BUCKETS}{{{own}}}[{window}])))"
        f' / {LATENCY.budget:g}, "window", "{window}", "", "")'
        for window in map(duration, WINDOWS_MINUTES)
        if window != "5m"
    ]
    slow_in_month = f"1 - histogram_fraction(0, {seconds:g}, sum_over_time({BUCKETS}{{{own}}}[{month}]))"
    each = "{{workload}} {{window}}"
    return [
        Panel(title="Errors: budget left", query=f"1 - ({failed}) / {failing:g}", unit="percentunit"),
        Panel(title="Errors: burn rate", query=f"{ERROR_RATIO}{{{own}}} / {failing:g}", legend=each),
        Panel(
            title="Latency: budget left",
            query=f"1 - ({slow_in_month}) / {LATENCY.budget:g}",
            unit="percentunit",
        ),
        Panel(title="Latency: burn rate", query=" or ".join(slow), legend=each),
    ]


def data_stores(namespace: str) -> list[Panel]:
    """Whether the data stores are there, and how old the newest dump is."""
    own = f'namespace="{namespace}"'
    return [
        Panel(
            title="Ready",
            query=f'kube_statefulset_status_replicas_ready{{{own},statefulset=~"database|cache"}}',
            legend="{{statefulset}}",
        ),
        Panel(
            title="Restarts",
            query=(
                "sum by (pod) (increase(kube_pod_container_status_restarts_total"
                f'{{{own},pod=~"(database|cache)-.*"}}[1h]))'
            ),
            legend="{{pod}}",
        ),
        Panel(
            title="Age of the newest dump",
            query=f'time() - kube_cronjob_status_last_successful_time{{{own},cronjob=~".*-backup"}}',
            legend="{{cronjob}}",
            unit="s",
        ),
        Panel(
            title="Claimed storage",
            query=f"kube_persistentvolumeclaim_resource_requests_storage_bytes{{{own}}}",
            legend="{{persistentvolumeclaim}}",
            unit="bytes",
        ),
    ]


def logs(namespace: str) -> list[Panel]:
    """How much is said, how much of it is bad, and the lines themselves."""
    own = f'namespace="{namespace}"'
    return [
        Panel(
            title="Lines",
            query=f"sum by (workload) (count_over_time({{{own}}}[5m]))",
            source="loki",
        ),
        Panel(
            title="Errors",
            query=f'sum by (workload) (count_over_time({{{own}, level=~"(?i)error|critical"}}[5m]))',
            source="loki",
        ),
        Panel(title="Latest lines", query=f"{{{own}}}", source="loki", kind="logs"),
    ]


def data_sources(urls: Mapping[str, str]) -> dict[str, object]:
    """Prometheus, Loki and Tempo by their kind, of which Prometheus is asked where nothing is said."""
    return {
        "apiVersion": 1,
        "prune": True,
        "datasources": [
            {
                "name": kind.capitalize(),
                "uid": kind,
                "type": kind,
                "access": "proxy",
                "url": url,
                "isDefault": kind == "prometheus",
                "editable": False,
            }
            for kind, url in urls.items()
        ],
    }


def dashboard_provider(path: str) -> dict[str, object]:
    """Tells Grafana that the dashboards lie at `path`."""
    options = {"path": path, "foldersFromFilesStructure": False}
    provider = {"name": "airfield", "type": "file", "allowUiUpdates": False, "options": options}
    return {"apiVersion": 1, "providers": [provider]}


def _panel(number: int, panel: Panel) -> dict[str, object]:
    row, column = divmod(number, COLUMNS)
    source = {"type": panel.source, "uid": panel.source}
    target = {"refId": "A", "datasource": source, "expr": panel.query, "legendFormat": panel.legend}
    return {
        "id": number + 1,
        "type": panel.kind,
        "title": panel.title,
        "datasource": source,
        "gridPos": {
            "x": column * PANEL_WIDTH,
            "y": row * PANEL_HEIGHT,
            "w": PANEL_WIDTH,
            "h": PANEL_HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [target],
    }
