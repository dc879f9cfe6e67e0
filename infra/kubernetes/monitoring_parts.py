"""The programs that watch a stack, and what each is told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.kubernetes.monitoring_pods import FILES_PATH, SECRET_PATH, Part
from infra.observability.dashboards import dashboard_provider, dashboards, data_sources
from infra.observability.document import as_yaml
from infra.observability.log_agent import alloy_configuration
from infra.observability.routing import alertmanager_configuration
from infra.observability.rules import rule_groups
from infra.observability.scraping import annotated_pods, one_target, prometheus_configuration
from infra.observability.storage import (
    LOKI_PORT,
    OTLP_PORT,
    TEMPO_PORT,
    loki_configuration,
    tempo_configuration,
)
from infra.pinned_images import ALERTMANAGER, ALLOY, GRAFANA, KUBE_STATE_METRICS, LOKI, PROMETHEUS, TEMPO
from infra.slo import Slo

PROMETHEUS_PORT = 9090
ALERTMANAGER_PORT = 9093
KUBE_STATE_METRICS_PORT = 8080
WATCHED: Mapping[str, tuple[str, ...]] = {
    "": ("persistentvolumeclaims", "pods"),
    "apps": ("deployments", "statefulsets"),
    "autoscaling": ("horizontalpodautoscalers",),
    "batch": ("cronjobs", "jobs"),
}
"""API groups and resources of which kube-state-metrics tells."""
NOBODY = 65534


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched, and how long that is remembered."""

    slo: Slo
    namespace: str
    metrics_ports: Mapping[str, int]
    """Workloads that have metrics, and where."""
    senders: tuple[str, ...]
    """Pods that may send traces."""
    retention_days: int
    webhook: bool
    """Whether alerts go to a webhook, whose URL is the key `url` of the Secret `alertmanager`."""


def parts(watched: Watched) -> dict[str, Part]:
    """All of them, by name."""
    return {
        "prometheus": prometheus(watched),
        "alertmanager": alertmanager(webhook=watched.webhook),
        "kube-state-metrics": kube_state_metrics(watched.namespace),
        "loki": loki(watched.retention_days),
        "alloy": alloy(watched.namespace),
        "tempo": tempo(watched.retention_days, watched.senders),
        "grafana": grafana(watched),
    }


def prometheus(watched: Watched) -> Part:
    """Reads the metrics of the workloads, and of what they run in."""
    scrapes = [
        annotated_pods(watched.namespace),
        one_target("kube-state-metrics", f"kube-state-metrics:{KUBE_STATE_METRICS_PORT}"),
    ]
    configuration = prometheus_configuration(scrapes, f"alertmanager:{ALERTMANAGER_PORT}")
    return Part(
        image=PROMETHEUS,
        arguments=(
            f"--config.file={FILES_PATH}/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            f"--storage.tsdb.retention.time={watched.retention_days}d",
        ),
        ports={"http": PROMETHEUS_PORT},
        ready_path="/-/ready",
        user_id=NOBODY,
        memory_mib=1024,
        files={
            "prometheus.yml": as_yaml(configuration),
            "rules.yml": as_yaml(rule_groups(watched.slo, watched.namespace)),
        },
        storage_path="/prometheus",
        storage_gib=20,
        callers={"http": ("grafana",)},
        calls={
            **watched.metrics_ports,
            "alertmanager": ALERTMANAGER_PORT,
            "kube-state-metrics": KUBE_STATE_METRICS_PORT,
        },
        watches=(("", ("pods",)),),
    )


def alertmanager(*, webhook: bool) -> Part:
    """Tells somebody."""
    configuration = alertmanager_configuration(f"{SECRET_PATH}/url" if webhook else None)
    return Part(
        image=ALERTMANAGER,
        arguments=(
            f"--config.file={FILES_PATH}/alertmanager.yml",
            "--storage.path=/alertmanager",
            "--cluster.listen-address=",
        ),
        ports={"http": ALERTMANAGER_PORT},
        ready_path="/-/ready",
        user_id=NOBODY,
        memory_mib=128,
        files={"alertmanager.yml": as_yaml(configuration)},
        reads_secret=webhook,
        scratch_paths=("/alertmanager",),
        callers={"http": ("prometheus",)},
        calls_internet=webhook,
    )


