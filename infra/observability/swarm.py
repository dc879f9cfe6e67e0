"""What is watched on a Docker Swarm: its tasks, its nodes, its edge; how it is shown, and told of. Pure.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/#dns_sd_config
"""

import json
from collections.abc import Mapping, Sequence

from infra.observability.alert import Rule, alert
from infra.observability.dashboards import Panel, dashboard, error_budget, logs, service_overview
from infra.observability.rules import (
    BACKUP_HOURS,
    PATIENCE_MINUTES,
    objective_groups,
    rule_file,
    silent_replica,
)
from infra.observability.scraping import Scrape
from infra.slo import Slo

REFRESH_SECONDS = 10
CRASHED_SECONDS = 300
"""A task that lived less than that was not replaced, but fell."""
FREE_SHARE = 0.1
STARTING_MINUTES = 35
"""Longer than the first dump of a new stack may take: its check does not count for half an hour."""
SERVICE = "container_label_com_docker_swarm_service_name"
NAMESPACE = "container_label_com_docker_stack_namespace"
"""cAdvisor's names for what a container is labelled with."""


def tasks_of(job: str, service: str, port: int, path: str, labels: Mapping[str, str]) -> Scrape:
    """Every task of a service, by the addresses that the Swarm's DNS has; a task takes a pod's place."""
    return {
        "job_name": job,
        "metrics_path": path,
        "dns_sd_configs": [
            {
                "names": [f"tasks.{service}"],
                "type": "A",
                "port": port,
                "refresh_interval": f"{REFRESH_SECONDS}s",
            }
        ],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "pod"},
            *({"target_label": label, "replacement": value} for label, value in labels.items()),
        ],
    }


def containers(scrape: Scrape, namespace: str) -> Scrape:
    """CAdvisor's series, of this stack's services alone, named as they are."""
    return {
        **scrape,
        "metric_relabel_configs": [
            {"source_labels": [NAMESPACE], "regex": namespace, "action": "keep"},
            {"source_labels": [SERVICE], "regex": f"{namespace}_(.+)", "target_label": "workload"},
        ],
    }


def swarm_rule_groups(
    slo: Slo, namespace: str, stores: Sequence[str], backups: Sequence[str]
) -> dict[str, object]:
    """All rules of a stack; `stores` are the services of its data stores, `backups` those that dump them."""
    return rule_file(
        {
            **objective_groups(slo, namespace),
            "airfield-workloads": [silent_replica(namespace), falling_tasks(namespace)],
            "airfield-data": [
                *(missing_store(namespace, store) for store in stores),
                *(overdue_backup(namespace, backup) for backup in backups),
            ],
            "airfield-nodes": [full_disk()],
        }
    )


def falling_tasks(namespace: str) -> Rule:
    """Tasks that end soon after they began, again and again; an update ends those that lived."""
    own = f'namespace="{namespace}"'
    ended = f"last_over_time(container_last_seen{{{own}}}[15m]) < time() - 60"
    begun = f"last_over_time(container_start_time_seconds{{{own}}}[15m])"
    return alert(
        "TasksFalling",
        f"count by (namespace, workload) (({ended}) - {begun} < {CRASHED_SECONDS}) >= 2",
        severity="critical",
        summary="tasks of {{ $labels.workload }} fall again and again",
        description="{{ $value }} of them ended within 5 minutes of their start, in a quarter of an hour.",
        minutes=PATIENCE_MINUTES,
    )


def missing_store(namespace: str, store: str) -> Rule:
    """A data store of which no container is seen."""
    return alert(
        "DatastoreDown",
        f'absent(container_last_seen{{namespace="{namespace}",workload="{store}"}})',
        severity="critical",
        summary=f"{store} is away",
        description="No container of it has been seen for 5 minutes.",
        minutes=PATIENCE_MINUTES,
    )


def overdue_backup(namespace: str, backup: str) -> Rule:
    """A service that dumps and is not healthy: its check is that a dump is new.

    cAdvisor tells 1 of a healthy container: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md.
    Docker replaces an unhealthy one, which then is starting for most of the time: that counts too.
    """
    return alert(
        "BackupOverdue",
        f'absent(container_health_state{{namespace="{namespace}",workload="{backup}"}} == 1)',
        severity="warning",
        summary=f"{backup} has not succeeded for a day",
        description=f"It has no dump that is younger than {BACKUP_HOURS} hours, or does not run.",
        minutes=STARTING_MINUTES,
        # What is absent has no labels of its own.
        labels={"namespace": namespace, "workload": backup},
    )


