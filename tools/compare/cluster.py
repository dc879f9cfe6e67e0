"""Reads what a stack comes to on any Kubernetes, and its workloads on EKS, from what is declared. Pure."""

from collections.abc import Iterator
from typing import cast

from tools.compare import amazon, prometheus
from tools.compare.facts import (
    NO_ALERTS,
    NO_CACHE,
    NO_DATABASE,
    NO_SECRETS,
    NOTHING_BETWEEN,
    CacheFacts,
    DatabaseFacts,
    Facts,
    WorkloadFacts,
    facts,
    limit_and_request,
    listed,
    missing,
    of_each,
    probe_seconds,
    retention,
    version,
)
from tools.declared import Body, Graph

_BYTES_BY_THE_CLUSTER = "none declared: as the storage class does it"


def on_kubernetes(graph: Graph) -> Facts:
    """The whole stack, with the data stores that run in the cluster."""
    return facts(
        of_each(graph, "airfield:kubernetes:KubernetesWorkload", _workload),
        _database(graph),
        _cache(graph),
        logs_kept=_logs_kept(graph),
        alerts=listed(_thresholds(graph)) or missing("slo.availability_percent", "kubernetes"),
    )


def on_eks(graph: Graph) -> Facts:
    """The whole stack, with AWS's data stores."""
    ringing = [each for each in (listed(_thresholds(graph)), amazon.alerts(graph)) if each]
    return facts(
        of_each(graph, "airfield:kubernetes:KubernetesWorkload", _workload),
        amazon.database(graph),
        amazon.cache(graph),
        logs_kept=_logs_kept(graph),
        alerts=listed(set(ringing) - {NO_ALERTS}) or NO_ALERTS,
    )


def _workload(graph: Graph, name: str) -> WorkloadFacts:
    pod = graph.the("apps/v1:Deployment", name)["spec"]["template"]["spec"]
    container = next(each for each in pod["containers"] if each["name"] == name)
    limits, requests = container["resources"]["limits"], container["resources"]["requests"]
    scaled = graph.the(":HorizontalPodAutoscaler", f"{name}-autoscaler")["spec"]
    slept = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    return WorkloadFacts(
        cpu=limit_and_request(_cpu(limits["cpu"]), _cpu(requests["cpu"])),
        memory=limit_and_request(_memory(limits["memory"]), _memory(requests["memory"])),
        replicas=f"{scaled['minReplicas']} to {scaled['maxReplicas']}",
        concurrency=missing("workload.scaling.concurrency", "kubernetes"),
        request_timeout=_timeout(graph, name),
        drain=f"{pod['terminationGracePeriodSeconds'] - slept} s",
        start_up=probe_seconds(container["startupProbe"]),
        liveness=probe_seconds(container["livenessProbe"]),
        readiness=probe_seconds(container["readinessProbe"]),
        exposure=_exposure(graph, name),
        secrets=_secrets(container),
    )


def _cpu(quantity: str) -> str:
    return f"{quantity.removesuffix('m')} millicores"


def _memory(quantity: str) -> str:
    return f"{quantity.removesuffix('Mi')} MiB"


def _timeout(graph: Graph, name: str) -> str:
    route = graph.get(":HTTPRoute", f"{name}-route")
    if route:
        return f"{route['spec']['rules'][0]['timeouts']['request'].removesuffix('s')} s"
    ingress = graph.get(":Ingress", f"{name}-ingress")
    said: dict[str, str] = ingress["metadata"].get("annotations", {}) if ingress else {}
    for key, value in sorted(said.items()):
        if "timeout" in f"{key}{value}":
            return f"{value.rpartition('=')[2].removesuffix('s')} s without a byte"
    return "none: its edge knows no such limit" if ingress else NOTHING_BETWEEN


def _exposure(graph: Graph, name: str) -> str:
    route, ingress = graph.get(":HTTPRoute", f"{name}-route"), graph.get(":Ingress", f"{name}-ingress")
    if route:
        return f"public: https://{listed(route['spec']['hostnames'])}"
    if ingress:
        return f"public: https://{listed(rule['host'] for rule in ingress['spec']['rules'])}"
    if graph.the("core/v1:Service", f"{name}-service")["spec"]["type"] == "LoadBalancer":
        return "public: http, at the load balancer's address"
    return "internal"


def _secrets(container: Body) -> str:
    named = [each["name"] for each in container.get("env", []) if "secretKeyRef" in each.get("valueFrom", {})]
    return f"variables from a Secret: {listed(named)}" if named else NO_SECRETS


def _database(graph: Graph) -> DatabaseFacts:
    operated = graph.get("postgresql.cnpg.io/v1:Cluster", "database")
    single = graph.get("apps/v1:StatefulSet", "database")
    if operated:
        spec = operated["spec"]
        size, image = spec["storage"]["size"], spec["imageName"]
        availability = f"{spec['instances'] - 1} standbys" if spec["instances"] > 1 else "none: one server"
    elif single:
        size = graph.the(":PersistentVolumeClaim", "database-data")["spec"]["resources"]["requests"][
            "storage"
        ]
        image = single["spec"]["template"]["spec"]["containers"][0]["image"]
        availability = "none: one server, restarted elsewhere with its disk"
    else:
        return NO_DATABASE
    return DatabaseFacts(
        what=f"PostgreSQL {version(image)}, {size.removesuffix('Gi')} GiB, does not grow",
        availability=availability,
        backup=_backup(graph),
        encryption=_BYTES_BY_THE_CLUSTER,
    )


def _backup(graph: Graph) -> str:
    job = graph.get("batch/v1:CronJob", "database-backup")
    if job is None:
        return "none: no job makes any"
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    command = cast("list[str]", container["command"])[-1]
    kept = next(line.partition("=")[2] for line in command.splitlines() if line.startswith("BACKUPS_KEPT="))
    return f"{kept} nightly dumps, in the cluster"


def _cache(graph: Graph) -> CacheFacts:
    found = graph.get("apps/v1:StatefulSet", "cache")
    if found is None:
        return NO_CACHE
    (container,) = found["spec"]["template"]["spec"]["containers"]
    memory = next(iter(_words(graph.the(":ConfigMap", "cache-configuration")["data"], "maxmemory")))
    return CacheFacts(
        what=f"Redis {version(container['image'])}, {memory.removesuffix('mb')} MiB",
        availability=missing("redis.replicas", "kubernetes"),
        encryption=_BYTES_BY_THE_CLUSTER,
    )


def _words(files: dict[str, str], key: str) -> Iterator[str]:
    for text in files.values():
        yield from (line.partition(" ")[2] for line in text.splitlines() if line.startswith(f"{key} "))


def _files(graph: Graph) -> dict[str, str]:
    return {
        f"{each.name}/{name}": str(text)
        for each in graph.of_type("core/v1:ConfigMap")
        for name, text in each.inputs.get("data", {}).items()
    }


def _logs_kept(graph: Graph) -> str:
    days = prometheus.retention_days(_files(graph))
    if days:
        return retention(days)
    if graph.get("eks/addon:Addon", "cluster-observability"):
        return "none declared: its add-on sends them to CloudWatch"
    return "none declared: the nodes keep the newest"


def _thresholds(graph: Graph) -> Iterator[str]:
    yield from prometheus.thresholds_of_files(_files(graph))
    for rules in graph.of_type("monitoring.coreos.com/v1:PrometheusRule"):
        yield from prometheus.thresholds(rules.inputs["spec"])
