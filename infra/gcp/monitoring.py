"""Watches a stack and tells an operator. Knows services and a database by name, not what they are for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.alerts import Alert, cpu, disk, errors, instances, latency, uptime
from infra.gcp.dashboard import dashboard
from infra.slo import Slo


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedService:
    """A Cloud Run service."""

    service_name: pulumi.Input[str]
    max_instances: int
    host: pulumi.Input[str] | None
    """Where the internet reaches it; None: it does not."""
    path: str
    """Answers 200 while it is alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedDatabase:
    """A Cloud SQL instance."""

    instance_name: pulumi.Input[str]
    max_storage_gib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringArgs:
    """What is watched, and who is told."""

    project: str
    title: str
    services: Mapping[str, WatchedService]
    """By the workload's name."""
    database: WatchedDatabase | None
    slo: Slo
    email: str | None
    """Who is told; None: nobody by e-mail."""
    channels: Sequence[str]
    """Who is told by other means: channels that exist, whose keys the console keeps."""
    labels: Mapping[str, str]


class Monitoring(pulumi.ComponentResource):
    """Uptime checks, alerts and a dashboard."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Monitoring", name, None, opts)
        self._child, self._args = pulumi.ResourceOptions(parent=self), args
        self._channels: list[pulumi.Input[str]] = [
            *args.channels,
            *(self._tell(name, args.email) if args.email else ()),
        ]
        database_id = (
            pulumi.Output.concat(args.project, ":", args.database.instance_name) if args.database else None
        )
        for workload, service in args.services.items():
            for alert in self._of_service(workload, service):
                self._raise(workload, alert)
        if args.database and database_id is not None:
            for alert in (disk(database_id, args.database.max_storage_gib), cpu(database_id)):
                self._raise("database", alert)
        names = {workload: service.service_name for workload, service in args.services.items()}
        content = pulumi.Output.all(names=names, database_id=database_id).apply(
            lambda known: dashboard(args.title, known["names"], known["database_id"])
        )
        gcp.monitoring.Dashboard(name, dashboard_json=pulumi.Output.json_dumps(content), opts=self._child)
        self.register_outputs({})

    def _tell(self, name: str, email: str) -> Sequence[pulumi.Output[str]]:
        channel = gcp.monitoring.NotificationChannel(
            f"{name}-email",
            display_name=f"{self._args.title}: {email}",
            type="email",
            labels={"email_address": email},
            user_labels=self._args.labels,
            opts=self._child,
        )
        return [channel.name]

    def _of_service(self, workload: str, service: WatchedService) -> list[Alert]:
        alerts = [
            errors(service.service_name, self._args.slo),
            latency(service.service_name, self._args.slo),
            instances(service.service_name, service.max_instances),
        ]
        if service.host is None:
            return alerts
        return [*alerts, uptime(self._check(workload, service.host, service.path))]

    def _check(self, workload: str, host: pulumi.Input[str], path: str) -> pulumi.Output[str]:
        return gcp.monitoring.UptimeCheckConfig(
            workload,
            display_name=f"{self._args.title}: {workload}",
            period="60s",
            timeout="10s",
            http_check=gcp.monitoring.UptimeCheckConfigHttpCheckArgs(
                path=path, port=443, use_ssl=True, validate_ssl=True, request_method="GET"
            ),
            monitored_resource=gcp.monitoring.UptimeCheckConfigMonitoredResourceArgs(
                type="uptime_url", labels={"project_id": self._args.project, "host": host}
            ),
            user_labels=self._args.labels,
            opts=self._child,
        ).uptime_check_id

    def _raise(self, subject: str, alert: Alert) -> None:
        gcp.monitoring.AlertPolicy(
            f"{subject}-{alert.role}",
            display_name=f"{self._args.title}: {subject}: {alert.title}",
            combiner="AND",
            conditions=alert.conditions,
            severity=alert.severity,
            notification_channels=self._channels,
            documentation=gcp.monitoring.AlertPolicyDocumentationArgs(
                content=alert.advice, mime_type="text/markdown"
            ),
            alert_strategy=gcp.monitoring.AlertPolicyAlertStrategyArgs(auto_close="1800s"),
            user_labels=self._args.labels,
            opts=self._child,
        )
