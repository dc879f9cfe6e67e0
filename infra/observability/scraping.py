"""What Prometheus reads, and whom it tells. Pure.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/
"""

from collections.abc import Sequence
from typing import TypeAlias

Scrape: TypeAlias = dict[str, object]


def prometheus_configuration(scrapes: Sequence[Scrape], alertmanager: str) -> dict[str, object]:
    """Rules beside it in `rules.yml`, and alerts to `alertmanager`, an address with port."""
    return {
        "global": {"scrape_interval": "15s", "evaluation_interval": "15s"},
        "rule_files": ["rules.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
        "scrape_configs": list(scrapes),
    }


def annotated_pods(namespace: str) -> Scrape:
    """Pods of one namespace of Kubernetes, as their annotations say; `workload` is their name's label."""
    annotation = "__meta_kubernetes_pod_annotation_prometheus_io"
    return {
        "job_name": "pods",
        "kubernetes_sd_configs": [{"role": "pod", "namespaces": {"names": [namespace]}}],
        "relabel_configs": [
            {"source_labels": [f"{annotation}_scrape"], "action": "keep", "regex": "true"},
            {
                "source_labels": ["__meta_kubernetes_pod_phase"],
                "action": "drop",
                "regex": "Failed|Succeeded",
            },
            {"source_labels": [f"{annotation}_path"], "target_label": "__metrics_path__", "regex": "(.+)"},
            {
                "source_labels": ["__address__", f"{annotation}_port"],
                "target_label": "__address__",
                "regex": r"([^:]+)(?::\d+)?;(\d+)",
                "replacement": "$1:$2",
            },
            {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
            {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod"},
            {
                "source_labels": ["__meta_kubernetes_pod_label_app_kubernetes_io_name"],
                "target_label": "workload",
            },
        ],
    }


def one_target(job: str, address: str) -> Scrape:
    """One address, whose series already say what they are about."""
    return {"job_name": job, "honor_labels": True, "static_configs": [{"targets": [address]}]}
