"""Watches a stack and tells an operator. Knows services and a database by name, not what they are for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from infra.gcp.alerts import Alert, cpu, disk, instances, uptime
from infra.gcp.dashboard import dashboard
from infra.gcp.objective import BURNS, burn_alert, goal, indicator, objectives, promise
from infra.observability.burn_rate import MONTH_DAYS
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
    """Objectives, uptime checks, alerts and a dashboard."""

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
        measured: dict[str, dict[str, pulumi.Output[str]]] = {}
        for workload, service in args.services.items():
            measured[workload] = self._measure(workload, service)
            for alert in self._of_service(workload, service):
                self._raise(workload, alert)
        if args.database and database_id is not None:
            for alert in (disk(database_id, args.database.max_storage_gib), cpu(database_id)):
                self._raise("database", alert)
        names = {workload: service.service_name for workload, service in args.services.items()}
        content = pulumi.Output.all(names=names, objectives=measured, database_id=database_id).apply(
            lambda known: dashboard(args.title, known["names"], known["objectives"], known["database_id"])
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

    def _measure(self, workload: str, service: WatchedService) -> dict[str, pulumi.Output[str]]:
        """An objective each for errors and latency, by that word, and what is told of them."""
        args = self._args
        whole = gcp.monitoring.CustomService(
            workload, display_name=f"{args.title}: {workload}", user_labels=args.labels, opts=self._child
        )
        names: dict[str, pulumi.Output[str]] = {}
        for objective in objectives(args.slo):
            names[objective.role] = gcp.monitoring.Slo(
                f"{workload}-{objective.role}",
                service=whole.service_id,
                display_name=promise(objective, args.slo),
                goal=goal(objective),
                rolling_period_days=MONTH_DAYS,
                request_based_sli=indicator(objective, service.service_name, args.slo),
                user_labels=args.labels,
                opts=self._child,
            ).name
            for burn in BURNS:
                slo_name = names[objective.role]
                self._raise(workload, burn_alert(objective, burn, slo_name, service.service_name, args.slo))
        return names

    def _of_service(self, workload: str, service: WatchedService) -> list[Alert]:
        alerts = [instances(service.service_name, service.max_instances)]
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
