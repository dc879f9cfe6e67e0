"""Monitoring of a stack: brought along in its own namespace, or left to the Prometheus Operator."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from infra.kubernetes.database_pods import claim
from infra.kubernetes.labels import metadata
from infra.kubernetes.monitoring_parts import Watched, parts
from infra.kubernetes.monitoring_pods import (
    Part,
    file_keys,
    policy,
    policy_rules,
    service,
    stateful_set,
)
from infra.kubernetes.operated_monitoring import service_monitor
from infra.kubernetes.secret import SecretSource
from infra.observability.rules import rule_groups
from infra.slo import Slo


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledMonitoringArgs:
    """What monitoring is made of."""

    watched: Watched
    namespace: str
    secrets: SecretSource
    webhook_url: pulumi.Input[str] | None
    """Where alerts go; None: nowhere."""
    storage_class: str | None


class BundledMonitoring(pulumi.ComponentResource):
    """Prometheus, Alertmanager, Grafana, Loki, Alloy, Tempo and kube-state-metrics."""

    def __init__(
        self, name: str, args: BundledMonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:kubernetes:BundledMonitoring", name, None, opts)
        secrets: dict[str, Mapping[str, pulumi.Input[str]]] = {
            "grafana": {"password": args.secrets.password("grafana", self)}
        }
        if args.webhook_url is not None:
            secrets["alertmanager"] = {"url": args.webhook_url}
        for part_name, part in parts(args.watched).items():
            part_args = MonitoringPartArgs(
                part=part,
                namespace=args.namespace,
                secret=secrets.get(part_name, {}),
                secrets=args.secrets,
                storage_class=args.storage_class,
            )
            MonitoringPart(part_name, part_args, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPartArgs:
    """What one program is made of."""

    part: Part
    namespace: str
    secret: Mapping[str, pulumi.Input[str]]
    """The values of its Secret; empty: it has none."""
    secrets: SecretSource
    storage_class: str | None


class MonitoringPart(pulumi.ComponentResource):
    """One program, with its files, its rights and its place."""

    def __init__(
        self, name: str, args: MonitoringPartArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:kubernetes:MonitoringPart", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        part, meta = args.part, metadata(name, args.namespace)
        account = k8s.core.v1.ServiceAccount(
            f"{name}-account", metadata=meta, automount_service_account_token=False, opts=child
        )
        needed: list[pulumi.Resource] = [
            account,
            k8s.networking.v1.NetworkPolicy(
                f"{name}-policy", metadata=meta, spec=policy(name, part), opts=child
            ),
        ]
        if part.watches:
            needed += self._rights(name, args)
        if part.files:
            files = k8s.core.v1.ConfigMap(f"{name}-files", metadata=meta, data=file_keys(part), opts=child)
            needed.append(files)
        if args.secret:
            needed += args.secrets.declare(f"{name}-secret", meta, args.secret, child)
        if part.storage_path:
            k8s.core.v1.PersistentVolumeClaim(
                f"{name}-data", metadata=meta, spec=claim(part.storage_gib, args.storage_class), opts=child
            )
        k8s.core.v1.Service(f"{name}-service", metadata=meta, spec=service(name, part), opts=child)
        k8s.apps.v1.StatefulSet(
            name,
            metadata=meta,
            spec=stateful_set(name, part),
            opts=pulumi.ResourceOptions(parent=self, depends_on=needed),
        )
        self.register_outputs({})

    def _rights(self, name: str, args: MonitoringPartArgs) -> list[pulumi.Resource]:
        meta, child = metadata(name, args.namespace), pulumi.ResourceOptions(parent=self)
        role = k8s.rbac.v1.Role(f"{name}-role", metadata=meta, rules=policy_rules(args.part), opts=child)
        binding = k8s.rbac.v1.RoleBinding(
            f"{name}-binding",
            metadata=meta,
            role_ref=k8s.rbac.v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=name),
            subjects=[k8s.rbac.v1.SubjectArgs(kind="ServiceAccount", name=name, namespace=args.namespace)],
            opts=child,
        )
        return [role, binding]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatedMonitoringArgs:
    """What the Prometheus Operator is told."""

    slo: Slo
    namespace: str
    metrics_paths: Mapping[str, str]
    """Workloads that have metrics, and the path of each."""


class OperatedMonitoring(pulumi.ComponentResource):
    """A ServiceMonitor for each workload with metrics, and the rules."""

    def __init__(
        self, name: str, args: OperatedMonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:kubernetes:OperatedMonitoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for workload, path in args.metrics_paths.items():
            k8s.apiextensions.CustomResource(
                f"{workload}-monitor",
                api_version="monitoring.coreos.com/v1",
                kind="ServiceMonitor",
                metadata=metadata(workload, args.namespace),
                spec=service_monitor(workload, path),
                opts=child,
            )
        k8s.apiextensions.CustomResource(
            name,
            api_version="monitoring.coreos.com/v1",
            kind="PrometheusRule",
            metadata=metadata("airfield", args.namespace),
            spec=rule_groups(args.slo, args.namespace),
            opts=child,
        )
        self.register_outputs({})
