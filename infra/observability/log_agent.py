"""How Grafana Alloy reads the logs of a namespace of Kubernetes. Pure.

It asks the API server for them, and so needs no folder of any node:
https://grafana.com/docs/alloy/latest/reference/components/loki/loki.source.kubernetes/
"""

LABELS = {
    "namespace": "__meta_kubernetes_namespace",
    "pod": "__meta_kubernetes_pod_name",
    "container": "__meta_kubernetes_pod_container_name",
    "workload": "__meta_kubernetes_pod_label_app_kubernetes_io_name",
}


def alloy_configuration(namespace: str, loki_url: str) -> str:
    """Every container's lines, labelled as metrics are, with the level of those that are JSON."""
    rules = "\n".join(
        f'  rule {{\n    source_labels = ["{source}"]\n    target_label  = "{label}"\n  }}'
        for label, source in LABELS.items()
    )
    return f"""\
discovery.kubernetes "pods" {{
  role = "pod"
  namespaces {{
    names = ["{namespace}"]
  }}
}}

discovery.relabel "pods" {{
  targets = discovery.kubernetes.pods.targets
{rules}
}}

loki.source.kubernetes "pods" {{
  targets    = discovery.relabel.pods.output
  forward_to = [loki.process.pods.receiver]
}}

loki.process "pods" {{
  stage.json {{
    expressions = {{ level = "level" }}
  }}
  stage.labels {{
    values = {{ level = "" }}
  }}
  forward_to = [loki.write.loki.receiver]
}}

loki.write "loki" {{
  endpoint {{
    url = "{loki_url}/loki/api/v1/push"
  }}
}}
"""
