"""What the Prometheus Operator is told of a workload. Pure.

https://prometheus-operator.dev/docs/api-reference/api/
"""

from infra.kubernetes.labels import selector


def service_monitor(workload_name: str, metrics_path: str) -> dict[str, object]:
    """Reads the pods behind the workload's Service; `workload` is the same label as everywhere."""
    return {
        "selector": {"matchLabels": selector(workload_name)},
        "endpoints": [
            {
                "port": "http",
                "path": metrics_path,
                "interval": "15s",
                "relabelings": [
                    {
                        "sourceLabels": ["__meta_kubernetes_pod_label_app_kubernetes_io_name"],
                        "targetLabel": "workload",
                    }
                ],
            }
        ],
    }