def full_disk() -> Rule:
    """A node whose disk fills up: volumes have no size of their own."""
    root = '{mountpoint="/",fstype!~"tmpfs|overlay"}'
    return alert(
        "NodeDiskFull",
        f"node_filesystem_avail_bytes{root} / node_filesystem_size_bytes{root} < {FREE_SHARE}",
        severity="critical",
        summary="the disk of the node at {{ $labels.pod }} is almost full",
        description="{{ $value | humanizePercentage }} of it is free.",
        minutes=PATIENCE_MINUTES,
    )


def swarm_dashboards(slo: Slo, namespace: str) -> dict[str, str]:
    """Each dashboard's file, by its name."""
    boards = {
        "service-overview": ("Service overview", swarm_overview(namespace)),
        "error-budget": ("Error budget", error_budget(slo, namespace)),
        "nodes": ("Nodes and edge", nodes()),
        "logs": ("Logs", logs(namespace)),
    }
    return {
        f"{name}.json": json.dumps(dashboard(f"airfield-{name}", title, panels), indent=1, sort_keys=True)
        for name, (title, panels) in boards.items()
    }


def swarm_overview(namespace: str) -> list[Panel]:
    """Rate, errors and duration of each workload, and what its tasks use."""
    own = f'namespace="{namespace}"'
    shared = [panel for panel in service_overview(namespace) if "kube_" not in panel.query]
    return [
        *shared,
        Panel(title="Tasks", query=f"count by (workload) (container_last_seen{{{own}}})"),
        Panel(
            title="CPU",
            query=f"sum by (workload) (rate(container_cpu_usage_seconds_total{{{own}}}[5m]))",
        ),
        Panel(
            title="Memory",
            query=f"sum by (workload) (container_memory_working_set_bytes{{{own}}})",
            unit="bytes",
        ),
    ]


def nodes() -> list[Panel]:
    """What nodes have left, and what the edge lets in."""
    root = '{mountpoint="/",fstype!~"tmpfs|overlay"}'
    return [
        Panel(title="Load", query="node_load5{}", legend="{{pod}}"),
        Panel(title="Free memory", query="node_memory_MemAvailable_bytes{}", legend="{{pod}}", unit="bytes"),
        Panel(
            title="Free disk",
            query=f"node_filesystem_avail_bytes{root} / node_filesystem_size_bytes{root}",
            legend="{{pod}}",
            unit="percentunit",
        ),
        Panel(
            title="Requests at the edge",
            query="sum by (code) (rate(traefik_entrypoint_requests_total{}[5m]))",
            legend="{{code}}",
            unit="reqps",
        ),
    ]


def alloy_on_nodes(namespace: str, folder: str, loki_url: str) -> str:
    """Alloy reads the files that the engine writes: what carries this stack's label, named as metrics are.

    https://grafana.com/docs/alloy/latest/reference/components/loki/loki.process/
    """
    return f"""\
local.file_match "containers" {{
  path_targets = [{{"__path__" = "{folder}/*/*-json.log"}}]
}}

loki.source.file "containers" {{
  targets    = local.file_match.containers.targets
  forward_to = [loki.process.containers.receiver]
}}

loki.process "containers" {{
  stage.json {{
    expressions = {{ line = "log", time = "time", attrs = "attrs" }}
  }}
  stage.json {{
    source      = "attrs"
    expressions = {{
      namespace = "\\"com.docker.stack.namespace\\"",
      service   = "\\"com.docker.swarm.service.name\\"",
      pod       = "\\"com.docker.swarm.task.name\\"",
    }}
  }}
  stage.labels {{
    values = {{ namespace = "", pod = "" }}
  }}
  stage.match {{
    selector = "{{namespace!=\\"{namespace}\\"}}"
    action   = "drop"
  }}
  stage.regex {{
    source     = "service"
    expression = "^{namespace}_(?P<workload>.+)$"
  }}
  stage.timestamp {{
    source = "time"
    format = "RFC3339Nano"
  }}
  stage.output {{
    source = "line"
  }}
  stage.json {{
    expressions = {{ level = "level" }}
  }}
  stage.labels {{
    values = {{ workload = "", level = "" }}
  }}
  stage.label_drop {{
    values = ["filename"]
  }}
  forward_to = [loki.write.loki.receiver]
}}

loki.write "loki" {{
  endpoint {{
    url = "{loki_url}/loki/api/v1/push"
  }}
}}
"""
