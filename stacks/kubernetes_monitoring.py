"""What watches a stack on Kubernetes."""

import pulumi

from infra.kubernetes.secret import SecretSource
from infra.workload import Workload
from stacks.stack_file import KubernetesSettings, Settings

TRACES_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"


def deploy_monitoring(settings: Settings, secrets: SecretSource, opts: pulumi.ResourceOptions) -> None:
    """Declares what was asked for."""


def prometheus_namespace(block: KubernetesSettings) -> str:
    """Where the Prometheus runs that may scrape."""
    return block.namespace if block.monitoring == "bundled" else block.monitoring_namespace


def trace_receivers(block: KubernetesSettings) -> dict[str, int]:
    """What takes traces, and its port."""
    return {}


def tracing(workload: Workload, settings: Settings) -> Workload:
    """The workload."""
    return workload
