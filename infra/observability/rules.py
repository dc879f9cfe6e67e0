"""What is recorded, and when somebody is told. Pure.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/,
https://sre.google/workbook/alerting-on-slos/
"""

from collections.abc import Mapping
from typing import TypeAlias

from infra.slo import Slo

Rule: TypeAlias = dict[str, object]

FAST_BURN = 14.4
"""At this multiple of the allowed errors, two per cent of a month's budget are gone within an hour."""
MOST_TOLERATED = 0.5
"""Half of all requests failing is an alarm, however modest the objective is."""
BACKUP_HOURS = 26
"""A day, and the time that a dump and its retries may take."""


def rule_groups(slo: Slo, namespace: str) -> dict[str, object]:
    """All rules of a stack, as a rule file has them; `namespace` is the label that its series carry."""
    groups = {
        "airfield-recorded": recording_rules(namespace),
        "airfield-workloads": workload_alerts(slo, namespace),
        "airfield-data": data_alerts(namespace),
    }
    return {"groups": [{"name": name, "rules": rules} for name, rules in groups.items()]}


def recording_rules(namespace: str) -> list[Rule]:
    """Rates and ratios of each workload, counted once for alerts and dashboards alike."""
    requests = f'http_requests_total{{namespace="{namespace}"}}'
    errors = f'http_requests_total{{namespace="{namespace}",status=~"5.."}}'
    buckets = f'http_request_duration_seconds_bucket{{namespace="{namespace}"}}'
    ratios = {
        f"workload:http_errors:ratio_rate{window}": (
            f"sum by (namespace, workload) (rate({errors}[{window}]))"
            f" / sum by (namespace, workload) (rate({requests}[{window}]))"
        )
        for window in ("5m", "1h")
    }
    recorded = {
        "workload:http_requests:rate5m": f"sum by (namespace, workload) (rate({requests}[5m]))",
        **ratios,
        "workload:http_request_duration_seconds:p95_5m": (
            f"histogram_quantile(0.95, sum by (namespace, workload, le) (rate({buckets}[5m])))"
        ),
    }
    return [{"record": name, "expr": expression} for name, expression in recorded.items()]


def workload_alerts(slo: Slo, namespace: str) -> list[Rule]:
    """What users feel, and pods that do not stay up."""
    own = f'namespace="{namespace}"'
    return [
        *user_alerts(slo, namespace),
        alert(
            "PodCrashLooping",
            f"changes(kube_pod_container_status_restarts_total{{{own}}}[15m]) >= 2",
            severity="critical",
            summary="{{ $labels.pod }} restarts again and again",
            description="Its container {{ $labels.container }} restarted {{ $value }} times in 15 minutes.",
        ),
    ]


def user_alerts(slo: Slo, namespace: str) -> list[Rule]:
    """What users feel: errors, waiting; and replicas that tell nothing."""
    ratio = error_ratio(slo)
    seconds = slo.p95_milliseconds / 1000
    own = f'namespace="{namespace}"'
    return [
        alert(
            "APIHighErrorRate",
            f"workload:http_errors:ratio_rate5m{{{own}}} > {ratio:g}"
            f" and workload:http_errors:ratio_rate1h{{{own}}} > {ratio:g}",
            severity="critical",
            summary="{{ $labels.workload }} fails too many requests",
            description=f"{{{{ $value | humanizePercentage }}}} of its requests failed, not {ratio:.2%}.",
        ),
        alert(
            "APIHighLatency",
            f"workload:http_request_duration_seconds:p95_5m{{{own}}} > {seconds:g}",
            severity="warning",
            summary="{{ $labels.workload }} answers slowly",
            description=f"5 of 100 requests take {{{{ $value | humanizeDuration }}}}, not {seconds:g} s.",
        ),
        alert(
            "TargetDown",
            f"up{{{own}}} == 0",
            severity="warning",
            summary="{{ $labels.pod }} tells no metrics",
            description="Prometheus has not reached it for 5 minutes: nothing else is known of it either.",
        ),
    ]


def data_alerts(namespace: str) -> list[Rule]:
    """What users feel later: a data store that is away, and a dump that is missing on the day of need."""
    own = f'namespace="{namespace}"'
    backups = f'{{{own},cronjob=~".*-backup"}}'
    seconds = BACKUP_HOURS * 3600
    return [
        alert(
            "DatastoreDown",
            f'kube_statefulset_status_replicas_ready{{{own},statefulset=~"database|cache"}} < 1',
            severity="critical",
            summary="{{ $labels.statefulset }} is away",
            description="No pod of it has been ready for 5 minutes.",
        ),
        alert(
            "BackupOverdue",
            f"time() - kube_cronjob_status_last_successful_time{backups} > {seconds}"
            f" or (time() - kube_cronjob_created{backups} > {seconds}"
            f" unless on (namespace, cronjob) kube_cronjob_status_last_successful_time{backups})",
            severity="warning",
            summary="{{ $labels.cronjob }} has not succeeded for a day",
            description="The newest dump is {{ $value | humanizeDuration }} old, or there is none.",
        ),
    ]


def error_ratio(slo: Slo) -> float:
    """The share of failing requests at which somebody is woken."""
    return round(min(FAST_BURN * (100 - slo.availability_percent) / 100, MOST_TOLERATED), 6)


def alert(name: str, expression: str, *, severity: str, **annotations: str) -> Rule:
    """One that has to be true for five minutes."""
    labels: Mapping[str, str] = {"severity": severity}
    return {"alert": name, "expr": expression, "for": "5m", "labels": labels, "annotations": annotations}
