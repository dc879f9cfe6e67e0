"""What watches a stack on Kubernetes."""

from collections.abc import Mapping

import pulumi

from infra.kubernetes.monitoring import (
    BundledMonitoring,
    BundledMonitoringArgs,
    OperatedMonitoring,
    OperatedMonitoringArgs,
)
from infra.kubernetes.monitoring_parts import Watched
from infra.kubernetes.secret import SecretSource
from infra.observability.storage import OTLP_PORT
from infra.workload import Workload
from stacks.stack_file import KubernetesSettings, Settings

TRACES_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""https://opentelemetry.io/docs/specs/otel/protocol/exporter/"""


def deploy_monitoring(
    settings: Settings,
    secrets: SecretSource,
    values: Mapping[str, pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """Declares what was asked for; `values` holds the stack's own secrets."""
    block = settings.kubernetes
    metered = {name: w for name, w in settings.workloads.items() if w.metrics_path}
    match block.monitoring:
        case "bundled":
            watched = Watched(
                slo=settings.slo,
                namespace=block.namespace,
                metrics_ports={name: workload.port for name, workload in metered.items()},
                senders=tuple(settings.workloads),
                retention_days=block.retention_days,
                webhook=block.alert_webhook_secret is not None,
            )
            args = BundledMonitoringArgs(
                watched=watched,
                namespace=block.namespace,
                secrets=secrets,
                webhook_url=_webhook_url(block, values),
                storage_class=block.storage_class,
            )
            BundledMonitoring("monitoring", args, opts)
        case "operator":
            paths = {name: str(workload.metrics_path) for name, workload in metered.items()}
            operated = OperatedMonitoringArgs(
                slo=settings.slo, namespace=block.namespace, metrics_paths=paths
            )
            OperatedMonitoring("monitoring", operated, opts)
        case "none":
            pass


def prometheus_namespace(block: KubernetesSettings) -> str:
    """Where the Prometheus runs that may scrape."""
    return block.namespace if block.monitoring == "bundled" else block.monitoring_namespace


def trace_receivers(block: KubernetesSettings) -> dict[str, int]:
    """What takes the workloads' traces, and its port."""
    return {"tempo": OTLP_PORT} if block.monitoring == "bundled" else {}


def tracing(workload: Workload, settings: Settings) -> Workload:
    """The workload, told where its traces go, where nobody told it otherwise."""
    urls = [f"http://{name}:{port}" for name, port in trace_receivers(settings.kubernetes).items()]
    where = {TRACES_VARIABLE: urls[0]} if urls else {}
    return workload.model_copy(update={"environment": {**where, **workload.environment}})


def _webhook_url(
    block: KubernetesSettings, values: Mapping[str, pulumi.Output[str]]
) -> pulumi.Input[str] | None:
    if block.alert_webhook_secret is None:
        return None
    return values.get(block.alert_webhook_secret, "") if block.secrets_origin == "made" else ""