def kube_state_metrics(namespace: str) -> Part:
    """Tells what the API server knows of the namespace, without the right to see another."""
    resources = sorted(resource for found in WATCHED.values() for resource in found)
    return Part(
        image=KUBE_STATE_METRICS,
        arguments=(
            f"--namespaces={namespace}",
            f"--resources={','.join(resources)}",
            f"--port={KUBE_STATE_METRICS_PORT}",
            "--telemetry-port=8081",
        ),
        ports={"http": KUBE_STATE_METRICS_PORT},
        ready_path="/healthz",
        user_id=NOBODY,
        memory_mib=128,
        callers={"http": ("prometheus",)},
        watches=tuple(WATCHED.items()),
    )


def loki(retention_days: int) -> Part:
    """Keeps the logs."""
    return Part(
        image=LOKI,
        arguments=(f"-config.file={FILES_PATH}/loki.yml",),
        ports={"http": LOKI_PORT},
        ready_path="/ready",
        user_id=10001,
        memory_mib=512,
        files={"loki.yml": as_yaml(loki_configuration("/loki", retention_days))},
        storage_path="/loki",
        storage_gib=20,
        callers={"http": ("alloy", "grafana")},
    )


def alloy(namespace: str) -> Part:
    """Reads the logs from the API server, so that no folder of a node is needed."""
    return Part(
        image=ALLOY,
        arguments=(
            "run",
            f"{FILES_PATH}/config.alloy",
            "--storage.path=/var/lib/alloy",
            "--server.http.listen-addr=0.0.0.0:12345",
            "--disable-reporting",
        ),
        ports={"http": 12345},
        ready_path="/-/ready",
        user_id=473,
        memory_mib=256,
        files={"config.alloy": alloy_configuration(namespace, f"http://loki:{LOKI_PORT}")},
        scratch_paths=("/tmp", "/var/lib/alloy"),  # noqa: S108  in the pod
        calls={"loki": LOKI_PORT},
        watches=(("", ("pods", "pods/log")),),
    )


def tempo(retention_days: int, senders: tuple[str, ...]) -> Part:
    """Takes and keeps the traces."""
    return Part(
        image=TEMPO,
        arguments=(f"-config.file={FILES_PATH}/tempo.yml",),
        ports={"http": TEMPO_PORT, "otlp": OTLP_PORT},
        ready_path="/ready",
        user_id=10001,
        memory_mib=512,
        files={"tempo.yml": as_yaml(tempo_configuration("/var/tempo", retention_days))},
        storage_path="/var/tempo",
        storage_gib=10,
        callers={"http": ("grafana",), "otlp": senders},
    )


def grafana(watched: Watched) -> Part:
    """Shows all of it, to whoever has the password that is drawn for it."""
    sources = {
        "prometheus": f"http://prometheus:{PROMETHEUS_PORT}",
        "loki": f"http://loki:{LOKI_PORT}",
        "tempo": f"http://tempo:{TEMPO_PORT}",
    }
    shown = {f"dashboards/{name}": text for name, text in dashboards(watched.slo, watched.namespace).items()}
    return Part(
        image=GRAFANA,
        ports={"http": 3000},
        ready_path="/api/health",
        user_id=472,
        memory_mib=512,
        files={
            "provisioning/datasources/airfield.yml": as_yaml(data_sources(sources)),
            "provisioning/dashboards/airfield.yml": as_yaml(dashboard_provider(f"{FILES_PATH}/dashboards")),
            **shown,
        },
        environment={
            "GF_PATHS_PROVISIONING": f"{FILES_PATH}/provisioning",
            "GF_LOG_MODE": "console",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
            "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
            "GF_PLUGINS_PREINSTALL_DISABLED": "true",
            "GF_USERS_ALLOW_SIGN_UP": "false",
        },
        secret_variables={"GF_SECURITY_ADMIN_PASSWORD": "password"},
        scratch_paths=("/tmp", "/var/lib/grafana"),  # noqa: S108  in the pod
        calls={"prometheus": PROMETHEUS_PORT, "loki": LOKI_PORT, "tempo": TEMPO_PORT},
    )
