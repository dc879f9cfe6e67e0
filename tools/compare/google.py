"""Reads what a stack comes to on Google Cloud, from what is declared there. Pure."""

from collections.abc import Iterator

from tools.compare.facts import (
    NO_ALERTS,
    NO_CACHE,
    NO_DATABASE,
    NO_SECRETS,
    CacheFacts,
    DatabaseFacts,
    Facts,
    WorkloadFacts,
    facts,
    listed,
    missing,
    number,
    of_each,
    probe_seconds,
    retention,
)
from tools.declared import Body, Graph


def on_gcp(graph: Graph) -> Facts:
    """The whole stack."""
    buckets = graph.of_type("logging/projectBucketConfig:ProjectBucketConfig")
    return facts(
        of_each(graph, "airfield:gcp:CloudRunService", _workload),
        _database(graph),
        _cache(graph),
        logs_kept=listed(retention(each.inputs["retentionDays"]) for each in buckets),
        alerts=listed(_thresholds(graph)) or NO_ALERTS,
    )


def _workload(graph: Graph, name: str) -> WorkloadFacts:
    service = graph.the("cloudrunv2/service:Service", name)
    template = service["template"]
    (container,) = template["containers"]
    limits, scaling = container["resources"]["limits"], template["scaling"]
    secrets = [each["name"] for each in container.get("envs", []) if "valueSource" in each]
    return WorkloadFacts(
        cpu=f"{_millicores(limits['cpu'])} millicores",
        memory=f"{limits['memory'].removesuffix('Mi')} MiB",
        replicas=f"{scaling['minInstanceCount']} to {scaling['maxInstanceCount']}",
        concurrency=f"{template['maxInstanceRequestConcurrency']} requests at once",
        request_timeout=f"{template['timeout'].removesuffix('s')} s",
        drain=missing("workload.drain_seconds", "gcp"),
        start_up=probe_seconds(container["startupProbe"]),
        liveness=probe_seconds(container["livenessProbe"]),
        readiness=f"none: {container['startupProbe']['httpGet']['path']} is asked until it has started",
        exposure=_exposure(graph, name, service["ingress"]),
        secrets=f"variables from Secret Manager: {listed(secrets)}" if secrets else NO_SECRETS,
    )


def _millicores(cpu: str) -> int:
    return int(cpu.removesuffix("m")) if cpu.endswith("m") else round(float(cpu) * 1000)


def _exposure(graph: Graph, name: str, ingress: str) -> str:
    if ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY":
        return "internal"
    certificate = graph.get("compute/managedSslCertificate:ManagedSslCertificate", name)
    if certificate:
        return f"public: https://{listed(certificate['managed']['domains'])}"
    return "public: https, at the service's own name"


def _database(graph: Graph) -> DatabaseFacts:
    found = graph.get("sql/databaseInstance:DatabaseInstance", "database")
    if found is None:
        return NO_DATABASE
    settings = found["settings"]
    return DatabaseFacts(
        what=(
            f"PostgreSQL {found['databaseVersion'].removeprefix('POSTGRES_')}, {settings['diskSize']} GiB,"
            f" grows to {settings['diskAutoresizeLimit']}"
        ),
        availability="standby in another zone"
        if settings["availabilityType"] == "REGIONAL"
        else "none: one server, in one zone",
        backup=_backup(settings["backupConfiguration"]),
        encryption="own KMS key" if found.get("encryptionKeyName") else "Google's own keys",
    )


def _backup(kept: Body) -> str:
    daily = retention(kept["backupRetentionSettings"]["retainedBackups"])
    return f"one a day, {daily}; any second of {retention(kept['transactionLogRetentionDays'])}"


def _cache(graph: Graph) -> CacheFacts:
    found = graph.get("redis/instance:Instance", "cache")
    if found is None:
        return NO_CACHE
    version = found["redisVersion"].removeprefix("REDIS_").replace("_", ".")
    return CacheFacts(
        what=f"Redis {version}, {found['memorySizeGb']} GiB",
        availability=f"{found['replicaCount']} copies, one takes over"
        if found["tier"] == "STANDARD_HA"
        else "none: one server",
        encryption="Google's own keys, TLS"
        if found["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
        else "none: plain on its way",
    )


def _thresholds(graph: Graph) -> Iterator[str]:
    for objective in graph.of_type("monitoring/slo:Slo"):
        yield f"{objective.name}: {objective.inputs['displayName']}"
    for policy in graph.of_type("monitoring/alertPolicy:AlertPolicy"):
        limits = {
            number(condition["conditionThreshold"]["thresholdValue"])
            for condition in policy.inputs["conditions"]
        }
        yield f"{policy.name} > {' and '.join(sorted(limits))}"
