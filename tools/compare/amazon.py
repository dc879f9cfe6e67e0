"""Reads what a stack comes to on AWS, and its data stores on EKS, from what is declared there. Pure."""

import json
from collections.abc import Iterator
from typing import cast

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
    listed,
    number,
    of_each,
    retention,
)
from tools.declared import Body, Graph

_UNITS_A_CPU = 1024
_SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": "≥",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}


def on_aws(graph: Graph) -> Facts:
    """The whole stack."""
    groups = {
        graph.the("cloudwatch/logGroup:LogGroup", name)["retentionInDays"]
        for name in graph.names("aws:FargateService")
    }
    return facts(
        of_each(graph, "airfield:aws:FargateService", _workload),
        database(graph),
        cache(graph),
        logs_kept=listed(retention(days) for days in groups),
        alerts=alerts(graph),
    )


def _workload(graph: Graph, name: str) -> WorkloadFacts:
    task = graph.the("ecs/taskDefinition:TaskDefinition", name)
    containers = cast("list[Body]", json.loads(task["containerDefinitions"]))
    container = next(each for each in containers if each["name"] == name)
    target = graph.the("appautoscaling/target:Target", name)
    alive = container["healthCheck"]
    public = graph.get("lb/targetGroup:TargetGroup", name)
    return WorkloadFacts(
        cpu=f"{int(task['cpu']) * 1000 // _UNITS_A_CPU} millicores",
        memory=f"{task['memory']} MiB",
        replicas=f"{target['minCapacity']} to {target['maxCapacity']}",
        concurrency=_concurrency(graph, name),
        request_timeout=f"{graph.the('lb/loadBalancer:LoadBalancer', name)['idleTimeout']} s without a byte"
        if public
        else NOTHING_BETWEEN,
        drain=f"{container['stopTimeout']} s",
        start_up=f"{alive['startPeriod']} s",
        liveness=f"{alive['interval'] * alive['retries']} s",
        readiness=f"{public['healthCheck']['interval'] * public['healthCheck']['unhealthyThreshold']} s"
        if public
        else "none: callers meet whatever is alive",
        exposure=_exposure(graph, name) if public else "internal",
        secrets=f"variables from Secrets Manager: {listed(each['name'] for each in container['secrets'])}"
        if container.get("secrets")
        else NO_SECRETS,
    )


def _concurrency(graph: Graph, name: str) -> str:
    policy = graph.get("appautoscaling/policy:Policy", f"{name}-requests")
    if policy is None:
        return "none: nothing counts the requests of a task"
    held = policy["targetTrackingScalingPolicyConfiguration"]["targetValue"]
    return f"none: tasks are added at {number(held)} requests a minute each"


def _exposure(graph: Graph, name: str) -> str:
    secure = graph.the("lb/listener:Listener", name)["protocol"] == "HTTPS"
    certificate = graph.get("acm/certificate:Certificate", name)
    if secure and certificate:
        return f"public: https://{certificate['domainName']}"
    return "public: http, at the balancer's own name"


def database(graph: Graph) -> DatabaseFacts:
    """RDS, if there is one."""
    found = graph.get("rds/instance:Instance", "database")
    if found is None:
        return NO_DATABASE
    return DatabaseFacts(
        what=(
            f"PostgreSQL {found['engineVersion']}, {found['allocatedStorage']} GiB,"
            f" grows to {found.get('maxAllocatedStorage', found['allocatedStorage'])}"
        ),
        availability="standby in another zone" if found["multiAz"] else "none: one server, in one zone",
        backup=f"any second of {retention(found['backupRetentionPeriod'])}",
        encryption="own KMS key"
        if found["storageEncrypted"] and found.get("kmsKeyId")
        else "none: plain disks",
    )


def cache(graph: Graph) -> CacheFacts:
    """ElastiCache, if there is one."""
    found = graph.get("elasticache/replicationGroup:ReplicationGroup", "cache")
    if found is None:
        return NO_CACHE
    return CacheFacts(
        what=f"{found['engine'].title()} {found['engineVersion']}, {found['nodeType']}",
        availability=f"{found['numCacheClusters'] - 1} copies, one takes over"
        if found["automaticFailoverEnabled"]
        else "none: one server",
        encryption="own KMS key, TLS"
        if found["atRestEncryptionEnabled"] and found["transitEncryptionEnabled"]
        else "none: plain",
    )


def alerts(graph: Graph) -> str:
    """What each alarm rings at."""
    return listed(_thresholds(graph)) or NO_ALERTS


def _thresholds(graph: Graph) -> Iterator[str]:
    both = set(graph.names("cloudwatch/compositeAlarm:CompositeAlarm"))
    found: dict[str, str] = {}
    for alarm in graph.of_type("cloudwatch/metricAlarm:MetricAlarm"):
        sign = _SIGNS[alarm.inputs["comparisonOperator"]]
        # The windows of an alert share its name and its threshold.
        alert = alarm.name.rpartition("-")[0]
        found[alert if alert in both else alarm.name] = f"{sign} {number(alarm.inputs['threshold'])}"
    yield from (f"{name} {limit}" for name, limit in found.items())
